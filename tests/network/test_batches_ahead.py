"""Batches are prepared while the training computes, in a process in which operations have to be deterministic."""

import subprocess
import sys

ASKS_FOR_ONE = """
import threading
import tensorflow as tf
from evocnn.labels import MPII
from evocnn.network import batches
from evocnn.tasks.task import read_task
from evocnn.training.settings import TrainingSettings
from evocnn_bench.noise import noise_crops

tf.config.experimental.enable_op_determinism()
augmentation = batches.augmentation_of(TrainingSettings(), "pose")
made = batches.Batches(noise_crops(64, {side}, 16, 0), read_task(MPII), augmentation, batch_size=4, seed=0)
prepare, ready = batches.Batches.batch, threading.Semaphore(0)
def batch(self, number):
    prepared = prepare(self, number)
    ready.release()
    return prepared
batches.Batches.batch = batch
training = iter(made.dataset(epochs=20))
next(training)
for _ in range({ahead}):
    assert ready.acquire(timeout=60)
"""


def ask_for_one(side, ahead):
    script = ASKS_FOR_ONE.format(side=side, ahead=ahead)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)


def test_while_a_step_computes_the_batches_after_it_are_prepared():
    """Inputs of 384×384, so that a call prepares one batch; the first is prepared twice, to know its shapes."""
    process = ask_for_one(side=384, ahead=2 + 2)
    assert process.returncode == 0, process.stderr
