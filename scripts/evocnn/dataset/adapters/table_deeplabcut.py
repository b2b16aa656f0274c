"""The table of DeepLabCut: three or four header rows, and a row per image."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evocnn.dataset.adapters.fields import did_you_mean
from evocnn.dataset.adapters.table_csv import Cells, TooLong, filled, uses_decimal_commas, value

HEADERS = ("scorer", "individuals", "bodyparts", "coords")
"""Names of the header rows; only tables of several animals have `individuals`."""


def is_deeplabcut(table: Cells) -> bool:
    """Whether a table has the header rows of DeepLabCut."""
    return [row[0] for row in table.rows[:3]] in (["scorer", "bodyparts", "coords"], list(HEADERS[:3]))


def read_objects(path: Path, table: Cells, joints: Sequence[str]) -> list[Any]:
    """A row per image and animal that has a cell with content, as objects with image and joints, unchecked.

    The image is in the first column, or its path is in the first three.

    Raises:
        ValueError: a body part is no joint, or the table holds predictions.
    """
    count = 4 if table.rows[1][0] == "individuals" else 3
    headers = {row[0]: row for row in table.rows[:count]}
    parts, axes = headers.get("bodyparts", []), headers.get("coords", [])
    if not len(parts) == len(axes) == len(table.rows[0]):
        raise ValueError(f"{path}: expected header rows of DeepLabCut of equal length; correct the file")
    if "likelihood" in axes:
        raise ValueError(
            f"{path}: found the column likelihood, so these are predictions of DeepLabCut; expected labels, such as "
            "CollectedData_<scorer>.csv"
        )
    first = next(at for at, axis in enumerate(axes[1:], 1) if axis) if any(axes[1:]) else len(axes)
    for part, axis in zip(parts[first:], axes[first:], strict=True):
        if part not in joints or axis not in ("x", "y"):
            raise ValueError(
                f"{path}: found the body part {part!r} with {axis!r}{did_you_mean(part, joints)}, expected x and y of "
                f"{', '.join(joints)}; change dataset.labels or the table"
            )
    commas = uses_decimal_commas(table)
    animals = headers.get("individuals", [""] * len(axes))
    objects: list[Any] = []
    for row in table.rows[count:]:
        image = "/".join(filter(None, row[:first]))
        row = filled(row, len(axes))
        if len(row) > len(axes):
            objects.append(TooLong(image, len(row), len(axes)))
            continue
        for animal in dict.fromkeys(animals[first:]):
            places: dict[str, list[Any]] = {}
            for at in range(first, len(axes)):
                if animals[at] == animal:
                    places.setdefault(parts[at], [None, None])["xy".index(axes[at])] = value(row[at], commas)
            if count == 3 or any(place != [None, None] for place in places.values()):
                objects.append({"image": image, "joints": places})
    return objects
