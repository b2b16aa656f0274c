"""What a training job asks the scheduler for, from the file that holds its individual."""

from functools import lru_cache
from pathlib import Path

from evocnn.files import read_json
from evocnn.labels import read_labels
from evocnn.space.baselines import BASELINES
from evocnn.space.cost import cost

REQUEST_MARGIN = 1.25
"""A job asks for so much more than is predicted, because it may be killed for taking more than it asked for."""


MORE = 0.5
"""By so much of the first request each further attempt asks for more."""


def requested_memory(path: Path, kind: str, number: int, attempt: int = 1) -> int:
    """Memory in MB that the training of an individual asks for.

    Args:
        path: offspring file, or population file for its best individual.
        kind: "offspring" or "population".
        number: place among the offspring.
        attempt: how often the job is tried, this time included.

    Returns:
        1 for a place that breeding has found no network for.

    Raises:
        FileNotFoundError: there is no such file, yet; Snakemake then shows "<TBD>".
        ValueError: the file is damaged.
    """
    predicted = _predicted(path, kind, path.stat().st_mtime_ns)
    margin = REQUEST_MARGIN * (1 + MORE * (attempt - 1))
    return round(margin * predicted[number]) if number < len(predicted) else 1


@lru_cache(maxsize=64)
def baseline_memory(name: str, width: float, input_size: int, labels: Path, batch_size: int, attempt: int = 1) -> int:
    """Memory in MB that the training of a baseline asks for; see `BASELINES`, and for `attempt` `requested_memory`."""
    network = BASELINES[name](width, input_size, read_labels(labels).outputs, 0)
    return round(REQUEST_MARGIN * (1 + MORE * (attempt - 1)) * cost(network, batch_size).memory_mb)


@lru_cache(maxsize=64)
def _predicted(path: Path, kind: str, changed: int) -> tuple[int, ...]:
    """Predicted memory of all individuals of a file; `changed` is when it did."""
    key = {"offspring": "individuals", "population": "best"}[kind]
    found = read_json(path, kind, [key])[key]
    rows = found if kind == "offspring" else [found]
    return tuple(row["cost"]["memory_mb"] for row in rows)
