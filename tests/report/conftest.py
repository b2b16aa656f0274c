"""A hand-made run of two generations: real genomes of the tiny space, invented fitness."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Limits, Requirements, expression
from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.evolution.population import Offspring, Population, write_offspring, write_population
from evocnn.evolution.selection import select
from evocnn.evolution.settings import Settings
from evocnn.files import write_json
from evocnn.space.space_file import read_space

ROOT = Path(__file__).parents[2]
GROUPS = ("head", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
SCORES = ((40.0, 20.0, None), (30.0, 50.5, 10.0))
"""Per generation and individual, in percent; None for a training that diverged."""


@dataclass(frozen=True)
class Run:
    """Files of a run, and what they hold."""

    folder: Path
    space: Path
    labels: Path
    offspring_files: list[Path]
    population_files: list[Path]
    fitness_files: list[Path]
    offspring: list[Offspring]
    populations: list[Population]
    floors: Path


def invented(network_id: str, score: float | None) -> Fitness:
    metrics = {"mean": score, "standard_error": 1.25, "per_joint": {}, "groups": dict.fromkeys(GROUPS, score)}
    return Fitness(
        status="diverged" if score is None else "ok",
        objectives={"score": score or 0.0},
        metrics={} if score is None else metrics,
        cost={"params": 1234567, "macs": 2500000, "memory_mb": 900},
        training={
            "epochs": 3,
            "best_epoch": None if score is None else 2,
            "seconds": {"prepare": 1.5, "fit": 10.25, "score": 0.5},
            "samples_per_second": 150.5,
            "peak_memory_mb": 812,
        },
        provenance={"network_id": network_id},
    )


def score(mean: float | None) -> dict:
    return {"mean": mean, "standard_error": 0.75, "per_joint": {}, "groups": {}}


@pytest.fixture
def run(tmp_path) -> Run:
    folder = tmp_path / "results" / "hand_made"
    space = read_space(ROOT / "config/spaces/tiny.yaml")
    settings = Settings("genetic", population=2, mutation=(0.2, 0.2))
    offspring: list[Offspring] = []
    populations: list[Population] = []
    files: dict[str, list[Path]] = {"offspring": [], "population": [], "fitness": []}
    for generation, scores in enumerate(SCORES):
        bred = breed(
            space,
            expression(space, Requirements(input_size=32, outputs=16, task="pose", batch_size=4)),
            Limits(params=10**9, macs=10**12, memory_mb=10**6),
            settings,
            generation=generation,
            count=len(scores),
            seed=7,
            parents=populations[-1] if populations else None,
        )
        outcomes = [invented(i.network_id, s) for i, s in zip(bred.individuals, scores, strict=True)]
        selected = select(bred, outcomes, populations[-1] if populations else None, space, settings)
        at = folder / f"generation-{generation:03d}"
        write_offspring(at / "offspring.json", bred, space)
        write_population(at / "population.json", selected, space)
        files["offspring"].append(at / "offspring.json")
        files["population"].append(at / "population.json")
        for number, outcome in enumerate(outcomes):
            files["fitness"].append(at / f"individual-{number:02d}/fitness.json")
            write_fitness(files["fitness"][-1], outcome)
        offspring.append(bred)
        populations.append(selected)
    floors = folder / "baselines/floors.json"
    scores = {"mean pose": {"valid": score(12.5), "test": score(11.75)}}
    write_json(floors, "floors", {"metric": "PCKh@0.5", "floors": scores})
    return Run(
        folder=folder,
        space=ROOT / "config/spaces/tiny.yaml",
        labels=ROOT / "config/skeletons/mpii.yaml",
        offspring_files=files["offspring"],
        population_files=files["population"],
        fitness_files=files["fitness"],
        offspring=offspring,
        populations=populations,
        floors=floors,
    )


@pytest.fixture
def outcome():
    """A function from network id and score to an invented fitness."""
    return invented


@pytest.fixture
def tables(run) -> tuple[Path, Path]:
    """The two tables of the run."""
    from evocnn.report.tables import write_tables

    individuals, generations = run.folder / "tables/individuals.csv", run.folder / "tables/generations.csv"
    write_tables(
        individuals,
        generations,
        space=run.space,
        offspring=run.offspring_files,
        populations=run.population_files,
        fitness=run.fitness_files,
    )
    return individuals, generations
