"""Keras models: what they take and give, and that they have the layers and weights of their network."""

import keras
import numpy as np
import pytest

from evocnn.network.build import build
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.space import Parts, Space


def network(space: Space, task: str, outputs: int):
    """One convolution of stride 2 behind the stem; every other gene has its first value."""
    plain = {gene.name: gene.values[0] for gene in space.block.genes}
    blocks = [{**plain, "operation": "conv", "kernel": 3, "stride": 2}, *[{**plain, "operation": "no_op"}] * 2]
    return decode(space.genome(Parts({}, blocks, {"heatmap": {}})), space, input_size=32, outputs=outputs, task=task)


@pytest.mark.parametrize(
    ("task", "head", "shape"), [("classification", "classification", (1, 1, 4)), ("pose", "heatmap", (8, 8, 4))]
)
def test_a_model_is_its_network(tiny_space, task, head, shape):
    made = network(tiny_space, task, outputs=4)
    model = build(made)
    assert model.name == head
    assert model.input_shape == (None, 32, 32, 3)
    assert model.output_shape == (None, *shape)
    assert model.count_params() == cost(made, 1).params
    images = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    outputs = model(images).numpy()
    assert outputs.shape == (3, *shape)
    assert np.isfinite(outputs).all()


def test_classes_do_not_depend_on_where_something_is(tiny_space):
    """The mean over the map forgets the place, up to what the border of an image does."""
    model = build(network(tiny_space, "classification", outputs=4))
    images = np.zeros((2, 32, 32, 3), np.uint8)
    images[0, 8:12, 8:12] = images[1, 16:20, 12:16] = 200
    here, there = model(images).numpy()
    assert here == pytest.approx(there, abs=1e-5)
    assert model(np.zeros((1, 32, 32, 3), np.uint8)).numpy()[0] != pytest.approx(here, abs=1e-5)


@pytest.mark.parametrize(("kernel", "stride", "padding"), [(3, 4, "valid"), (2, 4, "valid"), (4, 4, "same")])
def test_a_kernel_within_its_stride_asks_for_no_padding(kernel, stride, padding):
    """LiteRT's XNNPACK would add some, and be wrong without a word; the values are those of "same"."""
    graph = GraphBuilder((32, 32, 3))
    model = build(canonical(graph.layers, [graph.head("heatmap", graph.conv(0, 4, kernel, stride), 0)]))
    convolution = model.layers[-1]
    assert convolution.padding == padding
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    expected = keras.ops.conv(images / np.float32(64) - 2, convolution.kernel, stride, "same")
    assert model(images).numpy() == pytest.approx(np.array(expected), abs=1e-5)
