"""Random genomes of every shipped space: each is a network that is costed, built, and trained a step."""

import random

import keras
import numpy as np
import pytest

from evocnn.network.build import build
from evocnn.network.losses import LOSSES, aims
from evocnn.space.cost import cost
from evocnn.space.decode import decode, heads_for
from evocnn.space.space_file import read_space

GENOMES, BUILT, JOINTS, BATCH = 400, 2, 5, 2


@pytest.fixture
def space(shipped_space):
    return read_space(shipped_space)


def networks(space, numbers):
    for number in numbers:
        yield decode(space.draw(random.Random(number)), space, input_size=space.coarsest, outputs=JOINTS)


@pytest.mark.slow
def test_hundreds_of_genomes_are_networks_with_a_cost(space):
    heads = list(heads_for(space, "pose"))
    for network in networks(space, range(GENOMES)):
        assert list(network.heads) == heads
        actual = cost(network, BATCH)
        assert actual.params > 0
        assert actual.memory_mb > 700


@pytest.mark.slow
def test_random_networks_are_built_and_trained_a_step(space):
    """Some from each space."""
    rng = np.random.default_rng(0)
    for network in networks(space, range(BUILT)):
        model = build(network)
        assert model.count_params() == cost(network, 1).params
        losses = {name: LOSSES[name](1.0, space.coarsest) for name in network.heads}
        model.compile(keras.optimizers.Adam(1e-4), losses if len(losses) > 1 else losses[model.name], run_eagerly=True)
        images = rng.integers(0, 256, (BATCH, space.coarsest, space.coarsest, 3), dtype=np.uint8)
        targets, weights = rng.random((BATCH, JOINTS, 2), dtype=np.float32), np.ones((BATCH, JOINTS), np.float32)
        many = aims(list(losses), targets, weights)
        actual = model.train_on_batch(images, *(many if len(losses) > 1 else (targets, weights)))
        assert np.isfinite(actual).all()
        keras.backend.clear_session()
