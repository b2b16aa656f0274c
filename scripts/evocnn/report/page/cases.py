"""Test images of the best, of typical, and of the worst cases, as a page holds them."""

import base64
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.crops import read_crops
from evocnn.drawing.image_tiles import Image
from evocnn.drawing.pictures import errors, image_tiles
from evocnn.report.run import Run

QUALITY = 85


@dataclass(frozen=True)
class Case:
    """Attributes:
    kind: "best", "typical" or "worst".
    text: the prediction, and how wrong it is.
    source: the picture as a data URI.
    """

    kind: str
    text: str
    source: str


def read_cases(run: Run, each: int) -> list[Case]:
    """Pictures of what the final network predicted; an empty list before its predictions exist.

    Args:
        run: the run.
        each: how many of the best, of the typical and of the worst cases; fewer where the split is small.
    """
    if not run.files.predictions or not run.files.test:
        return []
    crops = read_crops(*run.files.test)
    predicted = run.task.read(run.files.predictions, crops)
    chosen = ends(errors(predicted, crops, run.task.labels), each)
    kinds = [kind for kind, rows in chosen.items() for _ in rows]
    pictures = image_tiles(predicted, crops, run.task.labels, np.concatenate(list(chosen.values())))
    return [Case(kind, text, _uri(tile)) for kind, (tile, text) in zip(kinds, pictures, strict=True)]


def ends(error: NDArray[np.float64], each: int) -> dict[str, NDArray[np.intp]]:
    """Rows of the smallest errors, of those around the median, and of the largest; every row once at most."""
    order = np.argsort(error, kind="stable")[: np.isfinite(error).sum()]
    each = min(each, len(order) // 3)
    middle = (len(order) - each) // 2
    return {"best": order[:each], "typical": order[middle : middle + each], "worst": order[len(order) - each :]}


def _uri(tile: Image) -> str:
    encoded = cv2.imencode(".jpg", cv2.cvtColor(tile, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
    return "data:image/jpeg;base64," + base64.b64encode(encoded.tobytes()).decode()
