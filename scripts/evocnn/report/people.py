"""Predicted and true joints drawn on people."""

from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.crops import Crops, read_crops
from evocnn.files import replacing
from evocnn.network.predictions import read_predictions
from evocnn.pose.skeleton import Skeleton, read_skeleton

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

THRESHOLD = 0.5
"""Fraction of the head size within which a joint is right: PCKh@0.5."""
TILE, CAPTION, GAP, HEADER, ENTRY = 240, 22, 10, 34, 96
"""In pixels: side of an enlarged crop, height of the text below it, space between tiles, height of the legend, width of
one of its entries."""

# RGB; right and left differ for readers with any colour vision (Okabe and Ito's palette).
RIGHT, LEFT, MIDDLE = (230, 159, 0), (86, 180, 233), (0, 158, 115)
TRUTH, OUTLINE, TEXT, PAPER = (255, 255, 255), (60, 60, 60), (30, 30, 30), (255, 255, 255)

SUBPIXEL = 4
"""Fractional bits of the coordinates given to OpenCV."""


@dataclass(frozen=True)
class Outcome:
    """How well people were found.

    Attributes:
        right: (N,) joints within `THRESHOLD`.
        labelled: (N,) joints that count and are labelled.
        error: (N,) mean distance of those joints in head sizes; NaN for people without any.
    """

    right: NDArray[np.integer]
    labelled: NDArray[np.integer]
    error: NDArray[np.float64]


def draw_predictions(output: Path, *, predictions: Path, test: tuple[Path, ...], skeleton: Path, people: int) -> None:
    """Draw people of a split, from the best found to the worst at equal steps, as PNG.

    Args:
        output: file to write.
        predictions: CSV of `write_predictions`.
        test: the split's crops: pixels (.npy) and labels (.npz).
        skeleton: skeleton file.
        people: how many; fewer where fewer have labelled joints.

    Raises:
        ValueError: nobody in the split has a labelled joint.
    """
    joints, crops = read_skeleton(skeleton), read_crops(*test)
    found = read_predictions(predictions, crops)
    outcome = measure(found, crops, joints)
    chosen = choose(outcome.error, people)
    if not len(chosen):
        raise ValueError(f"{test[1]}: nobody has a labelled joint that counts; nothing to draw")
    tiles = []
    for row in chosen:
        tile = _enlarged(crops.inputs(slice(row, row + 1))[0])
        _draw_skeleton(tile, _place(crops.input_joints[row], crops), crops.visible[row], joints, None)
        # A joint without a label cannot be judged, but it is predicted, and shown, all the same.
        predicted = _place(found[row] - crops.margin, crops)
        _draw_skeleton(tile, predicted, np.asarray(np.isfinite(predicted).all(-1)), joints, _sides(joints))
        text = f"{outcome.right[row]} of {outcome.labelled[row]} joints found, error {outcome.error[row]:.2f}"
        tiles.append(_captioned(tile, text))
    picture = _with_legend(_grid(tiles))
    with replacing(output) as temporary:
        if not cv2.imwrite(str(temporary), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)):
            raise OSError(f"{output}: could not be written; is the disk full?")


def measure(found: NDArray[np.floating], crops: Crops, skeleton: Skeleton) -> Outcome:
    """Compare predicted joints (N, J, 2), in pixels of the crops, with the labels; only scored joints count."""
    scored = list(skeleton.scored)
    visible = crops.visible[:, scored]
    distance = np.linalg.norm(found[:, scored] - crops.joints[:, scored], axis=-1) / crops.head_size[:, None]
    labelled = visible.sum(1)
    total = np.where(visible, distance, 0.0).sum(1)
    return Outcome(
        right=(visible & (distance <= THRESHOLD)).sum(1),
        labelled=labelled,
        error=total / np.where(labelled > 0, labelled, np.nan),
    )


def choose(error: NDArray[np.floating], people: int) -> NDArray[np.intp]:
    """Rows at equal steps of the order from the smallest error to the largest, both ends included."""
    order = np.argsort(error, kind="stable")[: np.isfinite(error).sum()]
    return order[np.linspace(0, len(order) - 1, min(people, len(order))).round().astype(int)]


def _sides(skeleton: Skeleton) -> list[Colour]:
    """Colour of each limb: of the side that one of its ends belongs to."""
    right, left = ({pair[side] for pair in skeleton.pairs} for side in (0, 1))
    return [RIGHT if right & set(limb) else LEFT if left & set(limb) else MIDDLE for limb in skeleton.limbs]


def _enlarged(crop: Image) -> Image:
    return cv2.resize(np.ascontiguousarray(crop), (TILE, TILE), interpolation=cv2.INTER_CUBIC).astype(np.uint8)


def _place(joints: NDArray[np.floating], crops: Crops) -> NDArray[np.float64]:
    """From pixels of the input to those of the tile; `cv2.resize` aligns the borders of pixels, not their middles."""
    return (joints.astype(np.float64) + 0.5) * (TILE / crops.input_size) - 0.5


def _draw_skeleton(
    tile: Image,
    joints: NDArray[np.float64],
    shown: NDArray[np.bool_],
    skeleton: Skeleton,
    colours: list[Colour] | None,
) -> None:
    """Draw limbs between shown joints, in their colours; without colours thin and white: the truth."""
    # Far outside of the tile OpenCV's fixed-point coordinates would overflow.
    points = np.clip(np.nan_to_num(joints), -4 * TILE, 5 * TILE) * 2**SUBPIXEL
    points = points.round().astype(int)
    limbs = [(n, a, b) for n, (a, b) in enumerate(skeleton.limbs) if shown[a] and shown[b]]
    for width, outline in ((3, True), (2, False)) if colours else ((3, True), (1, False)):
        for n, a, b in limbs:
            colour = OUTLINE if outline else colours[n] if colours else TRUTH
            thickness = width + 1 if colours else width
            cv2.line(tile, tuple(points[a]), tuple(points[b]), colour, thickness, cv2.LINE_AA, SUBPIXEL)


def _captioned(tile: Image, text: str) -> Image:
    strip = np.full((CAPTION, TILE, 3), PAPER, np.uint8)
    _write(strip, text, (2, 15))
    return np.vstack([tile, strip])


def _grid(tiles: list[Image]) -> Image:
    columns = max(2, ceil(sqrt(len(tiles))))  # the legend is wider than one
    rows = ceil(len(tiles) / columns)
    height, width = tiles[0].shape[0] + GAP, tiles[0].shape[1] + GAP
    grid = np.full((rows * height + GAP, columns * width + GAP, 3), PAPER, np.uint8)
    for n, tile in enumerate(tiles):
        y, x = GAP + n // columns * height, GAP + n % columns * width
        grid[y : y + tile.shape[0], x : x + tile.shape[1]] = tile
    return grid


def _with_legend(grid: Image) -> Image:
    """A line above that explains the colours, and the captions where there is room."""
    entries: tuple[tuple[str, Colour], ...] = (
        ("right side", RIGHT),
        ("left side", LEFT),
        ("middle", MIDDLE),
        ("truth", TRUTH),
    )
    strip = np.full((HEADER, grid.shape[1], 3), PAPER, np.uint8)
    for n, (text, colour) in enumerate(entries):
        x = GAP + ENTRY * n
        cv2.line(strip, (x, 20), (x + 14, 20), OUTLINE, 4, cv2.LINE_AA)
        cv2.line(strip, (x, 20), (x + 14, 20), colour, 2, cv2.LINE_AA)
        _write(strip, text, (x + 19, 24))
    if grid.shape[1] >= 3 * TILE:
        _write(strip, "best found first; mean error in head sizes", (GAP + ENTRY * len(entries), 24))
    return np.vstack([strip, grid])


def _write(image: Image, text: str, at: tuple[int, int]) -> None:
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, TEXT, 1, cv2.LINE_AA)
