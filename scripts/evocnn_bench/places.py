"""Where joints lie in maps of logarithms of probabilities, by the rules of published results."""

import cv2
import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.floating]
"""Logarithms of probabilities (N, height, width, J), up to a constant."""


def highest(maps: NDArray[np.floating]) -> NDArray[np.float64]:
    """Column and row of the highest cell, (N, J, 2)."""
    people, _, width, joints = maps.shape
    rows, columns = np.divmod(np.moveaxis(maps, -1, 1).reshape(people, joints, -1).argmax(-1), width)
    return np.stack([columns, rows], -1).astype(np.float64)


def quarter(maps: Maps) -> NDArray[np.float64]:
    """The highest cell, moved by 0.25 along each axis (Newell et al., Stacked Hourglass Networks, ECCV 2016)."""
    slope, _ = _derivatives(maps, highest(maps))
    return highest(maps) + 0.25 * np.sign(slope)


def dark(maps: Maps) -> NDArray[np.float64]:
    """The summit of the paraboloid about the highest cell of the blurred map (Zhang et al., DARK, CVPR 2020).

    The blur is as wide as the Gaussians that are learned, a cell. It moves by a cell at most.
    """
    powers = np.exp(maps - maps.max((1, 2), keepdims=True))
    blurred = np.stack([cv2.GaussianBlur(np.dstack([one]), (0, 0), 1.0) for one in _channels(powers)])
    logs = np.moveaxis(np.log(np.maximum(blurred, 1e-10)).reshape(len(maps), -1, *maps.shape[1:3]), 1, -1)
    cells = highest(logs)
    slope, bend = _derivatives(logs, cells)
    certain = (np.linalg.det(bend) > 1e-9) & (bend[..., 0, 0] < 0)
    safe = np.where(certain[..., None, None], bend, -np.eye(2))
    move = -np.linalg.solve(safe, slope[..., None])[..., 0]
    return cells + np.where(certain[..., None], np.clip(move, -1, 1), 0.0)


def _channels(maps: NDArray[np.floating]) -> NDArray[np.floating]:
    """(N · J, height, width)."""
    return np.ascontiguousarray(np.moveaxis(maps, -1, 1).reshape(-1, *maps.shape[1:3]))


def _derivatives(
    maps: NDArray[np.floating], cells: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First (N, J, 2) and second (N, J, 2, 2) differences along x and y about cells; at the border, of the next one."""
    people, height, width, joints = maps.shape
    x = np.clip(cells[..., 0].astype(int), 1, width - 2)
    y = np.clip(cells[..., 1].astype(int), 1, height - 2)
    n, j = np.ogrid[:people, :joints]

    def at(right: int, down: int) -> NDArray[np.float64]:
        return maps[n, y + down, x + right, j].astype(np.float64)

    slope = np.stack([at(1, 0) - at(-1, 0), at(0, 1) - at(0, -1)], -1) / 2
    xx, yy = at(1, 0) - 2 * at(0, 0) + at(-1, 0), at(0, 1) - 2 * at(0, 0) + at(0, -1)
    xy = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / 4
    return slope, np.stack([np.stack([xx, xy], -1), np.stack([xy, yy], -1)], -2)
