"""Populations and offspring as files, and what one generation leaves to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evocnn.evolution.individual import Individual, decode_individual, encode_individual
from evocnn.evolution.origin import check_generation
from evocnn.files import read_json, write_json
from evocnn.space.space import Space


@dataclass(frozen=True)
class Offspring:
    """What `breed` proposes.

    Attributes:
        generation: its number, from 0.
        individuals: to be trained, all with different networks.
        redrawn: genomes thrown away while breeding, by reason: "limits", "duplicate".
    """

    generation: int
    individuals: tuple[Individual, ...]
    redrawn: dict[str, int]


@dataclass(frozen=True)
class Survivor:
    """Attributes:
    individual: who survived.
    score: in percent.
    objectives: what selection compares, each maximised; the first one says who is best.
    course: the first objective after each rung that it has reached; only of those who were trained just now.
    scores: after the same rungs.
    """

    individual: Individual
    score: float
    objectives: tuple[float, ...]
    course: tuple[float, ...] = ()
    scores: tuple[float, ...] = ()


@dataclass(frozen=True)
class Population:
    """What `select` leaves.

    Attributes:
        generation: its number, from 0.
        best: of all so far, by the first objective.
        survivors: in the order of the strategy, best first.
        statistics: of this generation's offspring and of the survivors.
        state: what the strategy remembers, as JSON; `since` is the generation of the last better one or restart, and
            `operators` how many children each operator has had, and how many survived.
        tried: all network ids trained so far, sorted.
        settings: that all trainings so far were made with; see `common_settings`.
    """

    generation: int
    best: Survivor
    survivors: tuple[Survivor, ...]
    statistics: dict[str, Any]
    state: dict[str, Any]
    tried: tuple[str, ...]
    settings: dict[str, Any] = field(default_factory=dict)


def write_offspring(path: Path, offspring: Offspring, space: Space) -> None:
    """Write an offspring file."""
    individuals = [encode_individual(individual, space) for individual in offspring.individuals]
    document = {"generation": offspring.generation, "redrawn": offspring.redrawn, "individuals": individuals}
    write_json(path, "offspring", document)


def read_offspring(path: Path, space: Space) -> Offspring:
    """Read an offspring file.

    Raises:
        ValueError: the file is damaged, of another generation than its folder, or was bred in another space.
    """
    document = read_json(path, "offspring", Offspring.__dataclass_fields__)
    check_generation(path, document["generation"])
    individuals = tuple(_decode(path, row, space) for row in document["individuals"])
    return Offspring(document["generation"], individuals, dict(document["redrawn"]))


def write_population(path: Path, population: Population, space: Space) -> None:
    """Write a population file."""
    document = {
        "generation": population.generation,
        "best": _encode(population.best, space),
        "survivors": [_encode(survivor, space) for survivor in population.survivors],
        "statistics": population.statistics,
        "state": population.state,
        "tried": list(population.tried),
        "settings": population.settings,
    }
    write_json(path, "population", document)


def read_population(path: Path, space: Space, bred: Mapping[str, Individual] | None = None) -> Population:
    """Read a population file.

    Args:
        path: of the file.
        space: that its genomes belong to.
        bred: individuals that were read from offspring files, by network id: a report reads each only once.

    Raises:
        ValueError: the file is damaged, of another generation than its folder, or was bred in another space.
    """
    document = read_json(path, "population", Population.__dataclass_fields__)
    check_generation(path, document["generation"])
    known = bred or {}
    best, *survivors = (
        Survivor(known.get(row["network_id"]) or _decode(path, row, space), row["score"], tuple(row["objectives"]))
        for row in (document["best"], *document["survivors"])
    )
    return Population(
        document["generation"],
        best,
        tuple(survivors),
        dict(document["statistics"]),
        dict(document["state"]),
        tuple(document["tried"]),
        dict(document["settings"]),
    )


def _encode(survivor: Survivor, space: Space) -> dict[str, Any]:
    measured = {"score": survivor.score, "objectives": list(survivor.objectives)}
    return {**measured, **encode_individual(survivor.individual, space)}


def _decode(path: Path, row: dict[str, Any], space: Space) -> Individual:
    try:
        return decode_individual(row, space)
    except (KeyError, ValueError) as error:
        remedy = "name a new experiment, or put the space file back"
        raise ValueError(f"{path}: the genomes do not belong to the space: {error}; {remedy}") from error
