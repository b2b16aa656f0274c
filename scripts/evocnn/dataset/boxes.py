"""Boxes of people in a user's own images: a CSV or JSON file, in 0-based pixels."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from evocnn.dataset.adapters.fields import load_json, numbers
from evocnn.dataset.adapters.table_csv import BOX

Box = tuple[float, float, float, float]
"""x, y, width, height."""
CSV_COLUMNS = ("image", *BOX)


def read_boxes(path: Path) -> dict[str, list[Box]]:
    """Read the boxes of each image, in the order of the file.

    A CSV has the columns image, box.x, box.y, box.width and box.height; a JSON file is a list of objects with `image`
    and `box`, [x, y, width, height]. Other columns and keys are ignored, so that a table of joints is valid too.

    Raises:
        ValueError: another ending, damage, or a row without an image or a box; the text names the row.
    """
    readers = {".csv": _csv_rows, ".json": _json_rows}
    if path.suffix.lower() not in readers:
        raise ValueError(f"{path}: found the ending {path.suffix!r}, expected .csv or .json; convert the boxes")
    boxes: dict[str, list[Box]] = {}
    for number, row in enumerate(readers[path.suffix.lower()](path)):
        image, box = row.get("image"), numbers(row.get("box"), 4)
        if not isinstance(image, str) or not image or box is None or min(box[2:]) <= 0:
            raise ValueError(
                f"{path}: row {number} has the image {image!r} and the box {row.get('box')!r}, expected a name and "
                "x, y, width, height, with an area; correct it"
            )
        boxes.setdefault(image, []).append((box[0], box[1], box[2], box[3]))
    return boxes


def _csv_rows(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        table = pd.read_csv(path, dtype={"image": str}, encoding="utf-8-sig", skipinitialspace=True)
    except ValueError as error:
        damage = " ".join(str(error).split())
        raise ValueError(f"{path}: expected CSV in UTF-8, found damage ({damage}); correct the file") from error
    missing = [column for column in CSV_COLUMNS if column not in table.columns]
    if missing:
        raise ValueError(f"{path}: the columns {', '.join(missing)} are missing; add them")
    boxes = table[list(BOX)].astype(object).to_numpy().tolist()
    return [{"image": image, "box": box} for image, box in zip(table["image"], boxes, strict=True)]


def _json_rows(path: Path) -> Sequence[Mapping[str, Any]]:
    content = load_json(path, "a list of objects with 'image' and 'box'")
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise ValueError(f"{path}: expected a list of objects with 'image' and 'box'; correct the file")
    return content
