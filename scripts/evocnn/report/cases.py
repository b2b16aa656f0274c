"""Test images of the best, of typical, and of the worst cases, as a page holds them."""

import base64
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.crops import read_crops
from evocnn.report.pictures import errors, tiles
from evocnn.report.run_files import Run
from evocnn.report.tiles import Image

QUALITY = 85


@dataclass(frozen=True)
class Case:
    """Attributes:
    kind: "best", "typical" or "worst".
    text: what was found, and what is true.
    source: the picture as a data URI.
    """

    kind: str
    text: str
    source: str


def read_cases(run: Run, each: int) -> list[Case]:
    """Pictures of what the final network predicted; none before it has.

    Args:
        run: the run.
        each: how many of the best, of the middle, and of the worst; fewer where the split is small.
    """
    predictions = run.folder / "final/predictions.csv"
    pixels, labels = (run.folder / f"records/test/crops.{ending}" for ending in ("npy", "npz"))
    if not (predictions.exists() and pixels.exists() and labels.exists()):
        return []
    crops = read_crops(pixels, labels)
    found = run.task.read(predictions, crops)
    chosen = ends(errors(found, crops, run.task.labels), each)
    kinds = [kind for kind, rows in chosen.items() for _ in rows]
    pictures = tiles(found, crops, run.task.labels, np.concatenate(list(chosen.values())))
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
