"""Own data: a table with one row per person or object, in CSV or JSON, in 0-based pixels; see docs/own_data.md."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.adapters import table_csv, table_deeplabcut
from evocnn.dataset.adapters.box import box_around
from evocnn.dataset.adapters.fields import did_you_mean, finite, load_json, numbers
from evocnn.dataset.people import NOWHERE, Person, Skipped, box_square
from evocnn.labels import Labels
from evocnn.pose.skeleton import Skeleton

KEYS = ("image", "joints", "box", "head_size")

UNLABELLED = ([None, None], [-1, -1])
"""Coordinates of a joint without a label, as spreadsheets and other tools write them."""


class _UnusableError(Exception):
    """A row cannot be used; the text is the reason."""


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """Read all rows of a .csv or .json file; `row` counts from 0, without the header line.

    Raises:
        ValueError: the labels are no skeleton, the file has another ending, is damaged or empty, or has a wrong column.
    """
    if not isinstance(labels, Skeleton):
        raise ValueError(f"{path}: found a table of joints, expected labels with 'joints'; change dataset.labels")
    readers: Mapping[str, Callable[[Path, Sequence[str]], list[Any]]]
    readers = {".csv": _read_csv, ".json": _read_json}
    if path.suffix.lower() not in readers:
        raise ValueError(
            f"{path}: found the ending {path.suffix!r}, expected .csv or .json; rename or convert the file"
        )
    rows = readers[path.suffix.lower()](path, labels.joints)
    if not rows:
        raise ValueError(f"{path}: found no rows, expected one for each person; see docs/own_data.md")
    for row, entry in enumerate(rows):
        if isinstance(entry, table_csv.TooLong):
            reason = f"the row has {entry.cells} cells, the header has {entry.columns}"
            yield Skipped(row, entry.image, reason)
            continue
        try:
            yield _person(row, entry, labels.joints)
        except _UnusableError as error:
            image = entry.get("image") if isinstance(entry, dict) else None
            yield Skipped(row, image if isinstance(image, str) else "", str(error))


def _read_csv(path: Path, joints: Sequence[str]) -> list[Any]:
    table = table_csv.read_cells(path)
    reader = table_deeplabcut if table_deeplabcut.is_deeplabcut(table) else table_csv
    return reader.read_objects(path, table, joints)


def _read_json(path: Path, joints: Sequence[str]) -> list[Any]:
    content = load_json(path, "a list of objects with 'image' and 'joints'")
    if not isinstance(content, list):
        raise ValueError(
            f"{path}: expected a list of objects with 'image' and 'joints', found a {type(content).__name__}; "
            "see docs/own_data.md, or change dataset.format"
        )
    return content


def _person(row: int, entry: Any, names: Sequence[str]) -> Person:
    if not isinstance(entry, dict):
        raise _UnusableError("the row is not an object")
    for key in entry:
        if key not in KEYS:
            raise _UnusableError(f"unknown key {key!r}{did_you_mean(key, KEYS)}")
    image = entry.get("image")
    if not isinstance(image, str) or not image:
        raise _UnusableError("the row names no image")
    joints = _joints(entry.get("joints"), names)
    visible = np.isfinite(joints[:, 0])
    if not visible.any():
        raise _UnusableError("no joint is labelled")
    box = _box(entry["box"]) if entry.get("box") is not None else box_around(joints[visible])
    if box is None:
        raise _UnusableError("there is neither a box nor two labelled joints apart")
    center, side = box_square(*box)
    return Person(row, image, joints, visible, center, side, _head_size(entry.get("head_size")), (box[2], box[3]))


def _joints(places: Any, names: Sequence[str]) -> NDArray[np.float64]:
    if not isinstance(places, dict):
        raise _UnusableError("joints are not given by name")
    joints = np.full((len(names), 2), NOWHERE)
    for name, place in places.items():
        if name not in names:
            raise _UnusableError(f"unknown joint {name!r}{did_you_mean(name, names)}")
        if place is None or place in UNLABELLED:
            continue
        if isinstance(place, list) and len(place) == 2 and None in place:
            raise _UnusableError(f"only one coordinate of {name}")
        point = numbers(place, 2)
        if point is None:
            raise _UnusableError(f"the place of {name} is not two finite numbers")
        joints[names.index(name)] = point
    return joints


def _box(value: Any) -> tuple[float, float, float, float]:
    box = numbers(value, 4)
    if box is None:
        raise _UnusableError("the box is not four finite numbers")
    x, y, width, height = box
    if min(width, height) <= 0:
        raise _UnusableError("the box has no area")
    return x, y, width, height


def _head_size(value: Any) -> float:
    if value is None:
        return np.nan
    size = finite(value)
    if size is None or size <= 0:
        raise _UnusableError("head_size is not a number above 0")
    return size
