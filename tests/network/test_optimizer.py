"""Adam in one operation per variable: equal to Keras's; and the learning rate over the steps."""

import keras
import numpy as np
import pytest

from evocnn.network.optimizer import FusedAdam, optimizer_for, schedule
from evocnn.training.settings import TrainingSettings

TRAINING = TrainingSettings(
    epochs=1, patience=9, batch_size=8, learning_rate=0.1, clip_norm=None, sigma=1.0, scale=0.0, rotation=0.0, flip=0.0
)
IMAGES = np.random.default_rng(0).normal(0, 1, (8, 6, 6, 3)).astype(np.float32)
TARGETS = np.random.default_rng(1).normal(0, 1, (8, 6, 6, 2)).astype(np.float32)


def small():
    """A kernel, normalisation, and a bias, with the same weights every time."""
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Conv2D(4, 3, padding="same", use_bias=False), keras.layers.BatchNormalization()]
    return keras.Sequential([keras.Input((6, 6, 3)), *layers, keras.layers.Conv2D(2, 1)])


def steps(model, optimizer, count):
    """Weights after so many steps."""
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    model.compile(optimizer, "mse", jit_compile=False)
    for _ in range(count):
        model.train_on_batch(IMAGES, TARGETS)
    return model.get_weights()


def equal(actual, expected, **tolerance):
    return all(a == pytest.approx(b, **tolerance) for a, b in zip(actual, expected, strict=True))


@pytest.mark.parametrize(("decay", "clip_norm"), [(0.0, None), (0.5, 0.1)])
def test_ten_steps_are_those_of_keras(decay, clip_norm):
    rate = keras.optimizers.schedules.CosineDecay(0.05, 12)
    theirs = keras.optimizers.AdamW(rate, weight_decay=decay, global_clipnorm=clip_norm)
    theirs.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    start = small().get_weights()
    expected = steps(small(), theirs, 10)
    actual = steps(small(), FusedAdam(rate, decay, clip_norm), 10)
    assert equal(actual, expected, abs=2e-5)
    assert not equal(actual, start, abs=0.01)


def test_clipping_shortens_the_first_step_of_no_weight_but_decay_that_of_kernels_alone():
    """Adam's first step is the learning rate, whatever the size of the gradient; decay comes on top."""
    start = small().get_weights()
    plain = steps(small(), FusedAdam(0.01), 1)
    decayed = steps(small(), FusedAdam(0.01, kernel_decay=2.0), 1)
    for before, without, with_decay in zip(start, plain, decayed, strict=True):
        expected = without - (0.02 * before if before.ndim == 4 else 0)
        assert with_decay == pytest.approx(expected, abs=1e-6)


def test_its_variables_are_all_of_its_state():
    """What is stopped after four steps and goes on from the saved variables ends as what was not stopped."""
    rate = keras.optimizers.schedules.CosineDecay(0.05, 12)
    whole = steps(small(), FusedAdam(rate, 0.1, 1.0), 8)
    first, optimizer = small(), FusedAdam(rate, 0.1, 1.0)
    steps(first, optimizer, 4)
    weights, state = first.get_weights(), [variable.numpy() for variable in optimizer.variables]
    second, again = small(), FusedAdam(rate, 0.1, 1.0)
    second.set_weights(weights)
    again.build(second.trainable_variables)
    for variable, value in zip(again.variables, state, strict=True):
        variable.assign(value)
    assert all(np.array_equal(a, b) for a, b in zip(steps(second, again, 4), whole, strict=True))


def test_it_is_read_with_a_saved_model(tmp_path):
    model = small()
    steps(model, FusedAdam(0.05, 0.1, 1.0), 2)
    model.save(tmp_path / "model.keras")
    read = keras.models.load_model(tmp_path / "model.keras", custom_objects={"FusedAdam": FusedAdam})
    assert (read.optimizer.kernel_decay, read.optimizer.global_clipnorm) == (0.1, 1.0)
    pairs = zip(read.optimizer.variables, model.optimizer.variables, strict=True)
    assert all(np.array_equal(a.numpy(), b.numpy()) for a, b in pairs)


def test_the_rate_rises_in_a_straight_line_and_falls_along_a_cosine():
    rates = schedule(TRAINING.model_copy(update={"warmup": 0.3}), [10])
    actual = [float(rates(step)) for step in range(11)]
    assert actual[:4] == pytest.approx([0.025, 0.05, 0.075, 0.1])
    assert actual[3:] == pytest.approx([0.05 * (1 + np.cos(np.pi * s / 7)) for s in range(8)], abs=1e-7)


def test_without_warm_up_the_rate_begins_at_its_highest():
    rates = schedule(TRAINING, [4])
    assert [float(rates(step)) for step in (0, 2, 4)] == pytest.approx([0.1, 0.05, 0.0], abs=1e-7)


def test_with_rungs_the_rate_falls_to_0_at_each_and_rises_again():
    rates = schedule(TRAINING.model_copy(update={"warmup": 0.25}), [2, 6])
    # a cycle of 2 steps, whose warm-up rounds to none, and one of 4 with a step of warm-up
    assert [float(rates(step)) for step in range(7)] == pytest.approx([0.1, 0.05, 0.05, 0.1, 0.075, 0.025, 0], abs=1e-7)


def test_an_optimizer_is_built_before_it_is_used():
    optimizer = optimizer_for(small(), TRAINING.model_copy(update={"weight_decay": 0.1, "clip_norm": 2.0}), [10])
    assert optimizer.built
    assert (optimizer.kernel_decay, optimizer.global_clipnorm) == (0.1, 2.0)
