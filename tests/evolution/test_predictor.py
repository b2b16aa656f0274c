"""The predictor: likeness of genomes, normal scores, expected improvement."""

import numpy as np
import pytest

from evocnn.evolution.predictor import Example, expected_improvement, learn, posterior_mean
from evocnn.space.genes import Choice
from evocnn.space.space import Section, Space

OPERATION = Choice("operation", ("a", "b", "c"), (1.0, 1.0, 1.0), ordered=False)
WIDTH = Choice("width", (8, 16, 32, 64), (1.0, 1.0, 1.0, 1.0), ordered=True)
SPACE = Space(Section({}, ()), 2, Section({}, (OPERATION, WIDTH)), {}, (1, 1))


def genomes(*genomes):
    """Networks of which only genes are known."""
    return [Example(genome, {}) for genome in genomes]


def test_covariance_falls_with_a_distance_that_can_be_computed_by_hand():
    """Another category counts 1. The four values of the ordinal gene lie 1/4 apart: 1 + 1/4 + 0 + 3/4."""
    predictor = learn(genomes(("a", 8, "b", 64), ("b", 16, "b", 8)), [1.0, 2.0], SPACE)
    covariance = predictor.factor @ predictor.factor.T
    assert -np.log(covariance[0, 1]) / predictor.decays[0] == pytest.approx(2.0)


def test_only_the_ranks_of_objectives_count():
    known = genomes(("a", 8, "a", 8), ("b", 8, "a", 8), ("c", 64, "c", 64))
    first, same_ranks = learn(known, [3.0, 1.0, 2.9], SPACE), learn(known, [300.0, -1e9, 2.0], SPACE)
    assert first.best == pytest.approx(0.967, abs=1e-3)  # the quantile 5/6 of a normal distribution
    assert first.weights == pytest.approx(same_ranks.weights)
    assert first.weights != pytest.approx(learn(known, [1.0, 3.0, 2.9], SPACE).weights)


def test_improvement_is_expected_near_the_best_and_not_where_all_is_known():
    known = genomes(("a", 8, "a", 8), ("a", 8, "a", 16), ("c", 64, "c", 64), ("c", 64, "c", 32), ("b", 8, "a", 8))
    predictor = learn(known, [10.0, 11.0, 50.0, 49.0, 12.0], SPACE)
    near, known_bad = expected_improvement(predictor, genomes(("c", 64, "c", 16), ("a", 8, "a", 8)))
    assert near > 5 * known_bad > 0


def test_it_ranks_what_it_has_not_seen():
    """The objective is the number of c; learned from 40 genomes, it orders the other ones."""
    rng = np.random.default_rng(0)
    drawn = sorted({(rng.choice(list("abc")), 8, rng.choice(list("abc")), int(rng.choice([8, 64]))) for _ in range(99)})
    wanted = [genome.count("c") + genome.count("b") / 3 for genome in drawn]
    predictor = learn(genomes(*drawn[::2]), wanted[::2], SPACE)
    gain = expected_improvement(predictor, genomes(*drawn[1::2]))
    assert np.corrcoef(gain, wanted[1::2])[0, 1] > 0.5


def test_graphs_count_where_genes_say_nothing():
    """All genomes differ in the same way; the objective is the depth, which a feature says."""
    depths = [1, 2, 3, 4, 5, 6, 7, 8]
    drawn = [("abc"[n % 3], 8, "abc"[n // 3], 8) for n in range(8)]
    examples = [Example(genome, {"statistics": {"depth": depth}}) for genome, depth in zip(drawn, depths, strict=True)]
    predictor = learn(examples[:6], [10.0 * depth for depth in depths[:6]], SPACE)
    assert predictor.decays[1] > 0
    better, worse = posterior_mean(
        predictor, [Example(drawn[7], {"statistics": {"depth": depth}}) for depth in (5.5, 1.5)]
    )
    assert better > worse


def test_differences_of_features_are_in_standard_deviations():
    """Depths 1 and 3 have a standard deviation of 1: they lie 2 apart; a feature that one lacks is 0."""
    known = [Example(("a", 8, "a", 8), {"statistics": features}) for features in ({"depth": 1}, {"depth": 3})]
    predictor = learn(known, [1.0, 2.0], SPACE)
    distance = predictor.measures[1](known, [*known, Example(("a", 8, "a", 8), {"statistics": {"pools": 2}})])
    assert distance.tolist() == [[0, 2, 1 + 2], [2, 0, 3 + 2]]


def test_an_expected_score_is_less_extreme_than_a_lucky_one():
    """Of five that are alike, one had luck; the others' scores say so."""
    alike = [("a", 8, "a", 8), ("a", 8, "a", 16), ("a", 16, "a", 8), ("a", 16, "a", 16), ("a", 8, "a", 32)]
    good = [("c", 64, "c", 64), ("c", 64, "c", 32), ("c", 32, "c", 64), ("c", 32, "c", 32)]
    scores = [60.0, 20.0, 21.0, 22.0, 23.0, 50.0, 51.0, 52.0, 53.0]
    predictor = learn(genomes(*alike, *good), scores, SPACE)
    expected = posterior_mean(predictor, genomes(*alike, *good))
    assert expected.argmax() == 8
    assert expected[0] < 0.5 * predictor.best
