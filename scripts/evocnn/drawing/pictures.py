"""Crops with what was predicted for them, from the smallest error to the largest."""

from collections.abc import Iterable
from math import ceil, sqrt
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.crops import Crops, read_crops
from evocnn.drawing.image_tiles import CAPTION, GAP, PAPER, TILE, Image, captioned, choose, enlarged
from evocnn.drawing.people import measure, pose_tiles, with_legend
from evocnn.files import replacing
from evocnn.labels import Labels
from evocnn.pose.skeleton import Skeleton
from evocnn.tasks.task import read_task


def draw_predictions(output: Path, *, predictions: Path, test: tuple[Path, Path], labels: Path, people: int) -> None:
    """Draw people of a split as PNG, at equal steps from the smallest error to the largest.

    Args:
        output: file to write.
        predictions: CSV of `Task.write`.
        test: the split's crops: pixels (.npy) and labels (.npz).
        labels: labels file.
        people: how many; fewer where fewer have labelled joints.

    Raises:
        ValueError: no person of the split has a labelled joint.
    """
    task, crops = read_task(labels), read_crops(*test)
    predicted = task.read(predictions, crops)
    rows = choose(errors(predicted, crops, task.labels), people)
    if not len(rows):
        raise ValueError(f"{test[1]}: no person has a labelled joint that counts; nothing to draw")
    picture = _grid([captioned(*tile) for tile in image_tiles(predicted, crops, task.labels, rows)])
    if isinstance(task.labels, Skeleton):
        picture = with_legend(picture)
    with replacing(output) as temporary:
        if not cv2.imwrite(str(temporary), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)):
            raise OSError(f"{output}: could not be written; is the disk full?")


def errors(predicted: NDArray[np.floating], crops: Crops, labels: Labels) -> NDArray[np.float64]:
    """Errors of predictions, (N,): mean distance over normaliser, or 1 − probability; NaN for people without labels."""
    if isinstance(labels, Skeleton):
        return measure(predicted[..., :2], crops, labels).error
    return 1 - predicted[np.arange(len(predicted)), crops.category].astype(np.float64)


def image_tiles(
    predicted: NDArray[np.floating], crops: Crops, labels: Labels, rows: Iterable[int]
) -> list[tuple[Image, str]]:
    """Pictures of some rows with what was predicted for them, and the same in words."""
    if isinstance(labels, Skeleton):
        return pose_tiles(predicted[..., :2], crops, labels, rows)
    inputs, guess = crops.inputs(slice(None)), predicted.argmax(-1)
    shown = []
    for row in rows:
        name, true = (labels.classes[of[row]] for of in (guess, crops.category))
        truth = "" if name == true else f", is {true}"
        shown.append((enlarged(inputs[row]), f"{name} ({predicted[row].max():.2f}){truth}"))
    return shown


def _grid(image_tiles: list[Image]) -> Image:
    columns = max(2, ceil(sqrt(len(image_tiles))))  # the legend is wider than one
    rows = ceil(len(image_tiles) / columns)
    height, width = TILE + CAPTION + GAP, TILE + GAP
    grid = np.full((rows * height + GAP, columns * width + GAP, 3), PAPER, np.uint8)
    for n, tile in enumerate(image_tiles):
        y, x = GAP + n // columns * height, GAP + n % columns * width
        grid[y : y + tile.shape[0], x : x + tile.shape[1]] = tile
    return grid
