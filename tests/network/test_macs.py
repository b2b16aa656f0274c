"""Multiply–accumulates against TensorFlow's own count of floating-point operations."""

import random

import pytest
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from evocnn.network.build import build
from evocnn.space.decode import decode
from evocnn.space.layers import layer_macs

COUNTED = ("Conv2D", "DepthwiseConv2dNative")
"""TensorFlow has no count for transposed convolutions."""


def operations(model):
    """Floating-point operations of the convolutions of a forward pass of one image."""
    size = model.input_shape[1]
    forward = tf.function(lambda images: model(images, training=False))
    concrete = forward.get_concrete_function(tf.TensorSpec((1, size, size, 3), tf.uint8))
    frozen = convert_variables_to_constants_v2(concrete)
    profiler = tf.compat.v1.profiler
    options = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation()).with_empty_output().build()
    with tf.Graph().as_default() as graph:
        tf.graph_util.import_graph_def(frozen.graph.as_graph_def(), name="")
        actual = profiler.profile(graph=graph, cmd="op", options=options)
    counts = {}
    while actual.children:
        (actual,) = actual.children
        counts[actual.name] = actual.float_ops
    return sum(counts.get(name, 0) for name in COUNTED)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_two_operations_are_one_multiply_accumulate(default_space, seed):
    network = decode(default_space.draw(random.Random(seed)), default_space, input_size=64, outputs=16)
    layers = network.layers
    macs = sum(layer_macs(layer, layers) for layer in layers if layer.kind in ("conv", "depthwise_conv"))
    assert operations(build(network)) / 2 == pytest.approx(macs, rel=0.01)
