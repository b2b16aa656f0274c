"""Heatmaps to joints.

A heatmap is the probability of a joint's position over a grid. Networks are trained to predict its logarithm, see
`evocnn.network.losses`. Grid coordinate = pixel × grid size / image size: both grids have the same origin, as in Simple
Baselines.
"""

import numpy as np
from numpy.typing import NDArray


def decode(
    log_heatmaps: NDArray[np.floating], *, image_size: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Locate each joint: the highest cell, moved to the summit of the parabola through it and its neighbours.

    The logarithm of a Gaussian is a parabola, so the summit is exact for a Gaussian.

    Args:
        log_heatmaps: (N, height, width, J), logarithms up to a constant (a network's raw output).
        image_size: (height, width) in pixels.

    Returns:
        Joints (N, J, 2), x and y in image pixels, and confidences (N, J): the probability of the highest cell, 0 to 1.
    """
    people, height, width, joints = log_heatmaps.shape
    maps = np.moveaxis(log_heatmaps, -1, 1)
    flat = maps.reshape(people, joints, height * width)
    rows, columns = np.divmod(flat.argmax(-1), width)
    n, j = np.ogrid[:people, :joints]
    x = columns + summit(maps[n, j, rows, :], columns)
    y = rows + summit(maps[n, j, :, columns], rows)
    highest = flat.max(-1, keepdims=True)
    confidence = 1.0 / np.exp(flat - highest).sum(-1)
    stretch = np.array([image_size[1] / width, image_size[0] / height])
    return (np.stack([x, y], -1) * stretch).astype(np.float32), confidence.astype(np.float32)


def summit(lines: NDArray[np.floating], peaks: NDArray[np.integer]) -> NDArray[np.floating]:
    """Offset of the summit from the peak in cells, −0.5 to 0.5; 0 at the border, where a neighbour is missing."""
    length = lines.shape[-1]
    at = np.clip(peaks, 1, length - 2)[..., None]
    left, middle, right = (np.take_along_axis(lines, at + step, -1)[..., 0].astype(np.float64) for step in (-1, 0, 1))
    curvature = left - 2 * middle + right
    inner = (peaks > 0) & (peaks < length - 1) & (curvature < 0)
    offset = 0.5 * (left - right) / np.where(inner, curvature, 1.0)
    return np.where(inner, np.clip(offset, -0.5, 0.5), 0.0)
