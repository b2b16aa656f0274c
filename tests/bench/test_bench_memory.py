"""Memory of trainings: what is predicted is what is measured, within a quarter."""

import pytest

from evocnn.bench.memory import BATCH, BLOCKS, LIMIT_MB, SEED, draw_blocks, drawn, merging_large, merging_small
from evocnn.bench.training_memory import empty_training, measure
from evocnn.space.cost import BASE_BYTES, cost


@pytest.fixture(scope="module")
def base():
    return empty_training()


@pytest.mark.slow
@pytest.mark.parametrize("depth", BLOCKS)
def test_memory_is_predicted_within_a_quarter(base, depth):
    network = merging_small(draw_blocks(depth, SEED))
    predicted = cost(network, BATCH).memory_mb - BASE_BYTES / 1e6
    assert predicted == pytest.approx(measure(network, BATCH, base, limit=LIMIT_MB, threads=2).memory, rel=0.25)


@pytest.mark.slow
@pytest.mark.parametrize("depth", BLOCKS)
def test_memory_of_every_operation_is_predicted_within_a_quarter(base, default_space, depth):
    network = drawn(default_space, depth, SEED)
    predicted = cost(network, BATCH).memory_mb - BASE_BYTES / 1e6
    assert predicted == pytest.approx(measure(network, BATCH, base, limit=LIMIT_MB, threads=2).memory, rel=0.25)


@pytest.mark.slow
def test_recomputing_takes_less_and_is_predicted_too(base):
    network = merging_small(draw_blocks(32, SEED))
    predicted = cost(network, BATCH, remat=True).memory_mb - BASE_BYTES / 1e6
    found = measure(network, BATCH, base, remat=True, limit=LIMIT_MB, threads=2).memory
    assert predicted == pytest.approx(found, rel=0.25)
    assert found < 0.9 * (cost(network, BATCH).memory_mb - BASE_BYTES / 1e6)


@pytest.mark.slow
def test_a_training_beyond_the_limit_is_ended(base):
    found = measure(merging_large(draw_blocks(8, SEED)), BATCH, base, limit=1000)
    assert found.memory is None
