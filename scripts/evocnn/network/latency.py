"""How long a trained network takes, on the machine that has trained it."""

import time
from statistics import median

import keras
import numpy as np
import tensorflow as tf

WARM_UP = 3
"""Passes before any is counted; the first one compiles."""
REPEATS = 50
LONGEST = 2.0
"""Seconds after which fewer passes are enough, but never fewer than `FEWEST`."""
FEWEST = 5


def latency_ms(model: keras.Model, batch_size: int) -> float:
    """Median time of a forward pass, from the images in memory to what the heads yield, in milliseconds.

    Args:
        model: from images (B, size, size, 3) uint8.
        batch_size: images per pass, 1 or more.
    """
    shape = (batch_size, *model.input_shape[1:])

    @tf.function(input_signature=[tf.TensorSpec(shape, tf.uint8)], jit_compile=False)
    def forward(images: tf.Tensor) -> list[tf.Tensor]:
        return keras.tree.flatten(model(images, training=False))

    images = tf.constant(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8))
    for _ in range(WARM_UP):
        _pass(forward, images)
    seconds: list[float] = []
    while len(seconds) < FEWEST or (len(seconds) < REPEATS and sum(seconds) < LONGEST):
        started = time.perf_counter()
        _pass(forward, images)
        seconds.append(time.perf_counter() - started)
    return 1000 * median(seconds)


def latencies(model: keras.Model) -> dict[str, float]:
    """Latencies for one image and for a batch of 32, as metrics."""
    return {"latency_ms": round(latency_ms(model, 1), 3), "latency_batch_32_ms": round(latency_ms(model, 32), 3)}


def _pass(forward: tf.types.experimental.PolymorphicFunction, images: tf.Tensor) -> None:
    """One pass; what comes back to the computer is there."""
    for output in forward(images):
        output.numpy()
