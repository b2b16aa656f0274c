"""Batches are prepared while the training computes, in a process in which operations have to be deterministic."""

import subprocess
import sys
import threading

import tensorflow as tf

from evocnn.dataset.noise import noise_crops
from evocnn.labels import MPII
from evocnn.network.batches import Batches, augmentation_of
from evocnn.tasks.task import read_task
from evocnn.training.settings import TrainingSettings

SIDE = 384
"""Of inputs so large that a call prepares one batch."""


class Counted(Batches):
    """Says when a batch is ready."""

    ready = threading.Semaphore(0)

    def batch(self, number):
        """Prepare it."""
        prepared = super().batch(number)
        self.ready.release()
        return prepared


def ask_for_one():
    """Take one batch, and wait until two more are ready; the first is prepared twice, to know its shapes."""
    tf.config.experimental.enable_op_determinism()
    augmentation = augmentation_of(TrainingSettings(), "pose")
    batches = Counted(noise_crops(64, SIDE, 16, 0), read_task(MPII), augmentation, batch_size=4, seed=0)
    training = iter(batches.dataset(epochs=20))
    next(training)
    for _ in range(2 + 2):
        assert Counted.ready.acquire(timeout=60)


def test_while_a_step_computes_the_batches_after_it_are_prepared():
    process = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr


if __name__ == "__main__":
    ask_for_one()
