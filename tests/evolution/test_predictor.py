"""The predictor: likeness of genomes, normal scores, expected improvement."""

import numpy as np
import pytest

from evocnn.evolution.predictor import _distance, _normal_scores, _numbers, expected_improvement, learn
from evocnn.space.genes import Choice
from evocnn.space.space import Section, Space

OPERATION = Choice("operation", ("a", "b", "c"), (1.0, 1.0, 1.0), ordered=False)
WIDTH = Choice("width", (8, 16, 32, 64), (1.0, 1.0, 1.0, 1.0), ordered=True)
SPACE = Space(Section({}, ()), 2, Section({}, (OPERATION, WIDTH)), {}, (1, 1))


def test_distance_by_hand():
    """Another category counts 1, a step of an ordinal gene of four values 1/4."""
    first, second = ("a", 8, "b", 64), ("b", 16, "b", 8)
    numbers = _numbers([first, second], SPACE)
    assert _distance(numbers, numbers, SPACE) == pytest.approx(np.array([[0, 2], [2, 0]]))


def test_normal_scores_see_ranks_only():
    assert _normal_scores([3.0, 1.0, 2.0]) == pytest.approx([0.967, -0.967, 0.0], abs=1e-3)
    assert _normal_scores([3.0, 1.0, 2.9]) == pytest.approx(_normal_scores([300.0, -1e9, 2.0]))


def test_improvement_is_expected_near_the_best_and_not_where_all_is_known():
    known = [("a", 8, "a", 8), ("a", 8, "a", 16), ("c", 64, "c", 64), ("c", 64, "c", 32), ("b", 8, "a", 8)]
    predictor = learn(known, [10.0, 11.0, 50.0, 49.0, 12.0], SPACE)
    near, known_bad = expected_improvement(predictor, [("c", 64, "c", 16), ("a", 8, "a", 8)], SPACE)
    assert near > 5 * known_bad > 0


def test_it_ranks_what_it_has_not_seen():
    """The objective is the number of c; learned from 40 genomes, it orders the other ones."""
    rng = np.random.default_rng(0)
    genomes = sorted(
        {(rng.choice(list("abc")), 8, rng.choice(list("abc")), int(rng.choice([8, 64]))) for _ in range(99)}
    )
    wanted = [genome.count("c") + genome.count("b") / 3 for genome in genomes]
    predictor = learn(genomes[::2], wanted[::2], SPACE)
    gain = expected_improvement(predictor, genomes[1::2], SPACE)
    assert np.corrcoef(gain, wanted[1::2])[0, 1] > 0.5
