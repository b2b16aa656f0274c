"""Predicted and true joints drawn on people."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.crops import Crops
from evocnn.drawing.image_tiles import GAP, PAPER, TILE, Image, enlarged, write
from evocnn.pose.skeleton import Skeleton

Colour = tuple[int, int, int]

HEADER, ENTRY = 34, 96
"""In pixels: height of the legend, width of one of its entries."""

# RGB; right and left differ for readers with any colour vision (Okabe and Ito's palette).
RIGHT, LEFT, MIDDLE = (230, 159, 0), (86, 180, 233), (0, 158, 115)
TRUTH, OUTLINE = (255, 255, 255), (60, 60, 60)

SUBPIXEL = 4
"""Fractional bits of the coordinates given to OpenCV."""


@dataclass(frozen=True)
class Outcome:
    """How accurate the predicted joints of people are.

    Attributes:
        right: (N,) joints within the skeleton's threshold.
        labelled: (N,) joints that count and are labelled.
        error: (N,) mean distance of those joints over the normaliser; NaN for people without any.
    """

    right: NDArray[np.integer]
    labelled: NDArray[np.integer]
    error: NDArray[np.float64]


def pose_tiles(
    joints: NDArray[np.floating], crops: Crops, skeleton: Skeleton, rows: Iterable[int]
) -> list[tuple[Image, str]]:
    """Tiles of some rows of predicted joints (N, J, 2), in pixels of the input, over the true ones, and texts."""
    outcome = measure(joints, crops, skeleton)
    image_tiles = []
    for row in rows:
        tile = enlarged(crops.inputs(slice(row, row + 1))[0])
        _draw_skeleton(tile, _place(crops.input_joints[row], crops), crops.visible[row], skeleton, None)
        # A joint without a label cannot be judged, but it is predicted, and shown, all the same.
        predicted = _place(joints[row], crops)
        _draw_skeleton(tile, predicted, np.asarray(np.isfinite(predicted).all(-1)), skeleton, limb_colours(skeleton))
        text = f"{outcome.right[row]} of {outcome.labelled[row]} joints right, error {outcome.error[row]:.2f}"
        image_tiles.append((tile, text))
    return image_tiles


def measure(joints: NDArray[np.floating], crops: Crops, skeleton: Skeleton) -> Outcome:
    """Compare predicted joints (N, J, 2), in pixels of the input, with the labels; only scored joints count."""
    scored = list(skeleton.scored)
    visible = crops.visible[:, scored]
    distance = np.linalg.norm(joints[:, scored] - crops.input_joints[:, scored], axis=-1) / crops.normaliser[:, None]
    labelled = visible.sum(1)
    total = np.where(visible, distance, 0.0).sum(1)
    return Outcome(
        right=(visible & (distance <= skeleton.threshold)).sum(1),
        labelled=labelled,
        error=total / np.where(labelled > 0, labelled, np.nan),
    )


def limb_colours(skeleton: Skeleton) -> list[Colour]:
    """Colour of each limb: of the side that one of its ends belongs to."""
    right, left = ({pair[side] for pair in skeleton.pairs} for side in (0, 1))
    return [RIGHT if right & set(limb) else LEFT if left & set(limb) else MIDDLE for limb in skeleton.limbs]


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


def with_legend(grid: Image) -> Image:
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
        write(strip, text, (x + 19, 24))
    if grid.shape[1] >= 3 * TILE:
        write(strip, "best first; mean error in units of the score", (GAP + ENTRY * len(entries), 24))
    return np.vstack([strip, grid])
