"""Several objectives: what dominates what, and who would add most to the front."""

import numpy as np
import pytest

from evocnn.evolution.fronts import choose_for_front, dominators, hypervolume, score_of
from evocnn.evolution.predictor import Example, learn
from evocnn.space.space import Section, Space

EMPTY = Space(Section({}, ()), 0, Section({}, ()), {}, (1, 1))


def test_hypervolume_is_the_area_above_the_reference():
    """Two rectangles, 3 × 1 and 1 × 4, that share 1 × 1."""
    assert hypervolume([(3.0, 1.0), (1.0, 4.0)], (0.0, 0.0)) == 3 + 4 - 1
    assert hypervolume([(-1.0, 5.0)], (0.0, 0.0)) == 0


def test_who_is_dominated_by_how_many():
    assert dominators([(3, 1), (1, 4), (1, 1), (0, 0), (3, 1)]) == [0, 0, 3, 4, 0]


def example(depth):
    return Example((), {"statistics": {"depth": float(depth)}})


@pytest.fixture
def learned():
    """Scores are ten times the depth, which is known for 1 to 5."""
    scores = [10.0 * depth for depth in range(1, 6)]
    return learn([example(depth) for depth in range(1, 6)], scores, EMPTY), scores


def test_what_adds_most_to_the_front_is_chosen(learned):
    """All have scores near 30. The front has that for 3, so that only cheaper ones add something, the cheapest most."""
    costs = [4.0, 1.0, 2.0, 3.0]
    chosen = choose_for_front(
        *learned,
        [example(3)] * 4,
        lambda at, score: (score, -costs[at]),
        front=[(30.0, -3.0)],
        reference=(0.0, -5.0),
        count=2,
    )
    assert chosen == [1, 2]


def test_the_next_one_is_chosen_as_if_the_first_had_been_trained(learned):
    """Two of the same kind would add the most each; the second of them adds nothing to the first."""
    candidates, costs = [example(5), example(5), example(2)], [3.0, 3.0, 1.0]
    chosen = choose_for_front(
        *learned,
        candidates,
        lambda at, score: (score, -costs[at]),
        front=[(10.0, -4.0)],
        reference=(0.0, -5.0),
        count=2,
    )
    assert sorted(chosen) == [0, 2]


def test_no_more_are_chosen_than_there_are(learned):
    assert choose_for_front(*learned, [example(1)], lambda at, score: (score, 0.0), [(1.0, -1.0)], (0.0, -2.0), 5) == [
        0
    ]


def test_normal_scores_stand_for_scores_between_known_ones_and_beyond():
    scores = [20.0, 10.0, 40.0]  # at the quantiles 1/6, 1/2, 5/6
    middle, end = 0.0, 0.9674
    assert score_of(np.array([middle, end / 2, end]), scores) == pytest.approx([20.0, 30.0, 40.0], abs=0.01)
    assert score_of(np.array([end + 1, -end - 1]), scores) == pytest.approx(
        [40 + np.std(scores), 10 - np.std(scores)], abs=0.01
    )
