"""Batch normalisation in one operation: what Keras's own computes, and Keras's own again afterwards."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from evocnn.network.normalisation import fused_normalisation

MAPS = np.random.default_rng(0).normal(3, 2, (4, 5, 3, 2)).astype(np.float32)


def model(precision: str = "float32") -> keras.Model:
    inputs = keras.Input(MAPS.shape[1:])
    layer = keras.layers.BatchNormalization(momentum=0.75, dtype=precision)
    made = keras.Model(inputs, layer(inputs))
    layer.gamma.assign([1.5, 0.5])
    layer.beta.assign([0.25, -1.0])
    return made


def step(made: keras.Model) -> list[np.ndarray]:
    """Outputs of a step of training, gradients of a loss of them, and all weights afterwards."""
    maps = tf.constant(MAPS)
    with tf.GradientTape() as tape:
        tape.watch(maps)
        outputs = tf.cast(made(maps, training=True), tf.float32)
        loss = tf.reduce_sum(outputs**3)
    gradients = tape.gradient(loss, [maps, *(weight.value for weight in made.trainable_variables)])
    return [np.array(array) for array in (outputs, *gradients, *made.get_weights())]


@pytest.mark.parametrize(("precision", "error"), [("float32", 1e-5), ("mixed_bfloat16", 0.05), ("mixed_float16", 0.01)])
def test_a_step_is_that_of_keras(precision, error):
    expected, fused = step(model(precision)), model(precision)
    with fused_normalisation(fused):
        actual = step(fused)
    for one, other in zip(actual, expected, strict=True):
        assert one == pytest.approx(other, rel=error, abs=error * float(np.abs(other).max()))


def test_moving_averages_by_hand():
    made = model()
    with fused_normalisation(made):
        made(MAPS, training=True)
    moving_mean, moving_variance = made.layers[1].get_weights()[2:]
    assert moving_mean == pytest.approx(0.25 * MAPS.mean((0, 1, 2)), rel=1e-5)
    assert moving_variance == pytest.approx(0.75 + 0.25 * MAPS.var((0, 1, 2)), rel=1e-5)


def test_predictions_use_the_moving_averages():
    made = model()
    expected = np.array(made(MAPS))
    with fused_normalisation(made):
        assert np.array_equal(made(MAPS), expected)


def test_afterwards_the_layers_are_keras_own(tmp_path):
    made = model()
    with fused_normalisation(made):
        assert type(made.layers[1]) is not keras.layers.BatchNormalization
    assert type(made.layers[1]) is keras.layers.BatchNormalization
    made.save(tmp_path / "model.keras")
    assert np.array_equal(keras.models.load_model(tmp_path / "model.keras")(MAPS), made(MAPS))


def test_the_training_graph_has_one_operation_for_each():
    made = model()
    with fused_normalisation(made):
        graph = tf.function(lambda maps: made(maps, training=True)).get_concrete_function(tf.constant(MAPS)).graph
    kinds = [operation.type for operation in graph.get_operations()]
    assert kinds.count("FusedBatchNormV3") == 1
    assert "SquaredDifference" not in kinds
