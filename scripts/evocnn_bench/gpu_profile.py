"""Where a GPU spends the time of a training step: its kernels by the operations of TensorFlow that they compute."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import pandas as pd
import tensorflow as tf

STEPS = 10
"""That are recorded, after as many that are not."""
IDLE = "nothing"
"""What the GPU does while it waits for the next kernel."""

Operation = tuple[str, float, float, str]
"""Name of an operation, milliseconds and kernels per step, and the name of its longest kernel."""


class Recorder(keras.callbacks.Callback):
    """Records the second half of 2 × `STEPS` steps into a folder."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Begin to record."""
        if batch == STEPS:
            self._finish_steps()
            tf.profiler.experimental.start(self.folder)

    def on_train_end(self, logs: Any = None) -> None:
        """End."""
        self._finish_steps()
        tf.profiler.experimental.stop()

    def _finish_steps(self) -> None:
        self.model.trainable_variables[-1].numpy()


def profiled(model: keras.Model, batches: tf.data.Dataset) -> list[Operation]:
    """Train a compiled model for a few steps, and say what the GPU does in one of them; nothing without a GPU.

    Args:
        model: that has been trained before, so that nothing is traced or compiled.
        batches: endless.
    """
    from tensorflow.tsl.profiler.protobuf.xplane_pb2 import XSpace

    with TemporaryDirectory() as folder:
        model.fit(batches, steps_per_epoch=2 * STEPS, epochs=1, verbose=0, callbacks=[Recorder(folder)])
        recorded = [XSpace.FromString(path.read_bytes()) for path in Path(folder).rglob("*.xplane.pb")]
    return by_operation(recorded[0], STEPS)


def by_operation(recorded: Any, steps: int) -> list[Operation]:
    """What a GPU has done per step, the longest first, from a recording of so many steps.

    Args:
        recorded: an `XSpace` of TensorFlow's profiler.
        steps: that were recorded.
    """
    events = pd.DataFrame(_events(recorded), columns=["operation", "kernel", "begin", "end"])
    if events.empty:
        return []
    events["ms"] = (events.end - events.begin) / 1e9 / steps
    rows = [_operation(str(name), of_one, steps) for name, of_one in events.groupby("operation")]
    return sorted([*rows, (IDLE, _idle(events) / 1e9 / steps, 0.0, "")], key=lambda row: -row[1])


def _events(recorded: Any) -> Iterator[tuple[str, str, int, int]]:
    """Operation, kernel, begin and end in picoseconds of everything that ran on a GPU."""
    for plane in recorded.planes:
        for line in plane.lines:
            if not plane.name.startswith("/device:GPU") or "stream" not in line.name.lower():
                continue  # other lines summarise those of streams
            for event in line.events:
                begin = line.timestamp_ns * 1000 + event.offset_ps
                kernel = plane.event_metadata[event.metadata_id].name
                yield _named(plane, event) or kernel, kernel, begin, begin + event.duration_ps


def _named(plane: Any, event: Any) -> str:
    """Kind of the operation, such as `Conv2D`; "" where the event does not say."""
    for stat in event.stats:
        if plane.stat_metadata[stat.metadata_id].name == "tf_op":
            text = stat.str_value or plane.stat_metadata[stat.ref_value].name
            return str(text).rpartition(":")[2]
    return ""


def _operation(name: str, events: pd.DataFrame, steps: int) -> Operation:
    longest = events.groupby("kernel").ms.sum().idxmax()
    return name, float(events.ms.sum()), len(events) / steps, str(longest)


def _idle(events: pd.DataFrame) -> float:
    """Picoseconds between the first and the last event in which there is none."""
    ordered = events.sort_values("begin")
    gaps = ordered.begin - ordered.end.cummax().shift()
    return float(gaps.clip(lower=0).sum())
