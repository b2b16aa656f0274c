"""Batches for training: each depends only on (seed, epoch, step), never on what runs in parallel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import cv2
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from evocnn.dataset.augmentation import Augmentation, draw_maps, draw_squares, hide, move_joints, warp
from evocnn.dataset.crops import Crops
from evocnn.pose.geometry import Affine
from evocnn.tasks.task import Task
from evocnn.training.settings import TrainingSettings

CALL_BYTES = 2_000_000
"""Bytes of input per call from TensorFlow to Python: one call takes as long as several small batches."""

READY = 2
"""Batches that wait for the training: `unbatch` copies them, which no step has to wait for then."""

PLANNING = Lock()
"""Of several threads that come to an epoch one plans it, and the others wait."""

Batch = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]
Plan = tuple[NDArray[np.intp], Affine, NDArray[np.intp], NDArray[np.float32], NDArray[np.float32]]
"""Rows (n,), maps (n, 2, 3), hidden squares (n, 4), and the task's targets and weights."""


def augmentation_of(training: TrainingSettings, task: str) -> Augmentation:
    """The augmentation of a training, for "pose" or "classification"."""
    return Augmentation(training.scale, training.rotation, training.flip_for(task), training.shift, training.cutout)


@dataclass(frozen=True, eq=False)
class Batches:
    """The training set as augmented batches.

    Attributes:
        crops: the people.
        task: what the targets are.
        augmentation: strength of the random transformations.
        batch_size: people per step; the rest of an epoch that does not fill a batch is not used in this epoch.
        seed: of order and augmentation.
    """

    crops: Crops
    task: Task
    augmentation: Augmentation
    batch_size: int
    seed: int

    @property
    def steps(self) -> int:
        """Steps per epoch; at least 1."""
        return max(len(self.crops) // self.batch_size, 1)

    def batch(self, number: int) -> Batch:
        """The batch of a step counted from the start of the training.

        Returns:
            Inputs (B, size, size, 3) uint8, and the task's targets and weights.
        """
        epoch, step = divmod(int(number), self.steps)
        with PLANNING:
            rows, maps, squares, targets, weights = _plan(self, epoch)
        here = slice(step * self.batch_size, (step + 1) * self.batch_size)
        inputs = warp(self.crops, rows[here], maps[here])
        return hide(inputs, squares[here]) if self.augmentation.cutout else inputs, targets[here], weights[here]

    def dataset(self, epochs: int, first_epoch: int = 0, threads: int = 1) -> tf.data.Dataset:
        """All batches of a training from an epoch on, as Keras takes them: (inputs, targets, weights).

        Args:
            epochs: of the training.
            first_epoch: to begin with.
            threads: of the training. All but one, and at least one, prepare batches; they stay in their order, and
                their bytes are the same for any number.
        """
        workers = max(threads - 1, 1)
        cv2.setNumThreads(1)
        first = self.batch(first_epoch * self.steps)
        kinds = [(array.dtype, (None, *array.shape)) for array in first]
        total = epochs * self.steps
        together = min(max(CALL_BYTES // first[0].nbytes, 1), total)

        def stack(start: int) -> Batch:
            batches = [self.batch(number) for number in range(start, min(start + together, total))]
            inputs, targets, weights = map(_stacked, zip(*batches, strict=True))
            return inputs, targets, weights

        def load(start: tf.Tensor) -> tuple[tf.Tensor, ...]:
            # Stateful functions are run one after another, and only when a step waits, where operations have to be
            # deterministic.
            tensors = tf.numpy_function(stack, [start], [dtype for dtype, _ in kinds], stateful=False)
            return tuple(tf.ensure_shape(tensor, shape) for tensor, (_, shape) in zip(tensors, kinds, strict=True))

        options = tf.data.Options()
        options.autotune.enabled = False  # it blocks the end of a training for up to several seconds
        options.threading.private_threadpool_size = workers
        starts = tf.data.Dataset.range(first_epoch * self.steps, total, together)
        stacked = starts.map(load, num_parallel_calls=workers, deterministic=True)
        return stacked.prefetch(workers).unbatch().prefetch(READY).with_options(options)


def _stacked(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Arrays under a new first axis; a single one is not copied."""
    return np.stack(arrays) if len(arrays) > 1 else arrays[0][None]


@lru_cache(maxsize=4)  # batches of the next epochs may be prefetched
def _plan(batches: Batches, epoch: int) -> Plan:
    """Everything of an epoch except its pixels."""
    crops, task = batches.crops, batches.task
    rng = np.random.default_rng([batches.seed, epoch])
    # Fewer people than a batch are repeated.
    rows = np.resize(rng.permutation(len(crops)), batches.steps * batches.batch_size)
    maps, flip = draw_maps(batches.augmentation, len(rows), crops.pixels.shape[1], crops.input_size, rng)
    squares = draw_squares(batches.augmentation, len(rows), crops.input_size, rng)
    joints, visible = move_joints(crops, rows, maps, flip, task.mirror)
    return rows, maps, squares, *task.targets(joints, visible, crops.category[rows], crops.input_size)
