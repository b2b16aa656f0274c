"""The people table: what every annotation format is read into."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evocnn.pose.geometry import PERSON_PIXELS

SPLITS = ("train", "valid", "test")
"""Search-train and search-valid, which the search sees, and test, which is scored once."""


@dataclass(frozen=True)
class People:
    """N annotated people, one row each, in 0-based pixels of their images.

    Attributes:
        images: (N,) file names inside the folder of images.
        center: (N, 2) centre of the square crop.
        side: (N,) side of the square crop.
        joints: (N, J, 2), x and y; meaningless where not visible.
        visible: (N, J), true where a joint is labelled, occluded or not.
        head_size: (N,), the unit of PCKh.
    """

    images: NDArray[np.str_]
    center: NDArray[np.float64]
    side: NDArray[np.float64]
    joints: NDArray[np.float64]
    visible: NDArray[np.bool_]
    head_size: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.images)

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> "People":
        """The people of some rows, by index or by mask (N,)."""
        return People(**{name: column[rows] for name, column in vars(self).items()})


def crop_square(
    center: NDArray[np.float64], scale: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centre (N, 2) and side (N,) of the crop for MPII's centre and scale, as Simple Baselines enlarges it."""
    lowered = center + np.stack([np.zeros_like(scale), 15.0 * scale], -1)
    return lowered, PERSON_PIXELS * 1.25 * scale


def in_search_valid(images: NDArray[np.str_], fraction: float) -> NDArray[np.bool_]:
    """Which rows (N,) belong to search-valid: by a hash of the image name, so that no image is in two splits.

    The choice for an image depends on its name and the fraction (0 to 1) alone, not on the other images.
    """
    share = [int.from_bytes(hashlib.sha256(str(name).encode()).digest()[:8], "big") / 2**64 for name in images]
    return np.array(share) < fraction
