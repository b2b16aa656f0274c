"""A table of own data in CSV, brought into the layout of the one in JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from evocnn.dataset.adapters.fields import did_you_mean

BOX = ("box.x", "box.y", "box.width", "box.height")


def read_objects(path: Path, joints: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of a CSV file as objects with image, joints, box and head_size, unchecked.

    An empty cell becomes None, a number a float, and any other text stays text.

    Raises:
        ValueError: not CSV in UTF-8, or a column is unknown, missing or there twice; the text names it.
    """
    try:
        # Everything is text and the names of the columns are a row: nothing is guessed, renamed or moved by pandas.
        table = pd.read_csv(path, header=None, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except ValueError as error:
        found = " ".join(str(error).split())
        raise ValueError(f"{path}: expected CSV in UTF-8, found damage ({found}); correct the file") from error
    columns, *rows = ([cell.strip() for cell in row] for row in table.fillna("").to_numpy(dtype=object).tolist())
    _check(columns, joints, path)
    return [_object(dict(zip(columns, row, strict=True)), joints) for row in rows]


def _check(columns: Sequence[str], joints: Sequence[str], path: Path) -> None:
    needed = ["image", *(f"{joint}.{axis}" for joint in joints for axis in "xy")]
    if set(columns) & set(BOX):
        needed += BOX
    known = [*needed, *BOX, "head_size"]
    for column, count in Counter(columns).items():
        if column not in known:
            raise ValueError(
                f"{path}: found the column {column!r}{did_you_mean(column, known)}, expected, separated by commas, "
                f"{', '.join(needed)}; rename or remove it"
            )
        if count > 1:
            raise ValueError(f"{path}: found the column {column!r} {count} times; leave one of them")
    missing = [column for column in needed if column not in columns]
    if missing:
        raise ValueError(f"{path}: the columns {', '.join(missing)} are missing; add them, cells may be empty")


def _object(row: Mapping[str, str], joints: Sequence[str]) -> dict[str, Any]:
    box = [_value(row.get(column, "")) for column in BOX]
    return {
        "image": row["image"],
        "joints": {joint: [_value(row[f"{joint}.{axis}"]) for axis in "xy"] for joint in joints},
        "box": None if box == [None] * 4 else box,
        "head_size": _value(row.get("head_size", "")),
    }


def _value(cell: str) -> float | str | None:
    if not cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return cell
