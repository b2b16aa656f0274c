"""Random scale, rotation, shift and flip: one affine map per person, applied to pixels and joints; and cutout."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.crops import Crops
from evocnn.pose.geometry import Affine, around, mirrored, transform

ROTATED = 0.6
"""Probability that a person is rotated, as in Simple Baselines."""
GREY = 128
"""Of what cutout hides: the middle of the values of a pixel."""


@dataclass(frozen=True)
class Augmentation:
    """Strength of the augmentation; zeros disable it.

    Attributes:
        scale: standard deviation of the relative size, cut off at ± this value; 0 to 1.
        rotation: standard deviation of the angle in degrees, cut off at ± twice this value.
        flip: probability of mirroring, 0 to 1.
        shift: the farthest that an image moves along each axis, as a fraction of the input.
        cutout: side of the square that is hidden, as a fraction of the input.
    """

    scale: float
    rotation: float
    flip: float
    shift: float = 0.0
    cutout: float = 0.0


def draw_maps(
    augmentation: Augmentation, people: int, crop_size: int, input_size: int, rng: np.random.Generator
) -> tuple[Affine, NDArray[np.bool_]]:
    """Draw the maps from crops to inputs: scale, rotation and flip as Simple Baselines (lib/dataset/JointsDataset.py).

    Shifts are whole pixels, all equally likely, as of random crops of a padded image (He et al., CVPR 2016, section
    4.2): so that an image that is only shifted is not blurred.

    Returns:
        Maps (N, 2, 3), and whether each of them mirrors, (N,).
    """
    size = 1 + np.clip(rng.standard_normal(people), -1, 1) * augmentation.scale
    degrees = np.clip(rng.standard_normal(people), -2, 2) * augmentation.rotation
    angle = np.radians(np.where(rng.random(people) < ROTATED, degrees, 0.0))
    flip = rng.random(people) < augmentation.flip
    center = np.full((people, 2), crop_size / 2)
    maps = around(center, 1 / size, input_size / 2, angle)
    if farthest := round(augmentation.shift * input_size):
        maps[:, :, 2] += rng.integers(-farthest, farthest, (people, 2), endpoint=True)
    return np.where(flip[:, None, None], mirrored(maps, input_size), maps), flip


def warp(crops: Crops, rows: NDArray[np.integer], maps: Affine) -> NDArray[np.uint8]:
    """The crops of some people (n,) under their maps (n, 2, 3): inputs (n, size, size, 3)."""
    size = crops.input_size
    inputs = np.empty((len(rows), size, size, 3), np.uint8)
    warped: NDArray = np.empty((size, size, 4), np.uint8)
    for target, row, affine in zip(inputs, rows, maps, strict=True):
        warped = cv2.warpAffine(crops.pixels[row], affine, (size, size), dst=warped, flags=cv2.INTER_LINEAR)
        cv2.cvtColor(warped, cv2.COLOR_RGBA2RGB, dst=target)
    return inputs


def draw_squares(
    augmentation: Augmentation, people: int, input_size: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    """What cutout hides (DeVries & Taylor, 2017): a square per person whose centre is any pixel of the input.

    Returns:
        First and last row and column of each square, the last ones not included, (N, 4): top, bottom, left, right.
    """
    side = round(augmentation.cutout * input_size)
    first = rng.integers(0, input_size, (people, 2)) - side // 2 if side else np.zeros((people, 2), np.intp)
    squares = np.stack([first, first + side], -1).reshape(people, 4)
    return np.clip(squares, 0, input_size)


def hide(inputs: NDArray[np.uint8], squares: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Inputs (n, size, size, 3) with their squares (n, 4) in the middle grey."""
    hidden = inputs.copy()
    for image, (top, bottom, left, right) in zip(hidden, squares, strict=True):
        image[top:bottom, left:right] = GREY
    return hidden


def move_joints(
    crops: Crops, rows: NDArray[np.integer], maps: Affine, flip: NDArray[np.bool_], mirror: tuple[int, ...]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The joints of some people under their maps; left and right joints of mirrored people are swapped.

    `mirror[j]` is the index of the joint that takes the place of joint j in a mirrored image, length J.

    Returns:
        Joints (n, J, 2) in pixels of the input, visible (n, J).
    """
    joints, visible, order = transform(maps, crops.joints[rows]), crops.visible[rows], list(mirror)
    return (
        np.where(flip[:, None, None], joints[:, order], joints),
        np.where(flip[:, None], visible[:, order], visible),
    )
