"""Logs for TensorBoard, which need not be installed to write them: `tf.summary.scalar` would ask for it."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from evocnn.network.history import History, Row


class Events(keras.callbacks.Callback):
    """Write every row of a history as scalars, and the hyperparameters as a table of TensorBoard's text.

    It has to come after the history. A training that goes on from an epoch writes the rows before it again.

    Args:
        folder: to write, anew.
        history: whose rows they are.
        hyperparameters: by name.
    """

    def __init__(self, folder: Path, history: History, hyperparameters: Mapping[str, Any]) -> None:
        super().__init__()
        self.folder, self.history, self.hyperparameters = folder, history, hyperparameters

    def on_train_begin(self, logs: Any = None) -> None:
        """Begin the file."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._writer = tf.summary.create_file_writer(str(self.folder))
        lines = [f"| {name} | {value} |" for name, value in self.hyperparameters.items()]
        text = "\n".join(["| hyperparameter | value |", "|---|---|", *lines])
        with self._writer.as_default():
            tf.summary.write("hyperparameters", tf.constant([text]), 0, _metadata("text", "DATA_CLASS_TENSOR"))
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
        scalars = _metadata("scalars", "DATA_CLASS_SCALAR")
        with self._writer.as_default():
            for name, value in row.items():
                if name != "epoch":
                    tf.summary.write(name, tf.constant(value, tf.float32), int(row["epoch"]), scalars)


def _metadata(plugin: str, data_class: str) -> Any:
    """Which of TensorBoard's plugins shows a value."""
    kinds = tf.compat.v1.SummaryMetadata
    return kinds(plugin_data=kinds.PluginData(plugin_name=plugin), data_class=data_class)
