"""The attempts at one training, those that were killed included: how long each took, and what it needed."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evocnn.files import read_json, write_json

ATTEMPTS = "attempts.json"
EVERY = 5.0
"""Seconds between two notes of an attempt: so much is not counted where supervisor and child are killed at once."""


@dataclass(frozen=True)
class Attempt:
    """One start of a training's process.

    Attributes:
        seconds: so far.
        peak_mb: most memory, in MB (10⁶ bytes), mapped files included.
        ending: how it ended, in words; None while it goes on, and for ever where nobody was left to say it.
        began: when, as UTC in ISO 8601; "" in notes of releases that did not say it.
    """

    seconds: float = 0.0
    peak_mb: float = 0.0
    ending: str | None = None
    began: str = ""


class Attempts:
    """Notes of the attempts at a training, in a file.

    Args:
        folder: of the training's state.
        key: of the training.

    Raises:
        ValueError: there is a state, and its notes are damaged or of another training.
        FileNotFoundError: there is a state without notes.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._path, self._key = folder / ATTEMPTS, key
        self._before: tuple[Attempt, ...] = ()
        if folder.exists():
            document = read_json(self._path, "attempts", ["key", "attempts"])
            if document["key"] != key:
                raise ValueError(f"{folder}: found the state of training {document['key']}, expected {key}")
            rows: list[Mapping] = document["attempts"]
            self._before = tuple(Attempt(**row) for row in rows)
        self._now = Attempt()
        self._started = self._noted = 0.0

    def __len__(self) -> int:
        return len(self._before) + bool(self._started)

    @property
    def seconds(self) -> float:
        """Of all attempts."""
        running = time.monotonic() - self._started if self._started and self._now.ending is None else self._now.seconds
        return sum(attempt.seconds for attempt in self._before) + running

    @property
    def peak_mb(self) -> float:
        """Of all attempts."""
        return max(attempt.peak_mb for attempt in (*self._before, self._now))

    @property
    def timeline(self) -> list[dict[str, Any]]:
        """A row per attempt whose beginning is known: `began`, `seconds` and `ending` as of `Attempt`."""
        rows = [attempt for attempt in (*self._before, self._now) if attempt.began]
        return [{"began": row.began, "seconds": row.seconds, "ending": row.ending} for row in rows]

    def begin(self) -> None:
        """Start the clock of another attempt."""
        self._started = time.monotonic()
        self._now = replace(self._now, began=datetime.now(UTC).isoformat(timespec="milliseconds"))
        self._write()

    def note(self, peak_mb: float) -> None:
        """Say that the attempt goes on, and what it has needed so far."""
        self._now = replace(self._now, peak_mb=max(self._now.peak_mb, peak_mb))
        if time.monotonic() - self._noted > EVERY:
            self._write()

    def end(self, ending: str) -> None:
        """Say how the attempt has ended."""
        self._update()
        self._now = replace(self._now, ending=ending)
        self._write()

    def _update(self) -> None:
        self._now = replace(self._now, seconds=round(time.monotonic() - self._started, 3))

    def _write(self) -> None:
        if self._now.ending is None:
            self._update()
        self._noted = time.monotonic()
        rows = [asdict(attempt) for attempt in (*self._before, self._now)]
        write_json(self._path, "attempts", {"key": self._key, "attempts": rows})
