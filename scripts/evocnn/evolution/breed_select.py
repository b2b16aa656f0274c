"""Breed and select, from files to files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evocnn.evolution.breeding import breed
from evocnn.evolution.comparable import common_settings
from evocnn.evolution.expression import Requirements, expressed_network, expression
from evocnn.evolution.fitness import read_fitness
from evocnn.evolution.founders import read_founders
from evocnn.evolution.origin import check_keys
from evocnn.evolution.population import read_offspring, read_population, write_offspring, write_population
from evocnn.evolution.rungs import remove_outgrown
from evocnn.evolution.selection import select
from evocnn.evolution.settings import EvolutionSettings, Limits
from evocnn.inheritance.files import delete_weights, store_weights
from evocnn.labels import read_labels
from evocnn.space.network_file import write_networks
from evocnn.space.space_file import read_space


def breed_generation(
    output: Path,
    *,
    networks: Path,
    space: Path,
    labels: Path,
    population: Path | None,
    in_flight: Sequence[Path],
    founders: Sequence[Path],
    generation: int,
    count: int,
    seed: int,
    input_size: int,
    batch_size: int,
    remat: bool,
    precision: str,
    xla: bool,
    limits: Limits,
    settings: EvolutionSettings,
) -> None:
    """Write the offspring of a generation, see `breed`, and their networks.

    Args:
        output: offspring file to write.
        networks: file of networks to write.
        space: space file.
        labels: labels file.
        population: the parents' file; None for founders.
        in_flight: offspring files of the generations between the parents and this one.
        founders: files of genomes to begin with; see `read_founders`.
        generation: number of the generation.
        count: how many individuals.
        seed: of the run.
        input_size: side of the networks' input in pixels.
        batch_size: people per training step.
        remat: whether training recomputes segments; see `cost`.
        precision: number format of trainings; see `cost`.
        xla: whether XLA compiles their steps; see `cost`.
        limits: what a network may cost.
        settings: how individuals are proposed.
    """
    declared, predicted = read_space(space), read_labels(labels)
    required = Requirements(input_size, predicted.outputs, predicted.task, batch_size, remat, precision, xla)
    offspring = breed(
        declared,
        expression(declared, required),
        limits,
        settings,
        generation=generation,
        count=count,
        seed=seed,
        parents=read_population(population, declared) if population else None,
        in_flight=[read_offspring(path, declared) for path in in_flight],
        given=read_founders(founders, declared),
    )
    write_networks(networks, [expressed_network(i.genome, declared, required) for i in offspring.individuals])
    write_offspring(output, offspring, declared)


def select_generation(
    output: Path,
    *,
    space: Path,
    offspring: Path,
    fitness: Sequence[Path],
    population: Path | None,
    settings: EvolutionSettings,
    jobs: Mapping[str, float | None] | None = None,
    weights: Path | None = None,
    weights_from: Sequence[Path] = (),
    outlived: Sequence[Path] = (),
) -> None:
    """Write the population of a generation; see `select`.

    Outcomes that a lower limit made are removed instead, so that their trainings are tried again.

    The weights of the survivors are stored. Weights that no child needs any more are deleted at the end.

    Args:
        output: population file to write.
        space: space file.
        offspring: offspring file of the generation.
        fitness: fitness files of its individuals, in their order.
        population: file of the population before; None in generation 0.
        settings: how to choose.
        jobs: limits of trainings, by key of the section `jobs`; None for those of the files.
        weights: folder for the survivors' weights; None where weights are not inherited.
        weights_from: folders that they are in.
        outlived: folders of weights that no child needs any more.

    Raises:
        RuntimeError: outcomes were removed, or no training ended well.
        ValueError: a file is damaged or of another training, or trainings were made with other settings; see
            `common_settings`.
    """
    declared = read_space(space)
    trained = [(path, read_fitness(path)) for path in fitness]
    check_keys(trained)
    parents = read_population(population, declared) if population else None
    remove_outgrown(trained, jobs or {})
    compared = common_settings(trained, (population, parents.settings) if population and parents else None)
    selected = select(
        read_offspring(offspring, declared), [outcome for _, outcome in trained], parents, declared, settings
    )
    selected = replace(selected, settings=compared)
    if weights is not None:
        store_weights(weights, [survivor.individual.network_id for survivor in selected.survivors], weights_from)
    write_population(output, selected, declared)
    delete_weights(outlived)
