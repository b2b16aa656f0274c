"""Several objectives: which values no other ones dominate, and who would add most to them."""

from collections.abc import Callable, Sequence
from statistics import NormalDist

import moocore
import numpy as np

from evocnn.evolution.predictor import Array, Example, Predictor, normal_scores, posterior

QUANTILES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Of a predicted score, that stand for all that it may be."""
Objectives = Callable[[int, float], Sequence[float]]
"""From the place of a candidate and its score to its objectives."""


def hypervolume(objectives: Sequence[Sequence[float]], reference: Sequence[float]) -> float:
    """Volume that is dominated by objectives, all maximised, above a reference (Zitzler & Thiele, 1998)."""
    return float(moocore.hypervolume(-np.array(objectives), ref=-np.array(reference)))


def dominators(objectives: Sequence[Sequence[float]]) -> list[int]:
    """How many others are at least as good in every objective and better in one, for each; all are maximised."""
    values = np.array(objectives)
    at_least, better = values[:, None] >= values[None], values[:, None] > values[None]
    return [int(count) for count in (at_least.all(-1) & better.any(-1)).sum(axis=0)]


def choose_for_front(
    learned: Predictor,
    scores: Sequence[float],
    candidates: Sequence[Example],
    objectives: Objectives,
    front: Sequence[Sequence[float]],
    reference: Sequence[float],
    count: int,
) -> list[int]:
    """Places of the candidates that may be expected to add most hypervolume, one after another.

    Expected improvement of hypervolume is that of Emmerich, Giannakoglou & Naujoks (IEEE Transactions on Evolutionary
    Computation, 2006). When the next one is chosen, each one before is taken to have reached its predicted median.

    Args:
        learned: of scores.
        scores: that it was learned from.
        candidates: to choose from.
        objectives: of candidates by score; their costs are known.
        front: objectives that are reached.
        reference: above which hypervolume counts.
        count: how many to choose.
    """
    mean, deviation = posterior(learned, candidates)
    normal = NormalDist()
    quantiles = [score_of(mean + normal.inv_cdf(q) * deviation, scores) for q in QUANTILES]
    reached = [[list(objectives(at, float(score))) for at, score in enumerate(of)] for of in quantiles]
    middle = reached[len(QUANTILES) // 2]
    known = [list(values) for values, above in zip(front, dominators(front), strict=True) if not above]
    chosen: list[int] = []
    for _ in range(min(count, len(candidates))):
        before = hypervolume(known, reference)
        left = [at for at in range(len(candidates)) if at not in chosen]
        gains = {at: sum(hypervolume([*known, of[at]], reference) - before for of in reached) for at in left}
        best = max(left, key=lambda at: (round(gains[at], 9), mean[at], -at))
        chosen.append(best)
        known.append(middle[best])
    return chosen


def score_of(normal: Array, scores: Sequence[float]) -> Array:
    """Scores that normal scores stand for, (n,): between known ones on a line, and beyond them on with their spread."""
    ordered, places = np.sort(scores), np.sort(normal_scores(scores))
    spread = float(np.std(scores))
    beyond = np.maximum(normal - places[-1], 0) + np.minimum(normal - places[0], 0)
    return np.interp(normal, places, ordered) + spread * beyond
