"""What an epoch has shown: a row of history.csv, and a line of the log."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import pandas as pd

from evocnn.files import replacing

COLUMNS = ("epoch", "loss", "score", "learning_rate", "seconds", "samples_per_second")
"""Of history.csv; with several heads the loss of each follows, as `<head>_loss`."""


@dataclass
class Clock:
    """Seconds of an epoch, shared by the callbacks that measure them.

    Attributes:
        started: when it began.
        trained: when its last step was done; scoring follows.
    """

    started: float = 0.0
    trained: float = 0.0


class History(keras.callbacks.Callback):
    """Write history.csv anew after every epoch, whole, and say in a line what it has shown.

    It has to come after what puts `score` and `learning_rate` into an epoch's logs.

    Args:
        path: CSV to write, a row per epoch, epochs from 1.
        epochs: of the training at most.
        people: that an epoch trains.
        rows: of epochs that were trained before.
    """

    def __init__(self, path: Path, epochs: int, people: int, rows: Iterable[Mapping[str, float]] = ()) -> None:
        super().__init__()
        self.path, self.epochs, self.people = path, epochs, people
        self.rows = [dict(row) for row in rows]

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start the clock."""
        self._started = self._last = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Note when training is done; the epoch's scoring follows."""
        self._last = time.perf_counter()
