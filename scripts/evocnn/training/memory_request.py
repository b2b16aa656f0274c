"""Memory that a training job requests from the scheduler."""

from functools import lru_cache
from pathlib import Path

from evocnn.files import read_json
from evocnn.space.cost import cost
from evocnn.training.job import Baseline
from evocnn.training.settings import TrainingSettings

REQUEST_MARGIN = 1.25
"""Ratio of the requested to the predicted memory: a job that uses more than it requested may be killed."""
RETRY_MARGIN = 0.5
"""Each further attempt requests this share of the first request more."""


def requested_memory(path: Path, number: int, attempt: int = 1) -> int:
    """Memory in MB that the training of an individual requests.

    Args:
        path: offspring file.
        number: place among the offspring.
        attempt: number of the attempt, from 1.

    Returns:
        1 for a place that breeding has no network for.

    Raises:
        FileNotFoundError: the file does not exist yet; Snakemake then shows "<TBD>".
        ValueError: the file is damaged.
    """
    predicted = _predicted(path, path.stat().st_mtime_ns)
    return _request(predicted[number], attempt) if number < len(predicted) else 1


@lru_cache(maxsize=64)
def baseline_memory(baseline: Baseline, labels: Path, settings: TrainingSettings, seed: int, attempt: int = 1) -> int:
    """Memory in MB that the training of a baseline requests.

    Args:
        baseline: which one.
        labels: labels file.
        settings: how it is trained.
        seed: of the run.
        attempt: number of the attempt, from 1.
    """
    network = baseline.network(labels, seed)
    return _request(cost(network, settings.batch_size, remat=settings.remat).memory_mb, attempt)


def _request(predicted_mb: float, attempt: int) -> int:
    return round(REQUEST_MARGIN * (1 + RETRY_MARGIN * (attempt - 1)) * predicted_mb)


@lru_cache(maxsize=64)
def _predicted(path: Path, changed: int) -> tuple[int, ...]:
    """Predicted memory of all individuals of a file; `changed` is its time of modification."""
    return tuple(row["cost"]["memory_mb"] for row in read_json(path, "offspring", ["individuals"])["individuals"])
