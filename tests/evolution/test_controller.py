"""The controller of reinforce."""

import random

import pytest

from evocnn.evolution import controller
from evocnn.space.genes import Choice, Number
from evocnn.space.space import Section, Space

OPERATION = Choice("operation", ("a", "b"), (3.0, 1.0), ordered=False)
SPACE = Space(Section({}, ()), 1, Section({}, (OPERATION, Number("x", 0.0, 1.0, False, False))), {}, (1, 1))


def share(state, value, draws=2000):
    rng = random.Random(0)
    return sum(controller.draw(state, SPACE, rng)[0] == value for _ in range(draws)) / draws


def test_it_starts_with_the_weights_of_the_space():
    assert share(controller.start(SPACE), "a") == pytest.approx(0.75, abs=0.03)


def test_one_update_by_hand():
    """Values 1 and 3: baseline 2, spread 1; a was one below, b one above; P(a) = 3/4."""
    before = controller.start(SPACE)
    after = controller.improve(before, [("a", 0.1), ("b", 0.1)], [1.0, 3.0], SPACE, rate=0.1)
    first = before["logits"][0][0] - 0.1 * (1 - 0.75)
    assert after["logits"][0][0] < first  # and the second genome lowers it again
    assert after["logits"][0][1] > before["logits"][0][1]
    assert (after["baseline"], after["spread"]) == (2.0, 1.0)


@pytest.mark.parametrize(("value", "gain"), [(8.0, 3.0), (1000.0, 3.0), (2.0, -3.0), (-1000.0, -3.0), (6.0, 1.0)])
def test_a_gain_counts_as_three_mean_deviations_at_most(value, gain):
    """Baseline 5 and spread 1; the policy draws a with 3/4."""
    state = {**controller.start(SPACE), "baseline": 5.0, "spread": 1.0}
    first, second = controller.improve(state, [("a", 0.1)], [value], SPACE, rate=0.1)["logits"][0]
    assert first - state["logits"][0][0] == pytest.approx(0.1 * gain * 0.25)
    assert second - state["logits"][0][1] == pytest.approx(0.1 * gain * -0.25)


def test_baseline_and_spread_move_by_a_fifth():
    state = {**controller.start(SPACE), "baseline": 5.0, "spread": 1.0}
    after = controller.improve(state, [("a", 0.1), ("b", 0.1)], [5.0, 11.0], SPACE, rate=0.1)
    assert after["baseline"] == pytest.approx(0.8 * 5 + 0.2 * 8)
    assert after["spread"] == pytest.approx(0.8 * 1 + 0.2 * 3)


def test_large_logits_do_not_overflow():
    state = controller.start(SPACE)
    state["logits"][0] = [5000.0, 4999.0]
    assert share(state, "a") == pytest.approx(0.731, abs=0.03)  # 1 / (1 + exp(-1))


def test_what_is_better_becomes_more_probable():
    state, rng = controller.start(SPACE), random.Random(1)
    for _ in range(60):
        genomes = [controller.draw(state, SPACE, rng) for _ in range(4)]
        state = controller.improve(state, genomes, [float(genome[0] == "b") for genome in genomes], SPACE, rate=0.2)
    assert share(state, "b") > 0.9


def test_nobody_trained_teaches_nothing():
    assert controller.improve(controller.start(SPACE), [], [], SPACE, 0.1) == controller.start(SPACE)
