"""The score of predicted joints: PCKh or PCK, or the metric that the labels file names."""

import numpy as np
from numpy.typing import NDArray

from evocnn.bootstrap import checked_shares
from evocnn.extensions import read_metric
from evocnn.pose.pckh import Score, pckh, score_joints
from evocnn.pose.skeleton import Skeleton


def score_pose(
    predictions: NDArray[np.floating],
    joints: NDArray[np.floating],
    visible: NDArray[np.bool_],
    normaliser: NDArray[np.floating],
    skeleton: Skeleton,
) -> Score:
    """Score predictions by the skeleton's metric.

    Args:
        predictions: (N, J, 3), x and y in pixels, and confidence.
        joints: (N, J, 2) in the same pixels.
        visible: (N, J), true where a joint is labelled.
        normaliser: (N,) the distance that errors are divided by, in the same pixels; people without one (NaN) are not
            scored.
        skeleton: names, groups, the joints that count, and the metric.

    Raises:
        ValueError: the metric is of the user's own, and is missing, or gives no shares (N, J) from 0 to 1.
    """
    if not skeleton.own_metric:
        return pckh(predictions[..., :2], joints, visible, normaliser, skeleton.threshold, skeleton)
    counted = visible & np.isfinite(normaliser)[:, None]
    shares = read_metric(skeleton.own_metric)(predictions, joints, normaliser)
    return score_joints(checked_shares(shares, counted, skeleton.own_metric), counted, skeleton)
