"""Predicted joints in files: arrays, JSON laid out as annotations are, and CSV."""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.adapters.fields import did_you_mean
from evocnn.scoring.prediction_arrays import read_hdf5, read_mat
from evocnn.scoring.predictions import Expected, Predictions

COLUMNS = ("person", "joint", "x", "y")
"""What a CSV needs; its `image` is compared where there is one, other columns are passed over."""


def read_predictions(path: Path, expected: Expected) -> Predictions:
    """Read a .h5, .mat, .json or .csv file.

    Raises:
        ValueError: the file is not in its layout, or is of other people or joints; the text is one line.
    """
    readers = {".h5": read_hdf5, ".mat": read_mat, ".json": _read_json, ".csv": _read_csv}
    if path.suffix.lower() not in readers:
        raise ValueError(
            f"{path}: found the ending {path.suffix!r}, expected {', '.join(readers)}; convert the predictions"
        )
    return readers[path.suffix.lower()](path, expected)


def _read_json(path: Path, expected: Expected) -> Predictions:
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: expected JSON, found damage ({error}); write or fetch the file again") from error
    if not isinstance(entries, list):
        raise ValueError(
            f"{path}: expected a list of objects with 'joints', found a {type(entries).__name__}; see "
            "docs/predictions.md"
        )
    if len(entries) != expected.count:
        raise ValueError(
            f"{path}: found {len(entries)} people, expected {expected.count}, one for each row of the annotation file "
            "in its order; name the annotations that were predicted, or convert the predictions to .csv"
        )
    places = np.full((expected.count, len(expected.joints), 2), np.nan)
    # Rows of invalid annotations count too, so that rows of both files correspond; their joints may be null.
    for row, image in expected.images.items():
        where = f"{path}: person {row}"
        entry = entries[row]
        if not isinstance(entry, dict) or "joints" not in entry:
            raise ValueError(f"{where} is no object with 'joints'; see docs/predictions.md")
        _check_image(where, entry.get("image", image), image)
        places[row] = _places(where, entry["joints"], expected.joints)
    return Predictions(places - expected.first_pixel, np.ones(expected.count, np.bool_))


def _places(where: str, given: Any, joints: Sequence[str]) -> NDArray[np.float64]:
    """Places (J, 2) from a list in the order of the joints, or from an object by their names; null is NaN."""
    if isinstance(given, dict):
        for name in given:
            _check_joint(where, name, joints)
        if missing := [name for name in joints if name not in given]:
            raise ValueError(f"{where} lacks {', '.join(missing)}; add null where nothing is predicted")
        given = [given[name] for name in joints]
    if not isinstance(given, list) or len(given) != len(joints):
        count = len(given) if isinstance(given, list) else "no list of"
        raise ValueError(f"{where} has {count} joints, expected {len(joints)}; correct 'joints'")
    try:
        return np.array([(np.nan, np.nan) if place is None else _pair(place) for place in given], np.float64)
    except (OverflowError, TypeError, ValueError) as error:
        raise ValueError(f"{where} has joints that are not two numbers each; correct 'joints'") from error


def _pair(place: Any) -> tuple[float, float]:
    if not isinstance(place, list):
        raise TypeError("no list")
    x, y = (np.nan if value is None else float(value) for value in place[:2])
    return x, y


def _read_csv(path: Path, expected: Expected) -> Predictions:
    joints = {name: index for index, name in enumerate(expected.joints)}
    places = np.full((expected.count, len(joints), 2), np.nan)
    given = np.zeros((expected.count, len(joints)), np.bool_)
    for line, cells in _lines(path):
        where = f"{path}: line {line}"
        person = _person(where, cells["person"], expected.count)
        _check_joint(where, cells["joint"], expected.joints)
        joint = joints[cells["joint"]]
        if given[person, joint]:
            raise ValueError(f"{where} predicts {cells['joint']} of person {person} again; leave one of them")
        if image := expected.images.get(person):
            _check_image(where, cells.get("image", image), image)
        places[person, joint] = [_number(where, cells[axis]) for axis in "xy"]
        given[person, joint] = True
    usable = np.array(list(expected.images), np.int64)
    if (partial := usable[given[usable].any(1) & ~given[usable].all(1)]).size:
        person = int(partial[0])
        missing = ", ".join(name for name, index in joints.items() if not given[person, index])
        raise ValueError(
            f"{path}: {partial.size} people have some joints only, the first is person {person} without {missing}; "
            "add the rows, with empty x and y where nothing is predicted"
        )
    return Predictions(places, np.asarray(given.all(1)))


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines below the first, which names the columns, with their numbers, from 1 as editors count."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, strict=True)
            columns = [name.strip() for name in next(reader, [])]
            if any(columns.count(name) != 1 for name in COLUMNS) or columns.count("image") > 1:
                names = ", ".join(columns) or "nothing"
                raise ValueError(
                    f"{path}: found the columns {names}, expected {', '.join(COLUMNS)}, each once, separated by "
                    "commas; rename or add columns"
                )
            for cells in reader:
                if cells and len(cells) != len(columns):
                    raise ValueError(
                        f"{path}: line {reader.line_num} has {len(cells)} cells, expected {len(columns)}; correct it"
                    )
                if cells:
                    yield reader.line_num, dict(zip(columns, map(str.strip, cells), strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: expected CSV in UTF-8, found damage ({error}); correct the file") from error


def _person(where: str, cell: str, count: int) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 10 and int(cell) < count):
        raise ValueError(
            f"{where} is of person {cell!r}, expected a row of the annotation file, 0 to {count - 1}; name the "
            "annotations that were predicted"
        )
    return int(cell)


def _number(where: str, cell: str) -> float:
    try:
        return float(cell or "nan")
    except ValueError as error:
        raise ValueError(f"{where} has {cell!r} for x or y, expected a number or nothing; correct it") from error


def _check_joint(where: str, name: str, joints: Sequence[str]) -> None:
    if name not in joints:
        raise ValueError(
            f"{where} has the unknown joint {name!r}{did_you_mean(name, joints)}, expected one of "
            f"{', '.join(joints)}; rename it, or name other labels"
        )


def _check_image(where: str, image: Any, expected: str) -> None:
    if image != expected:
        raise ValueError(
            f"{where} has the image {image!r}, expected {expected!r} as in the annotations; name the annotations that "
            "were predicted, in their order"
        )
