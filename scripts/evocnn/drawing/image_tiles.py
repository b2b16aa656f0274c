"""Tiles: enlarged crops with a caption."""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

TILE, CAPTION, GAP = 240, 22, 10
"""In pixels: side of an enlarged crop, height of the text below it, space between tiles."""
TEXT, PAPER = (30, 30, 30), (255, 255, 255)


def choose(error: NDArray[np.floating], people: int) -> NDArray[np.intp]:
    """Rows at equal steps of the order from the smallest error to the largest, both ends included."""
    order = np.argsort(error, kind="stable")[: np.isfinite(error).sum()]
    return order[np.linspace(0, len(order) - 1, min(people, len(order))).round().astype(int)]


def enlarged(crop: Image) -> Image:
    """A crop at the size of a tile."""
    return cv2.resize(np.ascontiguousarray(crop), (TILE, TILE), interpolation=cv2.INTER_CUBIC).astype(np.uint8)


def captioned(tile: Image, text: str) -> Image:
    """A tile with a text below it."""
    strip = np.full((CAPTION, TILE, 3), PAPER, np.uint8)
    write(strip, text, (2, 15))
    return np.vstack([tile, strip])


def write(image: Image, text: str, at: tuple[int, int]) -> None:
    """Write on an image."""
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, TEXT, 1, cv2.LINE_AA)
