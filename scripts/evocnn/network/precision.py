"""What networks compute in: numbers of 32 bits, or of 16 with weights that keep 32; and steps compiled with XLA."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import tensorflow as tf

KEPT = "float32"
"""What heads yield, and what is decoded and scored, whatever is computed in."""


@contextmanager
def computing_in(precision: str) -> Iterator[None]:
    """Build layers that compute in "float32", "mixed_float16" or "mixed_bfloat16".

    Layers keep what they were built with; what is built later is not touched.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def scaled(optimizer: keras.optimizers.Optimizer, precision: str) -> keras.optimizers.Optimizer:
    """The optimizer, with the loss scaled where gradients would otherwise be too small for 16 bits.

    bfloat16 has as many bits for the exponent as float32 and needs none (Micikevicius et al., ICLR 2018, section 3.2).
    """
    return keras.optimizers.LossScaleOptimizer(optimizer) if precision == "mixed_float16" else optimizer


def compile_steps(model: keras.Model) -> None:
    """Compile the training steps of a model with XLA.

    Keras's `jit_compile` does nothing but warn in a process in which operations have to be deterministic, as they have
    to in any that has trained without XLA.
    """
    model.train_step = tf.function(model.train_step, jit_compile=True, reduce_retracing=True)
