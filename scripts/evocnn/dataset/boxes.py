"""Boxes of people in a user's own images: a CSV or JSON file, in 0-based pixels."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evocnn.dataset.adapters.fields import finite, identifier, load_json, numbers
from evocnn.dataset.adapters.table_csv import BOX

Box = tuple[float, float, float, float]
"""x, y, width, height."""
CSV_COLUMNS = ("image", *BOX)
EXPECTED = "a list of objects with 'image' and 'box', or COCO's annotations or detections"


def read_boxes(path: Path, *, category: int | None = None, least: float = 0.0) -> dict[str | int, list[Box]]:
    """Read the boxes of each image, in the order of the file.

    A CSV has the columns image, box.x, box.y, box.width and box.height; a JSON file is a list of objects with `image`
    and `box`, [x, y, width, height]. Other columns and keys are ignored, so that a table of joints is valid too. COCO's
    annotations (an object with `images` and `annotations`) and detections (a list of objects with `image_id` and
    `bbox`) are read too; crowds are left out. Detections name images by numbers: see `evocnn.prediction.frames`.

    Args:
        path: the file.
        category: `category_id` of the boxes of COCO to use; None where the file has one category.
        least: score of a detection from which on it is used.

    Returns:
        Boxes by the name of the image, or by its number.

    Raises:
        ValueError: another ending, damage, a row without an image or a box, or several categories; the text names the
            row.
    """
    readers = {".csv": _csv_rows, ".json": _json_rows}
    if path.suffix.lower() not in readers:
        raise ValueError(f"{path}: found the ending {path.suffix!r}, expected .csv or .json; convert the boxes")
    boxes: dict[str | int, list[Box]] = {}
    for number, row in enumerate(_chosen(path, readers[path.suffix.lower()](path), category)):
        image, box = identifier(row.get("image")), numbers(row.get("box"), 4)
        if image is None or image == "" or box is None or min(box[2:]) <= 0:
            raise ValueError(
                f"{path}: row {number} has the image {row.get('image')!r} and the box {row.get('box')!r}, expected a "
                "name and x, y, width, height, with an area; correct it"
            )
        if row.get("score", least) >= least:
            boxes.setdefault(image, []).append((box[0], box[1], box[2], box[3]))
    return boxes


def read_image_ids(path: Path) -> dict[str | int, int]:
    """COCO's ids of the images of a file of boxes, by what `read_boxes` calls them; empty for other formats."""
    if path.suffix.lower() != ".json":
        return {}
    content = load_json(path, EXPECTED)
    if isinstance(content, dict):
        entries = [(image.get("file_name"), image.get("id")) for image in content["images"] if isinstance(image, dict)]
    else:
        entries = [(row.get("image_id"), row.get("image_id")) for row in content if isinstance(row, dict)]
    return {name: number for name, number in entries if isinstance(name, str | int) and isinstance(number, int)}


def _chosen(path: Path, rows: Sequence[Mapping[str, Any]], category: int | None) -> list[Mapping[str, Any]]:
    """The rows of a category."""
    known = sorted({row["category"] for row in rows if isinstance(row.get("category"), int)})
    if category is None and len(known) > 1:
        names = ", ".join(map(str, known))
        raise ValueError(f"{path}: found boxes of the categories {names}; choose one with --category")
    return [row for row in rows if category is None or row.get("category") == category]


def _csv_rows(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            header, *lines = csv.reader(file, skipinitialspace=True, strict=True)
    except (ValueError, csv.Error) as error:
        damage = " ".join(str(error).split())
        raise ValueError(f"{path}: expected CSV in UTF-8, found damage ({damage}); correct the file") from error
    columns = [name.strip() for name in header]
    missing = [column for column in CSV_COLUMNS if column not in columns]
    if missing:
        raise ValueError(f"{path}: the columns {', '.join(missing)} are missing; add them")
    rows = []
    for number, cells in enumerate(line for line in lines if line):
        if len(cells) != len(columns):
            raise ValueError(f"{path}: row {number} has {len(cells)} cells, expected {len(columns)}; correct it")
        row = dict(zip(columns, cells, strict=True))
        rows.append({"image": row["image"], "box": [_number(row[column]) for column in BOX]})
    return rows


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _json_rows(path: Path) -> Sequence[Mapping[str, Any]]:
    content = load_json(path, EXPECTED)
    if isinstance(content, dict) and all(isinstance(content.get(key), list) for key in ("images", "annotations")):
        return _coco_rows(content)
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise ValueError(f"{path}: expected {EXPECTED}; correct the file")
    return [_detection(row) if "bbox" in row and "image_id" in row else _own_box(row) for row in content]


def _own_box(row: Mapping[str, Any]) -> dict[str, Any]:
    """One of the own layout; a number is no name of an image."""
    image = row.get("image")
    return {"image": image if isinstance(image, str) else None, "box": row.get("box")}


def _coco_rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Boxes of annotated objects that are no crowds; those of categories with keypoints where there are such."""
    images, annotations, categories = (
        [entry for entry in content.get(key) or [] if isinstance(entry, dict)]
        for key in ("images", "annotations", "categories")
    )
    names = {identifier(image.get("id")): image.get("file_name") for image in images}
    posed = {identifier(category.get("id")) for category in categories if category.get("keypoints")}
    return [
        {"image": names.get(identifier(entry.get("image_id"))), "box": entry.get("bbox"), "category": category}
        for entry in annotations
        for category in [identifier(entry.get("category_id"))]
        if entry.get("iscrowd") not in (1, "1") and (not posed or category in posed)
    ]


def _detection(row: Mapping[str, Any]) -> dict[str, Any]:
    """One of COCO's results: https://cocodataset.org/#format-results."""
    score = finite(row.get("score", 1.0))
    return {
        "image": identifier(row["image_id"]),
        "box": row["bbox"],
        "category": identifier(row.get("category_id")),
        "score": 0.0 if score is None else score,
    }
