"""Average precision of keypoints as COCO defines it, where every person has one prediction.

That is so when crops come from annotated boxes. Each person is then an image of its own: no prediction can match
somebody else. The numbers equal those of pycocotools (its cocoeval.py) for such files.
"""

import numpy as np
from numpy.typing import NDArray

from evocnn.bootstrap import percent, resampled, spread_of
from evocnn.pose.pckh import Score
from evocnn.pose.skeleton import Skeleton

THRESHOLDS = np.linspace(0.5, 0.95, 10)
"""Of the object keypoint similarity."""
RECALLS = np.linspace(0, 1, 101)
"""At which precision is averaged."""
SAMPLES = 200
"""Of the bootstrap; each needs all people sorted."""


def joint_similarity(
    predictions: NDArray[np.floating],
    joints: NDArray[np.floating],
    normaliser: NDArray[np.floating],
    sigmas: NDArray[np.floating],
) -> NDArray[np.float64]:
    """How close each joint is, (N, J) from 0 to 1: exp(−d² / (2 · (2σ)² · area)).

    Args:
        predictions: (N, J, 2 or more), x and y in pixels; what is not finite is wrong.
        joints: (N, J, 2) in the same pixels.
        normaliser: (N,) square roots of the people's areas, in the same pixels.
        sigmas: (J,) how exactly people annotate each joint.
    """
    distance = np.linalg.norm(predictions[..., :2].astype(np.float64) - joints, axis=-1)
    error = (distance / normaliser[:, None] / (2 * sigmas)) ** 2 / 2
    return np.nan_to_num(np.exp(-error), nan=0.0)


def average_precision(similarity: NDArray[np.floating], scores: NDArray[np.floating]) -> float:
    """Precision, averaged over `RECALLS` and `THRESHOLDS`, 0 to 1.

    Args:
        similarity: (N,) object keypoint similarity of each person's prediction.
        scores: (N,) confidence of each prediction; the highest come first.
    """
    order = np.argsort(-scores, kind="stable")
    right = similarity[order] >= THRESHOLDS[:, None]
    right_so_far = right.cumsum(1)
    people = len(scores)
    precision = right_so_far / np.arange(1, people + 1)
    precision = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    total = 0.0
    for counts, of_threshold in zip(right_so_far, precision, strict=True):
        places = np.searchsorted(counts / people, RECALLS, side="left")
        total += of_threshold[places[places < people]].sum() / len(RECALLS)
    return float(total / len(THRESHOLDS))


def score_similarity(
    similarity: NDArray[np.floating],
    counted: NDArray[np.bool_],
    confidences: NDArray[np.floating],
    skeleton: Skeleton,
) -> Score:
    """Average precision as `mean`, and the mean similarity of each joint, in percent.

    Args:
        similarity: of each joint, (N, J).
        counted: (N, J) whether a joint is labelled and its person can be measured; people without any do not count.
        confidences: (N, J); a prediction's score is their mean.
        skeleton: names and groups of the joints.
    """
    people = counted.any(1)
    similarity, counted, confidences = similarity[people], counted[people], confidences[people]
    shares = np.where(counted, similarity, 0.0)
    of_person = shares.sum(1) / counted.sum(1)
    scores = confidences.mean(1)
    rng = np.random.default_rng(0)
    draws = rng.integers(0, len(scores), (SAMPLES, len(scores)))
    spread = np.std([average_precision(of_person[drawn], scores[drawn]) for drawn in draws])
    rate, samples = percent(shares.sum(0), counted.sum(0)), resampled(shares, counted.astype(np.float64))
    return Score(
        mean=100 * average_precision(of_person, scores),
        per_joint={name: float(value) for name, value in zip(skeleton.joints, rate, strict=True)},
        groups={name: float(np.mean(rate[list(members)])) for name, members in skeleton.groups.items()},
        standard_error=float(100 * spread),
        group_errors={name: spread_of(samples[:, list(members)].mean(1)) for name, members in skeleton.groups.items()},
    )
