"""Random scale, rotation and flip: one affine map per person, applied to pixels and joints."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.crops import Crops
from evocnn.pose.geometry import Affine, around, mirrored, transform

ROTATED = 0.6
"""Probability that a person is rotated, as in Simple Baselines."""


@dataclass(frozen=True)
class Augmentation:
    """Strength of the augmentation; zeros disable it.

    Attributes:
        scale: standard deviation of the relative size, cut off at ± this value; 0 to 1.
        rotation: standard deviation of the angle in degrees, cut off at ± twice this value.
        flip: probability of mirroring, 0 to 1.
    """

    scale: float
    rotation: float
    flip: float


def draw_maps(
    augmentation: Augmentation, people: int, crop_size: int, input_size: int, rng: np.random.Generator
) -> tuple[Affine, NDArray[np.bool_]]:
    """Draw the maps from crops to inputs as Simple Baselines does (its lib/dataset/JointsDataset.py).

    Returns:
        Maps (N, 2, 3), and whether each of them mirrors, (N,).
    """
    size = 1 + np.clip(rng.standard_normal(people), -1, 1) * augmentation.scale
    degrees = np.clip(rng.standard_normal(people), -2, 2) * augmentation.rotation
    angle = np.radians(np.where(rng.random(people) < ROTATED, degrees, 0.0))
    flip = rng.random(people) < augmentation.flip
    center = np.full((people, 2), crop_size / 2)
    maps = around(center, 1 / size, input_size / 2, angle)
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
