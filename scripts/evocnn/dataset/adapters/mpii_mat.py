"""mpii_mat."""

from collections.abc import Iterator
from pathlib import Path

from evocnn.dataset.people import Person, Skipped
from evocnn.labels import Labels


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """Read."""
    raise NotImplementedError
