"""Logs for TensorBoard: learning curves, and what a training was given, for the tabs TEXT and HPARAMS."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from evocnn.network.history import History, Row


class Events(keras.callbacks.Callback):
    """Write every row of a history as scalars, and the hyperparameters as text and as those of a trial.

    It has to come after the history. A training that goes on from an epoch writes the rows before it again.

    Args:
        folder: to write, anew.
        history: whose rows they are.
        hyperparameters: by name: settings of the training, and genes of the network.
    """

    def __init__(self, folder: Path, history: History, hyperparameters: Mapping[str, Any]) -> None:
        super().__init__()
        self.folder, self.history, self.hyperparameters = folder, history, hyperparameters

    def on_train_begin(self, logs: Any = None) -> None:
        """Begin the file."""
        from tensorboard.plugins.hparams import api  # which trainings without logs need not load

        shutil.rmtree(self.folder, ignore_errors=True)
        self._writer = tf.summary.create_file_writer(str(self.folder))
        lines = [f"| {name} | {value} |" for name, value in self.hyperparameters.items()]
        text = "\n".join(["| hyperparameter | value |", "|---|---|", *lines])
        with self._writer.as_default():
            tf.summary.text("hyperparameters", text, 0)
            api.hparams({name: _plain(value) for name, value in self.hyperparameters.items() if value is not None})
        for row in self.history.rows:
            self._write(row)
        self._writer.flush()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Add the last row."""
        self._write(self.history.rows[-1])
        self._writer.flush()

    def on_train_end(self, logs: Any = None) -> None:
        """End the file."""
        self._writer.close()

    def _write(self, row: Row) -> None:
        with self._writer.as_default():
            for name, value in row.items():
                if name != "epoch":
                    tf.summary.scalar(name, value, int(row["epoch"]))


def _plain(value: Any) -> bool | int | float | str:
    return value if isinstance(value, bool | int | float | str) else str(value)
