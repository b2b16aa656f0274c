"""Crops with what was predicted for them, from the best found to the worst."""

from math import ceil, sqrt
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.crops import read_crops
from evocnn.files import replacing
from evocnn.report.people import pose_tiles, with_legend
from evocnn.report.tiles import CAPTION, GAP, PAPER, TILE, Image, captioned, choose, enlarged
from evocnn.tasks.classification import Classification
from evocnn.tasks.pose import Pose
from evocnn.tasks.task import read_task


def draw_predictions(output: Path, *, predictions: Path, test: tuple[Path, Path], labels: Path, people: int) -> None:
    """Draw people of a split, from the best found to the worst at equal steps, as PNG.

    Args:
        output: file to write.
        predictions: CSV of `Task.write`.
        test: the split's crops: pixels (.npy) and labels (.npz).
        labels: labels file.
        people: how many; fewer where fewer have labelled joints.

    Raises:
        ValueError: nobody in the split has a labelled joint.
    """
    task, crops = read_task(labels), read_crops(*test)
    found = task.read(predictions, crops)
    if isinstance(task, Pose):
        tiles = pose_tiles(found[..., :2], crops, task.labels, people)
        if not tiles:
            raise ValueError(f"{test[1]}: nobody has a labelled joint that counts; nothing to draw")
        picture = with_legend(_grid(tiles))
    elif isinstance(task, Classification):
        picture = _grid(_class_tiles(found, crops.inputs(slice(None)), crops.category, task, people))
    with replacing(output) as temporary:
        if not cv2.imwrite(str(temporary), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)):
            raise OSError(f"{output}: could not be written; is the disk full?")


def _class_tiles(
    found: NDArray[np.floating],
    inputs: NDArray[np.uint8],
    category: NDArray[np.integer],
    task: Classification,
    people: int,
) -> list[Image]:
    names, guess = task.labels.classes, found.argmax(-1)
    tiles = []
    for row in choose(1 - found[np.arange(len(found)), category], people):
        truth = "" if guess[row] == category[row] else f", is {names[category[row]]}"
        tiles.append(captioned(enlarged(inputs[row]), f"{names[guess[row]]} ({found[row].max():.2f}){truth}"))
    return tiles


def _grid(tiles: list[Image]) -> Image:
    columns = max(2, ceil(sqrt(len(tiles))))  # the legend is wider than one
    rows = ceil(len(tiles) / columns)
    height, width = TILE + CAPTION + GAP, TILE + GAP
    grid = np.full((rows * height + GAP, columns * width + GAP, 3), PAPER, np.uint8)
    for n, tile in enumerate(tiles):
        y, x = GAP + n // columns * height, GAP + n % columns * width
        grid[y : y + tile.shape[0], x : x + tile.shape[1]] = tile
    return grid
