"""Fitness: the measured outcome of one individual's training."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from evocnn.files import read_json, write_json

Status = Literal["ok", "diverged", "timeout", "out_of_memory", "crashed", "exhausted"]
WORST = 0.0
"""The score of an individual whose training did not end well; PCKh in percent is never below."""
BEST = 100.0
HISTORY = ("epoch", "loss", "score", "learning_rate", "seconds", "samples_per_second")
"""Columns of history.csv; seconds are those of the whole epoch, samples per second those of its training alone."""


@dataclass(frozen=True)
class Fitness:
    """What one training has shown.

    Attributes:
        status: "ok", what went wrong, or "exhausted" where breeding has found no network for the place.
        objectives: what selection sees: `score`, in percent, higher is better.
        metrics: what the score consists of.
        cost: predicted and measured.
        training: epochs, seconds by phase, samples per second, peak memory.
        provenance: what is needed to do it again.
    """

    status: Status
    objectives: dict[str, float]
    metrics: dict[str, Any]
    cost: dict[str, Any]
    training: dict[str, Any]
    provenance: dict[str, Any]


def write_fitness(path: Path, fitness: Fitness) -> None:
    """Write a fitness file."""
    write_json(path, "fitness", asdict(fitness))


def read_fitness(path: Path) -> Fitness:
    """Read a fitness file.

    Raises:
        ValueError: the file is damaged, or its status or score is none or out of range.
    """
    document = read_json(path, "fitness", Fitness.__dataclass_fields__)
    fitness = Fitness(**{name: document[name] for name in Fitness.__dataclass_fields__})
    score = fitness.objectives.get("score")
    if fitness.status not in get_args(Status) or not isinstance(score, float):
        raise ValueError(f"{path}: expected a known status and a score; delete the file and run snakemake again")
    if not WORST <= score <= BEST:
        raise ValueError(
            f"{path}: found the score {score:g}, expected {WORST:g} to {BEST:g} percent; delete the file and run "
            "snakemake again, or correct the metric, if it is your own"
        )
    return fitness
