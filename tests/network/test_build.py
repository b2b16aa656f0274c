"""Keras models: what they take and give, and that they have the layers and weights of their network."""

import random
from dataclasses import replace

import numpy as np
import pytest

from evocnn.network.build import build
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.space import Space


def network(space: Space, task: str, outputs: int):
    """A convolution with a stride; the other slots are empty."""
    parts = space.parts(space.draw(random.Random(0)))
    plain = {**parts.blocks[0], "filters": 8, "kernel": 3, "squeeze_excite": 0, "normalisation": "batch", "skip": 0}
    blocks = [{**plain, "operation": "conv", "stride": 2}, *[{**plain, "operation": "no_op"}] * 2]
    return decode(space.genome(replace(parts, blocks=blocks)), space, input_size=32, outputs=outputs, task=task)


@pytest.mark.parametrize(("task", "shape"), [("classification", (1, 1, 4)), ("pose", (8, 8, 4))])
def test_a_model_is_its_network(tiny_space, task, shape):
    made = network(tiny_space, task, outputs=4)
    model = build(made)
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
