"""Memory that a training job requests from the scheduler: of the machine, and of a GPU."""

from functools import lru_cache
from pathlib import Path

from evocnn.files import read_json
from evocnn.processes.leases import OWN_MB
from evocnn.space.cost import Cost
from evocnn.training.job import Baseline
from evocnn.training.network_cost import network_cost
from evocnn.training.settings import TrainingSettings

REQUEST_MARGIN = 1.25
"""Ratio of the requested to the predicted memory: a job that uses more than it requested may be killed."""
WORKSPACE_MB = 256
"""Memory of a GPU in MB that each training requests beside its own: TensorFlow's libraries take some of it however
small the network is, and with too little they choose other algorithms or none."""
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
    cost = _cost(path, number)
    return _request(cost.memory_mb, attempt) if cost else 1


def requested_gpu_memory(path: Path, number: int, attempt: int = 1) -> int:
    """Memory of a GPU in MB that the training of an individual requests; see `requested_memory`."""
    cost = _cost(path, number)
    return _on_gpu(cost, attempt) if cost else 1


def baseline_memory(baseline: Baseline, labels: Path, settings: TrainingSettings, seed: int, attempt: int = 1) -> int:
    """Memory in MB that the training of a baseline requests.

    Args:
        baseline: which one.
        labels: labels file.
        settings: how it is trained.
        seed: of the run.
        attempt: number of the attempt, from 1.
    """
    return _request(_baseline_cost(baseline, labels, settings, seed).memory_mb, attempt)


def baseline_gpu_memory(
    baseline: Baseline, labels: Path, settings: TrainingSettings, seed: int, attempt: int = 1
) -> int:
    """Memory of a GPU in MB that the training of a baseline requests; see `baseline_memory`."""
    return _on_gpu(_baseline_cost(baseline, labels, settings, seed), attempt)


def _on_gpu(cost: Cost, attempt: int) -> int:
    return _request(cost.gpu_memory_mb, attempt, WORKSPACE_MB) + OWN_MB


def _request(predicted_mb: float, attempt: int, more_mb: float = 0) -> int:
    return round((1 + RETRY_MARGIN * (attempt - 1)) * (REQUEST_MARGIN * predicted_mb + more_mb))


@lru_cache(maxsize=64)
def _baseline_cost(baseline: Baseline, labels: Path, settings: TrainingSettings, seed: int) -> Cost:
    return network_cost(baseline.network(labels, seed), settings)


def _cost(path: Path, number: int) -> Cost | None:
    """What an individual costs; None for a place that breeding has no network for."""
    costs = _costs(path, path.stat().st_mtime_ns)
    return costs[number] if number < len(costs) else None


@lru_cache(maxsize=64)
def _costs(path: Path, changed: int) -> tuple[Cost, ...]:
    """Of all individuals of a file; `changed` is its time of modification."""
    return tuple(Cost(**row["cost"]) for row in read_json(path, "offspring", ["individuals"])["individuals"])
