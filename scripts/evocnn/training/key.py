"""The key of a training: a digest of everything that its result depends on, so that nothing foreign is taken for it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from evocnn.files import digest
from evocnn.labels import label_files

CODE = ("classification", "dataset", "inheritance", "network", "pose", "space", "tasks", "training")
"""Packages that a training runs through."""
LIBRARIES = ("keras", "numpy", "opencv-python-headless", "tensorflow")


@dataclass(frozen=True)
class Data:
    """What a training learns from.

    Attributes:
        labels: labels file.
        train: crops of search-train, pixels (.npy) and labels (.npz).
        valid: crops of search-valid.
    """

    labels: Path
    train: tuple[Path, Path]
    valid: tuple[Path, Path]

    @classmethod
    def of(cls, given: Any) -> "Data":
        """From the `labels`, `train` and `valid` of a job's input, paths as text."""
        train, valid = (tuple(map(Path, paths)) for paths in (given.train, given.valid))
        return cls(Path(given.labels), (train[0], train[1]), (valid[0], valid[1]))


def training_key(
    network: Mapping[str, Any], space_files: tuple[Path, ...], data: Data, settings: Mapping[str, Any]
) -> str:
    """Key of a training, 64 hex digits.

    Args:
        network: genome and network id, as in an offspring file.
        space_files: the space file and those of its own operations.
        data: see `Data`.
        settings: seed, threads, and how to train.
    """
    parts = {
        "network": [network["network_id"], network["genome"]],
        "space": digest(*space_files),
        "data": data_digest(data),
        "settings": dict(settings),
        "code": code_digest(*CODE),
        "libraries": [version(name) for name in LIBRARIES],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def data_digest(data: Data) -> str:
    """SHA-256 over what trainings of a run learn from, 64 hex digits.

    Of the pixels only the size counts: reading gigabytes would take longer than some trainings.
    """
    parts = [digest(*label_files(data.labels), data.train[1], data.valid[1])]
    parts += [str(pixels.stat().st_size) for pixels in (data.train[0], data.valid[0])]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


@cache
def code_digest(*parts: str) -> str:
    """SHA-256 over the code of some packages in evocnn, 64 hex digits."""
    package = Path(__file__).resolve().parents[1]
    return digest(*sorted(path for part in parts for path in (package / part).rglob("*.py")))
