"""What an epoch has shown: a row of history.csv, and a line of the log."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras

from evocnn.training.progress import write_history

Row = Mapping[str, float]
"""A number for each of `HISTORY`; with several heads the loss of each follows, as `<head>_loss`."""


class History(keras.callbacks.Callback):
    """Write history.csv anew after every epoch, whole, and say in a line what the epoch has shown.

    It has to come after the callback that puts `score`, `learning_rate` and the seconds of `scoring` into the logs.

    Args:
        path: CSV to write, a row per epoch, epochs from 1.
        epochs: of the training, at most.
        people: that an epoch trains.
        rows: of the epochs that have been trained before.
    """

    def __init__(self, path: Path, epochs: int, people: int, rows: Iterable[Row] = ()) -> None:
        super().__init__()
        self.path, self.epochs, self.people = path, epochs, people
        self.rows = list(rows)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start the clock."""
        self._started = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Add a row; write and say it."""
        seconds = time.perf_counter() - self._started
        known = {
            "epoch": epoch + 1,
            "loss": float(logs["loss"]),
            "score": float(logs["score"]),
            "learning_rate": float(logs["learning_rate"]),
            "seconds": round(seconds, 3),
            "samples_per_second": round(self.people / (seconds - logs["scoring"]), 1),
        }
        heads = {name: float(value) for name, value in logs.items() if name.endswith("_loss")}
        self.rows.append(known | heads)
        write_history(self.path, self.rows)
        print(progress(self.rows, self.epochs), flush=True)


def progress(rows: Sequence[Row], epochs: int) -> str:
    """The last row as a line, with the time to the last of so many epochs.

    The first epoch, in which everything is traced, is left out of the estimate where there are others.
    """
    row, best = rows[-1], max(row["score"] for row in rows)
    later = [row["seconds"] for row in rows[1:] or rows]
    left = (epochs - len(rows)) * sum(later) / len(later)
    shown = [
        f"epoch {len(rows)}/{epochs}",
        f"loss {row['loss']:.4g}",
        f"score {row['score']:.1f} (best {best:.1f})",
        f"{row['samples_per_second']:.0f} samples/s",
        *([f"{duration(left)} left"] if len(rows) < epochs else []),
    ]
    return "  ".join(shown)


def duration(seconds: float) -> str:
    """Seconds for people, by the two largest units: "45 s", "2 min 10 s", "3 h 5 min"."""
    whole = round(seconds)
    minutes, hours = whole // 60, whole // 3600
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"
