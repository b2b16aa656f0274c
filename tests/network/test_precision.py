"""Networks that compute in 16 bits, and steps that XLA compiles: trained, scored, and saved on a CPU."""

import keras
import numpy as np
import pytest
from dots import DOTS, TRAINING, dots, network, predict

from evocnn.network.precision import computing_in
from evocnn.network.train import train, trainable

WAYS = {
    "float32": {},
    "mixed_float16": {"precision": "mixed_float16"},
    "mixed_bfloat16": {"precision": "mixed_bfloat16"},
    "xla": {"xla": True},
}


def fit(folder, way, *heads, steps=2, **changes):
    training = TRAINING.model_copy(update={"clip_norm": 1.0, "weight_decay": 0.1, **WAYS[way], **changes})
    made, history = network(*heads or ["heatmap"]), folder / "history.csv"
    return train(made, dots(16 * steps, seed=0), dots(32, seed=1), DOTS, training, seed=3, history=history)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Weights after two steps in 32 bits."""
    return fit(tmp_path_factory.mktemp("float32"), "float32").model.get_weights()


@pytest.mark.parametrize("way", ["mixed_float16", "mixed_bfloat16", "xla"])
def test_two_steps_come_close_to_those_in_32_bits(tmp_path, expected, way):
    """Adam moves a weight by about the rate, 0.01, per step, whichever way a gradient near 0 is rounded.

    That steps are compiled, although operations have to be deterministic, is seen from the order of sums.
    """
    trained = fit(tmp_path, way)
    assert trained.fitness.status == "ok"
    actual = trained.model.get_weights()
    assert {weights.dtype for weights in actual} == {np.dtype("float32")}
    moved = sum(np.abs(a - b).sum() for a, b in zip(actual, expected, strict=True))
    assert 0 < moved / sum(weights.size for weights in actual) < 0.005
    assert all(np.abs(a - b).max() < 0.05 for a, b in zip(actual, expected, strict=True))


@pytest.mark.slow
def test_compiled_steps_are_the_same_every_time(tmp_path):
    first, again = (fit(tmp_path, "xla").model.get_weights() for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("way", ["mixed_float16", pytest.param("mixed_bfloat16", marks=pytest.mark.slow)])
def test_what_is_scored_has_32_bits_also_once_it_is_saved(tmp_path, way):
    trained = fit(tmp_path, way, "regression", "heatmap")
    trained.model.save(tmp_path / "model.keras")
    read = keras.models.load_model(tmp_path / "model.keras", compile=False)
    assert {output.dtype for output in read.outputs} == {"float32"}
    assert next(
        layer for layer in read.layers if "conv" in type(layer).__name__.lower()
    ).compute_dtype == way.removeprefix("mixed_")
    crops = dots(32, seed=1)
    actual = predict(read, crops)
    assert actual.dtype == np.float32
    assert np.array_equal(actual, predict(trained.model, crops))


def test_precision_ends_with_the_network_that_was_built_in_it():
    with computing_in("mixed_bfloat16"):
        model, _ = trainable(network("heatmap"), 16, remat=False)
    assert model.output.dtype == "float32"
    assert keras.config.dtype_policy().name == "float32"


@pytest.mark.parametrize("way", ["mixed_float16", pytest.param("xla", marks=pytest.mark.slow)])
def test_recomputing_works_with_it(tmp_path, expected, way, monkeypatch):
    """Segments are made small enough for the network of the tests."""
    from evocnn.network import train as module
    from evocnn.space.segments import divisions

    monkeypatch.setattr(module, "recomputed_segments", lambda made, batch_size: next(iter(divisions(made.layers))))
    trained = fit(tmp_path, way, remat=True)
    assert trained.fitness.status == "ok"
    moved = [np.abs(a - b).mean() for a, b in zip(trained.model.get_weights(), expected, strict=True)]
    assert max(moved) < 0.05
