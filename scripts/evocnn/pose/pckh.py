"""PCKh: the share of joints predicted within a fraction of the head size (Andriluka et al., CVPR 2014)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evocnn.bootstrap import percent, resampled, spread_of
from evocnn.labels import mpii_skeleton
from evocnn.pose.skeleton import Skeleton


@dataclass(frozen=True)
class Score:
    """PCKh in percent. A joint or group without any label has the score NaN.

    Attributes:
        mean: over the scored joints, weighted by their numbers of labels.
        per_joint: by joint name, all joints.
        groups: by group name, the average of its joints' scores.
        standard_error: of `mean`, by bootstrap over people.
        group_errors: standard errors of `groups`, by the same bootstrap.
    """

    mean: float
    per_joint: Mapping[str, float]
    groups: Mapping[str, float]
    standard_error: float
    group_errors: Mapping[str, float]


def pckh(
    predictions: NDArray[np.floating],
    joints: NDArray[np.floating],
    visible: NDArray[np.bool_],
    head_sizes: NDArray[np.floating],
    threshold: float = 0.5,
    skeleton: Skeleton | None = None,
) -> Score:
    """Score predictions: a joint is right if its error is at most `threshold` × head size.

    With another normaliser instead of the head size, the score is PCK.

    All numbers equal those of the MPII evaluation of Simple Baselines (its lib/dataset/mpii.py).

    Args:
        predictions: (N, J, 2) in pixels. A prediction that is not finite is wrong.
        joints: (N, J, 2) in the same pixels.
        visible: (N, J), true where a joint is labelled.
        head_sizes: (N,) in the same pixels, above 0; people without one (NaN) are not scored.
        threshold: fraction of the head size.
        skeleton: names, groups, and the joints that count; None for MPII's.

    Raises:
        ValueError: the shapes do not match, or there is no person to score.
    """
    skeleton = skeleton or mpii_skeleton()
    people, count = len(visible), len(skeleton.joints)
    shapes = (predictions.shape, joints.shape, visible.shape, head_sizes.shape)
    if shapes != ((people, count, 2), (people, count, 2), (people, count), (people,)) or not people:
        raise ValueError(
            f"PCKh of predictions {predictions.shape}, joints {joints.shape}, visible {visible.shape}, head sizes "
            f"{head_sizes.shape}: expected (N, {count}, 2) twice, (N, {count}) and (N,) with N > 0"
        )
    counted = visible & np.isfinite(head_sizes)[:, None]
    return score_joints(right_joints(predictions, joints, counted, head_sizes, threshold), counted, skeleton)


def right_joints(
    predictions: NDArray[np.floating],
    joints: NDArray[np.floating],
    counted: NDArray[np.bool_],
    head_sizes: NDArray[np.floating],
    threshold: float,
) -> NDArray[np.bool_]:
    """Whether each joint counts and is right, (N, J); see `pckh`."""
    error = np.linalg.norm(predictions - joints, axis=-1)
    return (error <= threshold * head_sizes[:, None]) & counted


def score_joints(
    shares: NDArray[np.bool_] | NDArray[np.floating], counted: NDArray[np.bool_], skeleton: Skeleton
) -> Score:
    """Average over joints and people.

    Args:
        shares: (N, J) how right each joint is, 0 to 1; 0 where it is not counted.
        counted: (N, J) whether it counts.
        skeleton: see `pckh`.
    """
    rate = percent(shares.sum(0), counted.sum(0))
    scored = list(skeleton.scored)
    columns = [np.column_stack([of, of[:, scored].sum(1)]) for of in (shares, counted)]
    samples = resampled(*columns)
    return Score(
        mean=float(percent(shares[:, scored].sum(), counted[:, scored].sum())),
        per_joint={name: float(value) for name, value in zip(skeleton.joints, rate, strict=True)},
        groups={name: float(np.mean(rate[list(members)])) for name, members in skeleton.groups.items()},
        standard_error=spread_of(samples[:, -1]),
        group_errors={name: spread_of(samples[:, list(members)].mean(1)) for name, members in skeleton.groups.items()},
    )
