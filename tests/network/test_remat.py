"""Recomputing gives the same training for less memory."""

import keras
import numpy as np
import pytest

from evocnn.network.losses import HeatmapCrossEntropy
from evocnn.network.train import trainable
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import recomputed_segments

BATCH = 256


def headed(graph, x, joints):
    return canonical(graph.layers, [graph.head("heatmap", graph.conv(x, joints, 1, bias=True), 0)])


@pytest.fixture(scope="module")
def network():
    """Convolutions with skips across two blocks, relu and silu, both merges."""
    graph = GraphBuilder((32, 32, 3))
    maps = [graph.normalised(graph.conv(0, 8, 3), "relu")]
    for number in range(6):
        x = maps[-1]
        if number > 1:
            x = graph.add(x, maps[-3]) if number % 2 else graph.concatenate(maps[-3], x)
        x = graph.normalised(graph.depthwise_conv(x, 3), "silu")
        maps.append(graph.normalised(graph.conv(x, 8, 1), "relu"))
    return headed(graph, graph.shrink(maps[-1], 8), 4)


def weights_after(network, steps, *, remat, batch=4):
    keras.utils.set_random_seed(3)
    # Segments are chosen for a batch for which they are worth it; few people are trained.
    model, plain = trainable(network, BATCH, remat=remat)
    optimizer = keras.optimizers.SGD(0.01)  # Adam would magnify differences of gradients that are about 0
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, HeatmapCrossEntropy(1.0), jit_compile=False)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (batch, 32, 32, 3), dtype=np.uint8)
    places = rng.random((batch, 4, 2), dtype=np.float32)
    model.fit(images, places, batch_size=batch, epochs=steps, shuffle=False, verbose=0)
    return model, plain, images


@pytest.mark.slow
def test_recomputing_changes_no_weight_and_no_moving_average(network, tmp_path):
    assert len(recomputed_segments(network, BATCH)) > 1
    _, expected, images = weights_after(network, 2, remat=False)
    model, plain, _ = weights_after(network, 2, remat=True)
    assert model is not plain
    assert [w.shape for w in plain.weights] == [w.shape for w in expected.weights]
    for actual, wanted in zip(plain.weights, expected.weights, strict=True):
        np.testing.assert_allclose(actual.numpy(), wanted.numpy(), rtol=1e-4, atol=1e-5, err_msg=wanted.path)
    plain.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", compile=False)
    np.testing.assert_allclose(loaded(images).numpy(), expected(images).numpy(), rtol=1e-4, atol=1e-4)


def test_without_recomputing_it_is_one_model(network):
    model, plain = trainable(network, BATCH, remat=False)
    assert model is plain
