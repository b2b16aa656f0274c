"""How far a training has come: kept in files after every epoch, and checked before it is trusted."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evocnn.evolution.fitness import HISTORY
from evocnn.files import digest, read_json, replacing, write_json

PROGRESS = "progress.json"


@dataclass(frozen=True)
class Progress:
    """A training after some whole epochs, over all attempts.

    Attributes:
        rows: of the history, one per epoch.
        scores: what each epoch's score consists of.
        seconds: by phase.
        best_epoch: index of the epoch whose weights are the best; None before the first.
        finished: whether no epoch follows.
        files: name and SHA-256 of the variables after the last epoch ("last") and after the best one ("best").
    """

    rows: tuple[Mapping[str, float], ...] = ()
    scores: tuple[Mapping[str, Any], ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    best_epoch: int | None = None
    finished: bool = False
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def measurements(self) -> dict[str, Any]:
        """Of the training, for a fitness: epochs, the best of them counted from 1, and seconds by phase."""
        return {
            "epochs": len(self.rows),
            "best_epoch": None if self.best_epoch is None else self.best_epoch + 1,
            "seconds": {phase: round(value, 3) for phase, value in self.seconds.items()},
        }

    @property
    def metrics(self) -> dict[str, Any]:
        """Of the best epoch; none before the first."""
        return {} if self.best_epoch is None else dict(self.scores[self.best_epoch])


def write_progress(folder: Path, key: str, progress: Progress) -> None:
    """Write how far a training has come; what `progress.files` names must be there. Files of before are removed."""
    write_json(folder / PROGRESS, "progress", {"key": key, **asdict(progress)})
    kept = {name for name, _ in progress.files.values()}
    for path in folder.glob("*.npz"):
        if path.name not in kept:
            path.unlink()


def read_progress(folder: Path, key: str) -> Progress:
    """Read what `write_progress` has written.

    Returns:
        No epochs where nothing was written.

    Raises:
        ValueError: it is damaged, or of another training.
    """
    path = folder / PROGRESS
    if not path.exists():
        return Progress()
    document = read_json(path, "progress", ["key", *Progress.__dataclass_fields__])
    if document["key"] != key:
        raise ValueError(f"{path}: found the state of training {document['key']}, expected {key}")
    return Progress(
        rows=tuple(document["rows"]),
        scores=tuple(document["scores"]),
        seconds=dict(document["seconds"]),
        best_epoch=document["best_epoch"],
        finished=document["finished"],
        files={role: (name, sha256) for role, (name, sha256) in document["files"].items()},
    )


def check_files(folder: Path, progress: Progress) -> None:
    """Compare the files of a state with their digests.

    Raises:
        ValueError: one is missing or damaged.
    """
    for name, expected in progress.files.values():
        path = folder / name
        result = digest(path) if path.exists() else "nothing"
        if result != expected:
            raise ValueError(f"{path}: found {result}, expected SHA-256 {expected}")


def write_history(path: Path, rows: Sequence[Mapping[str, float]]) -> None:
    """Write rows as CSV."""
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0] if rows else HISTORY, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
