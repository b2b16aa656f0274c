"""MPII: the JSON layout of Simple Baselines, or the official MATLAB file."""

from collections.abc import Iterator
from pathlib import Path

from evocnn.dataset.adapters import mpii_json, mpii_mat
from evocnn.dataset.people import Person, Skipped
from evocnn.labels import Labels


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """Read all people in `path`: a MATLAB file if it ends with .mat, otherwise a JSON file."""
    reader = mpii_mat.read if path.suffix.lower() == ".mat" else mpii_json.read
    return reader(path, labels)
