"""Breed and select, from files to files."""

from collections.abc import Sequence
from pathlib import Path

from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Limits, Requirements, expression
from evocnn.evolution.fitness import read_fitness
from evocnn.evolution.inheritance import forget_weights, keep_weights
from evocnn.evolution.population import read_offspring, read_population, write_offspring, write_population
from evocnn.evolution.selection import select
from evocnn.evolution.settings import Settings
from evocnn.labels import read_labels
from evocnn.space.space_file import read_space


def breed_generation(
    output: Path,
    *,
    space: Path,
    labels: Path,
    population: Path | None,
    in_flight: Sequence[Path],
    generation: int,
    count: int,
    seed: int,
    input_size: int,
    batch_size: int,
    remat: bool,
    limits: Limits,
    settings: Settings,
) -> None:
    """Write the offspring of a generation; see `breed`.

    Args:
        output: offspring file to write.
        space: space file.
        labels: labels file.
        population: the parents' file; None for founders.
        in_flight: offspring files of the generations between the parents and this one.
        generation: number of the generation.
        count: how many individuals.
        seed: of the run.
        input_size: side of the networks' input in pixels.
        batch_size: people per training step.
        remat: whether training recomputes segments; see `cost`.
        limits: what a network may cost.
        settings: how individuals are proposed.
    """
    declared, predicted = read_space(space), read_labels(labels)
    offspring = breed(
        declared,
        expression(declared, Requirements(input_size, predicted.outputs, predicted.task, batch_size, remat)),
        limits,
        settings,
        generation=generation,
        count=count,
        seed=seed,
        parents=read_population(population, declared) if population else None,
        in_flight=[read_offspring(path, declared) for path in in_flight],
    )
    write_offspring(output, offspring, declared)


def select_generation(
    output: Path,
    *,
    space: Path,
    offspring: Path,
    fitness: Sequence[Path],
    population: Path | None,
    settings: Settings,
    weights: Path | None = None,
    weights_from: Sequence[Path] = (),
    outlived: Sequence[Path] = (),
) -> None:
    """Write the population of a generation; see `select`.

    The weights of the survivors are kept, and those that nobody is to start from any more are forgotten when all is
    written.

    Args:
        output: population file to write.
        space: space file.
        offspring: offspring file of the generation.
        fitness: fitness files of its individuals, in their order.
        population: file of the population before; None in generation 0.
        settings: how to choose.
        weights: folder to keep the survivors' weights in; None where nobody inherits.
        weights_from: folders that they are in.
        outlived: folders that all who were to start from them have started from.
    """
    declared = read_space(space)
    selected = select(
        read_offspring(offspring, declared),
        [read_fitness(path) for path in fitness],
        read_population(population, declared) if population else None,
        declared,
        settings,
    )
    if weights is not None:
        keep_weights(weights, [survivor.individual.network_id for survivor in selected.survivors], weights_from)
    write_population(output, selected, declared)
    forget_weights(outlived)
