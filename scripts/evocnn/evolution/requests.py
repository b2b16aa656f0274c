"""What a training job asks the scheduler for, from the file that holds its individual."""

from functools import lru_cache
from pathlib import Path

from evocnn.files import read_json

REQUEST_MARGIN = 1.25
"""A job asks for so much more than is predicted, because it may be killed for taking more than it asked for."""

INDIVIDUALS = {"offspring": "individuals", "population": "survivors"}
"""Where a kind of file has its individuals."""


def requested_memory(path: Path, kind: str, number: int) -> int:
    """Memory in MB that the training of an individual asks for.

    Args:
        path: offspring or population file.
        kind: "offspring" or "population".
        number: place among the offspring, or among the survivors.

    Raises:
        FileNotFoundError: there is no such file, yet; Snakemake then shows "<TBD>".
        ValueError: the file is damaged.
    """
    return round(REQUEST_MARGIN * _predicted(path, kind, path.stat().st_mtime_ns)[number])


@lru_cache(maxsize=64)
def _predicted(path: Path, kind: str, changed: int) -> tuple[int, ...]:
    """Predicted memory of all individuals of a file; `changed` is when it did."""
    rows = read_json(path, kind, [INDIVIDUALS[kind]])[INDIVIDUALS[kind]]
    return tuple(row["cost"]["memory_mb"] for row in rows)
