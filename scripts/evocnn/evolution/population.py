"""Populations and offspring as files, and what one generation leaves to the next."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evocnn.evolution.individual import Individual, decode_individual, encode_individual
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
    """An individual with its score in percent."""

    individual: Individual
    score: float


@dataclass(frozen=True)
class Population:
    """What `select` leaves.

    Attributes:
        generation: its number, from 0.
        survivors: best first.
        statistics: of this generation's offspring and of the survivors.
        tried: all network ids trained so far, sorted.
    """

    generation: int
    survivors: tuple[Survivor, ...]
    statistics: dict[str, Any]
    tried: tuple[str, ...]


def write_offspring(path: Path, offspring: Offspring, space: Space) -> None:
    """Write an offspring file."""
    individuals = [encode_individual(individual, space) for individual in offspring.individuals]
    document = {"generation": offspring.generation, "redrawn": offspring.redrawn, "individuals": individuals}
    write_json(path, "offspring", document)


def read_offspring(path: Path, space: Space) -> Offspring:
    """Read an offspring file.

    Raises:
        ValueError: the file is damaged, or was bred in another space.
    """
    document = read_json(path, "offspring", Offspring.__dataclass_fields__)
    individuals = tuple(_decode(path, row, space) for row in document["individuals"])
    return Offspring(document["generation"], individuals, dict(document["redrawn"]))


def write_population(path: Path, population: Population, space: Space) -> None:
    """Write a population file."""
    survivors = [{"score": s.score, **encode_individual(s.individual, space)} for s in population.survivors]
    write_json(path, "population", {**asdict(population), "tried": list(population.tried), "survivors": survivors})


def read_population(path: Path, space: Space) -> Population:
    """Read a population file.

    Raises:
        ValueError: the file is damaged, or was bred in another space.
    """
    document = read_json(path, "population", Population.__dataclass_fields__)
    survivors = tuple(Survivor(_decode(path, row, space), row["score"]) for row in document["survivors"])
    return Population(document["generation"], survivors, dict(document["statistics"]), tuple(document["tried"]))


def _decode(path: Path, row: dict[str, Any], space: Space) -> Individual:
    try:
        return decode_individual(row, space)
    except (KeyError, ValueError) as error:
        remedy = "name a new experiment, or put the space file back"
        raise ValueError(f"{path}: the genomes do not belong to the space: {error}; {remedy}") from error
