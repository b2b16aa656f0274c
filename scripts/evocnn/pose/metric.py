"""The score of predicted joints: PCKh or PCK, or the metric that the labels file names."""

import numpy as np
from numpy.typing import NDArray

from evocnn.bootstrap import checked_shares
from evocnn.extensions import read_metric
from evocnn.pose.average_precision import joint_similarity, score_similarity
from evocnn.pose.pckh import Score, pckh, right_joints, score_joints
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
    if not skeleton.own_metric and skeleton.measure == "pck":
        return pckh(predictions[..., :2], joints, visible, normaliser, skeleton.threshold, skeleton)
    shares, counted = joint_shares(predictions, joints, visible, normaliser, skeleton)
    if skeleton.measure == "ap" and not skeleton.own_metric and counted.any():
        return score_similarity(shares, counted, predictions[..., 2], skeleton)
    return score_joints(shares, counted, skeleton)


def joint_shares(
    predictions: NDArray[np.floating],
    joints: NDArray[np.floating],
    visible: NDArray[np.bool_],
    normaliser: NDArray[np.floating],
    skeleton: Skeleton,
) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """How right each joint is, (N, J) from 0 to 1, and whether it counts; see `score_pose`."""
    counted = visible & np.isfinite(normaliser)[:, None]
    if not skeleton.own_metric and skeleton.measure == "ap":
        similarity = joint_similarity(predictions, joints, normaliser, np.array(skeleton.sigmas))
        return np.where(counted, similarity, 0.0), counted
    if not skeleton.own_metric and skeleton.measure == "nme":
        error = np.linalg.norm(predictions[..., :2] - joints, axis=-1) / normaliser[:, None]
        return np.where(counted, np.nan_to_num(np.clip(1 - error, 0, 1), nan=0.0), 0.0), counted
    if not skeleton.own_metric:
        right = right_joints(predictions[..., :2], joints, counted, normaliser, skeleton.threshold)
        return right.astype(np.float64), counted
    shares = read_metric(skeleton.own_metric)(predictions, joints, normaliser)
    return checked_shares(shares, counted, skeleton.own_metric), counted
