"""Batch normalisation in one operation while a model is trained."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Keras's layer, whose training computes moments and normalisation by one operation of TensorFlow's.

    Keras 3 has an operation for each step, which reads and writes whole maps several times. It has no state of its own,
    so that a layer of Keras's can be one for a while: see `fused_normalisation`.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """(B, height, width, C) to the same, of the type that is computed in; sums are in 32 bits."""
        if not training or not self.trainable or mask is not None:
            return super().call(inputs, training=training, mask=mask)
        nothing = tf.zeros([0])
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=tf.cast(inputs, self.compute_dtype),
            scale=self.gamma,
            offset=self.beta,
            mean=nothing,
            variance=nothing,
            epsilon=self.epsilon,
        )
        # The operation gives the unbiased variance; Keras averages the biased one.
        count = tf.cast(tf.size(inputs) // inputs.shape[-1], tf.float32)
        biased = variance * ((count - 1) / count)
        for moving, now in ((self.moving_mean, mean), (self.moving_variance, biased)):
            moving.assign(moving * self.momentum + now * (1.0 - self.momentum))
        return outputs


@contextmanager
def fused_normalisation(model: keras.Model) -> Iterator[None]:
    """Within the block, the batch normalisations of a model are fused; afterwards they are Keras's own again.

    So a model that is saved holds Keras's layers only.
    """
    layers = [layer for layer in model.layers if type(layer) is keras.layers.BatchNormalization]
    for layer in layers:
        layer.__class__ = FusedBatchNormalization
    try:
        yield
    finally:
        for layer in layers:
            layer.__class__ = keras.layers.BatchNormalization
