"""Training steps, timed: the same batch again and again, and batches of the input pipeline."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from evocnn.dataset.noise import noise_crops
from evocnn.labels import MPII
from evocnn.network.batches import Batches, augmentation_of
from evocnn.network.normalisation import fused_normalisation
from evocnn.processes.devices import set_up_devices
from evocnn.tasks.task import read_task
from evocnn.training.settings import TrainingSettings
from evocnn_bench.compiled import compiled
from evocnn_bench.gpu_profile import profiled
from evocnn_bench.gpu_task import JOINTS, Speed, Task, network_of

PATIENCE = 120.0
"""Seconds that trainings wait for each other at most."""


class Timer(keras.callbacks.Callback):
    """Times the second epoch of a training; before it, waits for the trainings that are measured together."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task = task
        self.first = self.began = self.ended = 0.0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Note the end of the first step."""
        if not self.first:
            self._finish_steps()
            self.first = time.time()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Begin to time."""
        if epoch == 1:
            self._finish_steps()
            if self.task.together > 1:
                meet(Path(self.task.folder), self.task.together)
            self.began = time.time()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """End."""
        self._finish_steps()
        self.ended = time.time()

    def _finish_steps(self) -> None:
        """A GPU works behind Python; what it writes last can be read only when it has done everything."""
        self.model.trainable_variables[-1].numpy()


def measure(task: Task, loading: float) -> Iterator[Speed]:
    """Time a training; where it is to be profiled, once more with the profile, which may end the process.

    Args:
        task: what to train.
        loading: seconds that this process has taken so far.
    """
    begun = time.time()
    names = set_up_devices(None)
    model, plain = compiled(
        network_of(task), task.batch_size, precision=task.precision, xla=task.xla, deterministic=task.deterministic
    )
    with fused_normalisation(plain):
        timer = _timed(model, task, _same_batch(task))
        peak = tf.config.experimental.get_memory_info("GPU:0")["peak"] / 1e6 if names else None
        piped = _timed(model, task, _batches(task)) if task.pipeline else None
        speed = Speed(
            device=names[0] if names else "",
            loading=loading,
            first=loading + timer.first - begun,
            began=timer.began,
            ended=timer.ended,
            in_memory=_people_per_second(task, timer),
            pipeline=_people_per_second(task, piped) if piped else None,
            peak_mb=peak,
            version=tf.__version__,
        )
        yield speed
        if task.profile:
            yield replace(speed, operations=profiled(model, _same_batch(task)))


def meet(folder: Path, together: int) -> None:
    """Wait until as many processes have come here.

    Raises:
        TimeoutError: they have not within `PATIENCE`.
    """
    (folder / str(os.getpid())).touch()
    until = time.monotonic() + PATIENCE
    while (here := len(list(folder.iterdir()))) < together:
        if time.monotonic() > until:
            raise TimeoutError(f"found {here} trainings after {PATIENCE:.0f} s, expected {together}")
        time.sleep(0.005)


def _timed(model: keras.Model, task: Task, dataset: tf.data.Dataset) -> Timer:
    timer = Timer(task)
    model.fit(dataset, epochs=2, steps_per_epoch=task.steps, shuffle=False, verbose=0, callbacks=[timer])
    return timer


def _people_per_second(task: Task, timer: Timer) -> float:
    return task.steps * task.batch_size / (timer.ended - timer.began)


def _same_batch(task: Task) -> tf.data.Dataset:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (task.batch_size, task.side, task.side, 3), np.uint8)
    places = rng.random((task.batch_size, JOINTS, 2), np.float32)
    batch = images, places, np.ones((task.batch_size, JOINTS), np.float32)
    return tf.data.Dataset.from_tensors(batch).repeat().prefetch(2)


def _batches(task: Task) -> tf.data.Dataset:
    """Of noise, augmented as by default."""
    training = TrainingSettings()
    batches = Batches(
        crops=noise_crops(task.steps * task.batch_size, task.side, JOINTS, 0),
        task=read_task(MPII),
        augmentation=augmentation_of(training, "pose"),
        batch_size=task.batch_size,
        seed=0,
    )
    return batches.dataset(2, threads=task.threads)
