"""Batches for training: each a function of (seed, epoch, step) alone, whatever runs in parallel."""

from dataclasses import dataclass

import cv2
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from evocnn.dataset.augmentation import Augmentation, apply_maps, draw_maps
from evocnn.dataset.crops import Crops
from evocnn.tasks.task import Task


@dataclass(frozen=True)
class Batches:
    """The training set as augmented batches.

    Attributes:
        crops: the people.
        task: what the targets are.
        augmentation: how far the crops are moved.
        batch_size: people per step; those left over at the end of an epoch wait for another one.
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

    def batch(self, number: int) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]:
        """The batch of a step counted from the start of the training.

        Returns:
            Inputs (B, size, size, 3) uint8, and the task's targets and weights.
        """
        epoch, step = divmod(int(number), self.steps)
        order = np.random.default_rng([self.seed, epoch]).permutation(len(self.crops))
        rows = np.take(order, np.arange(step * self.batch_size, (step + 1) * self.batch_size), mode="wrap")
        size = self.crops.input_size
        maps, flip = draw_maps(
            self.augmentation,
            len(rows),
            self.crops.pixels.shape[1],
            size,
            np.random.default_rng([self.seed, epoch, step + 1]),
        )
        inputs, joints, visible = apply_maps(self.crops, rows, maps, flip, self.task.mirror)
        return inputs, *self.task.targets(joints, visible, self.crops.category[rows], size)

    def dataset(self, epochs: int) -> tf.data.Dataset:
        """All batches of a training, one after another, as Keras takes them: (inputs, targets, weights)."""
        cv2.setNumThreads(1)
        shapes = [array.shape for array in self.batch(0)]

        def load(number: tf.Tensor) -> tuple[tf.Tensor, ...]:
            tensors = tf.numpy_function(self.batch, [number], [tf.uint8, tf.float32, tf.float32])
            return tuple(tf.ensure_shape(tensor, shape) for tensor, shape in zip(tensors, shapes, strict=True))

        options = tf.data.Options()
        options.autotune.enabled = False  # it blocks at the end of a training, for up to seconds
        options.threading.private_threadpool_size = 1
        numbers = tf.data.Dataset.range(epochs * self.steps)
        return numbers.map(load, num_parallel_calls=1, deterministic=True).prefetch(1).with_options(options)
