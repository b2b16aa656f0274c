"""Affine maps (N, 2, 3) between image, crop and network input, acting on (x, y, 1).

Conventions of Simple Baselines (its lib/utils/transforms.py): the centre of a person maps to size / 2, and a person is
200 × scale pixels tall.
"""

import numpy as np
from numpy.typing import NDArray

Affine = NDArray[np.float64]

PERSON_PIXELS = 200.0
"""MPII's `scale` is the height of a person divided by this many pixels."""


def around(
    center: NDArray[np.floating],
    zoom: NDArray[np.floating],
    target: float,
    angle: NDArray[np.floating] | float = 0.0,
) -> Affine:
    """Rotate about a centre, enlarge, and move the centre to (target, target).

    Args:
        center: (N, 2) or (2,) in source pixels.
        zoom: (N,) target pixels per source pixel, above 0.
        target: x and y of the mapped centre, in target pixels.
        angle: (N,) or a number, in radians, clockwise as seen in an image (y points down).
    """
    cosine, sine = np.cos(angle) * zoom, np.sin(angle) * zoom
    linear = np.stack([np.stack([cosine, -sine], -1), np.stack([sine, cosine], -1)], -2)
    return _with_offset(linear, target - np.einsum("...ij,...j->...i", linear, center))


def mirrored(affine: Affine, width: int) -> Affine:
    """Mirror the result of `affine`: x becomes width − 1 − x, as when the columns of an image are reversed."""
    result = affine.copy()
    result[..., 0, :] *= -1
    result[..., 0, 2] += width - 1
    return result


def inverse(affine: Affine) -> Affine:
    """The inverse map."""
    linear = np.linalg.inv(affine[..., :2])
    return _with_offset(linear, -np.einsum("...ij,...j->...i", linear, affine[..., 2]))


def transform(affine: Affine, points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Map points (N, J, 2) by (N, 2, 3), or any points (..., 2) by one (2, 3)."""
    linear, offset = affine[..., :2], affine[..., 2]
    if affine.ndim == 3:
        offset = offset[:, None, :]
    return points @ np.swapaxes(linear, -1, -2) + offset


def _with_offset(linear: NDArray[np.floating], offset: NDArray[np.floating]) -> Affine:
    return np.concatenate([linear, offset[..., None]], -1)
