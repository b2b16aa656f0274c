"""The box of a person whose annotation has none."""

import numpy as np
from numpy.typing import NDArray

GROWTH = 0.2
"""Margin of a box around joints on each side, as a fraction of the box's size: bodies extend beyond their joints."""
SLIMNESS = 0.5
"""Smallest ratio of the shorter to the longer side of a box around joints: a straight arm is a line without area."""
LEAST_PIXELS = 1.0
"""Joints that are closer together than this do not determine a size."""


def box_around(points: NDArray[np.float64]) -> tuple[float, float, float, float] | None:
    """The box for labelled joints (K, 2) without one: x, y, width, height in their pixels.

    Their bounding box, with the shorter side at least half as long as the longer, then enlarged by a fifth of its size
    on every side. None if there are fewer than two joints, or if all of them lie at one point.
    """
    if len(points) < 2:
        return None
    low, high = points.min(0), points.max(0)
    longer = (high - low).max()
    if longer < LEAST_PIXELS:
        return None
    size = np.maximum(high - low, SLIMNESS * longer) * (1 + 2 * GROWTH)
    x, y = (low + high - size) / 2
    return float(x), float(y), float(size[0]), float(size[1])
