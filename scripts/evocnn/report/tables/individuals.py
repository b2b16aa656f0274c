"""All individuals and all generations of a run as two tables."""

from collections.abc import Collection, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import pandas as pd

from evocnn.csv_files import read_csv
from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring, Population, read_offspring, read_population
from evocnn.files import replacing
from evocnn.space.space_file import read_space

DECIMALS = 3
"""Of scores in percent and of times in seconds: finer differences are noise."""

IDENTIFIERS = ("network_id", "parents", "best_network_id")
"""Columns that stay text: an id of digits alone, or such as 12345e678901, would become a number."""

MAY_LACK = ("epochs", "best_epoch", "peak_memory_mb", "peak_gpu_memory_mb", "rung")
"""Whole numbers that a failed training, one on a CPU, or a search without rungs does not have."""


def write_tables(
    individuals: Path,
    generations: Path,
    *,
    space: Path,
    offspring: Sequence[Path],
    populations: Sequence[Path],
    fitness: Sequence[Path],
) -> None:
    """Write a row per individual and a row per generation, both as CSV.

    Args:
        individuals: table to write: origin, score in percent, effort and cost of each individual, and its genes, a
            column each; see `Space.gene_names`.
        generations: table to write: what each generation has tried and reached, scores in percent.
        space: space file.
        offspring: offspring files, generation by generation.
        populations: population files of the same generations.
        fitness: fitness files, generation by generation and in the order of their individuals.

    Raises:
        ValueError: a file is damaged, one is missing or too many, or a fitness belongs to another network.
    """
    declared = read_space(space, own_code=False)
    bred = [read_offspring(path, declared) for path in offspring]
    selected = [read_population(path, declared) for path in populations]
    _check_generations(bred, selected)
    measured = _match(bred, fitness)
    survivors = {survivor.individual.network_id for survivor in selected[-1].survivors}
    _write(individuals, individuals_table(list(chain(*measured)), survivors, declared.gene_names))
    _write(generations, pd.DataFrame([generation_row(o, p) for o, p in zip(bred, selected, strict=True)]))


def individuals_table(
    measured: Sequence[tuple[Individual, Fitness]], survivors: Collection[str], genes: Sequence[str]
) -> pd.DataFrame:
    """A row per individual and a column per measurement and per gene.

    Args:
        measured: individuals, and how their trainings ended.
        survivors: network ids of the last population.
        genes: see `Space.gene_names`.
    """
    rows = [individual_row(individual, outcome, individual.network_id in survivors) for individual, outcome in measured]
    table = pd.DataFrame(rows).astype(dict.fromkeys(MAY_LACK, "Int64")) if rows else pd.DataFrame()
    genomes = pd.DataFrame([individual.genome for individual, _ in measured], columns=list(genes), dtype=object)
    return pd.concat([table, genomes], axis=1)


def read_table(path: Path) -> pd.DataFrame:
    """Read a table of `write_tables`, network ids as text."""
    return read_csv(path, (), dict.fromkeys(IDENTIFIERS, str))


def _check_generations(bred: Sequence[Offspring], selected: Sequence[Population]) -> None:
    left, right = [o.generation for o in bred], [p.generation for p in selected]
    if left != right or not left:
        raise ValueError(f"offspring of the generations {left}, populations of {right}: expected the same, one or more")


def _match(bred: Sequence[Offspring], fitness: Sequence[Path]) -> list[list[tuple[Individual, Fitness]]]:
    """Pair individuals with their fitness, generation by generation."""
    groups = [list(paths) for _, paths in groupby(fitness, key=lambda path: path.parents[1])]
    count = sum(len(offspring.individuals) for offspring in bred)
    fits = len(groups) == len(bred) and all(
        len(paths) >= len(o.individuals)
        and all(read_fitness(path).status == "exhausted" for path in paths[len(o.individuals) :])
        for paths, o in zip(groups, bred, strict=True)
    )
    if not fits:
        raise ValueError(f"found {len(fitness)} fitness files of {count} individuals; expected one for each")
    return [
        [(individual, _read_of(individual, path)) for individual, path in zip(o.individuals, paths, strict=False)]
        for o, paths in zip(bred, groups, strict=True)
    ]


def _read_of(individual: Individual, path: Path) -> Fitness:
    fitness = read_fitness(path)
    owner = fitness.provenance.get("network_id")
    if owner != individual.network_id:
        raise ValueError(
            f"{path}: generation {individual.generation}, individual {individual.number}: the fitness is of network "
            f"{owner}, expected {individual.network_id}; delete {path} and run snakemake again"
        )
    return fitness


def individual_row(individual: Individual, fitness: Fitness, survived: bool) -> dict[str, Any]:
    """The row of an individual in the table.

    Args:
        individual: that was trained.
        fitness: of its training.
        survived: whether it is in the last population.
    """
    # A training that failed may lack any measurement; its cell stays empty.
    training, seconds = fitness.training, fitness.training.get("seconds")
    return {
        "generation": individual.generation,
        "individual": individual.number,
        "network_id": individual.network_id,
        "status": fitness.status,
        "score": fitness.objectives["score"],
        "standard_error": fitness.metrics.get("standard_error"),
        "epochs": training.get("epochs"),
        "best_epoch": training.get("best_epoch"),
        "rung": training.get("rung"),
        "seconds": sum(seconds.values()) if seconds else None,
        "samples_per_second": training.get("samples_per_second"),
        "peak_memory_mb": training.get("peak_memory_mb"),
        "peak_gpu_memory_mb": training.get("peak_gpu_memory_mb"),
        "params": individual.cost.params,
        "macs": individual.cost.macs,
        "memory_mb": individual.cost.memory_mb,
        "gpu_memory_mb": individual.cost.gpu_memory_mb,
        "latency_ms": fitness.metrics.get("latency_ms"),
        "operator": individual.operator,
        "parents": " ".join(individual.parents),
        "survived": survived,
        **fitness.metrics.get("groups", {}),
    }


def generation_row(offspring: Offspring, population: Population) -> dict[str, Any]:
    """The row of a generation in the table, from what was bred and what was selected."""
    statistics = population.statistics
    of_offspring = statistics["offspring"] or {}  # None where no training ended well
    return {
        "generation": population.generation,
        "trained": len(offspring.individuals),
        "ok": statistics["outcomes"].get("ok", 0),
        "offspring_best": of_offspring.get("best"),
        "offspring_median": of_offspring.get("median"),
        "best": statistics["survivors"]["best"],
        "median": statistics["survivors"]["median"],
        "spread": statistics["survivors"]["spread"],
        "diversity_of_genes": statistics["diversity"]["genes"],
        "diversity_of_operations": statistics["diversity"]["operations"],
        "hypervolume": statistics.get("hypervolume"),
        "restarted": statistics["restarted"],
        "accepted": statistics["accepted"],
        "redrawn_limits": offspring.redrawn.get("limits", 0),
        "redrawn_duplicate": offspring.redrawn.get("duplicate", 0),
        "best_network_id": population.best.individual.network_id,
    }


def _write(path: Path, table: pd.DataFrame) -> None:
    with replacing(path) as temporary:
        table.round(DECIMALS).to_csv(temporary, index=False, lineterminator="\n")
