"""A table of own data in CSV, converted to the layout of the JSON table."""

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evocnn.dataset.adapters.fields import did_you_mean

BOX = ("box.x", "box.y", "box.width", "box.height")
SEPARATORS = ",;\t"
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
"""Thousands separated by commas, as English spreadsheets write them."""
GROUPED_BY_POINTS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")


@dataclass(frozen=True)
class TooLong:
    """A row that has more cells than the header, so that they cannot be assigned to columns."""

    image: str
    cells: int
    columns: int


@dataclass(frozen=True)
class Cells:
    """The cells of a CSV file as text, without spaces around them, and what separates them."""

    rows: Sequence[Sequence[str]]
    separator: str


def read_objects(path: Path, table: Cells, joints: Sequence[str]) -> list[Any]:
    """The rows of a table as objects with image, joints, box and head_size, unchecked.

    An empty cell becomes None, a number a float, and any other text stays text. A row with more cells than the header
    becomes a `TooLong`.

    Raises:
        ValueError: a column is unknown, missing or there twice; the text names it.
    """
    columns, *rows = table.rows
    _check(columns, joints, path)
    commas = uses_decimal_commas(table)
    return [
        _object(dict(zip(columns, row, strict=False)), joints, commas)
        if len(row) <= len(columns)
        else TooLong(dict(zip(columns, row, strict=False))["image"], len(row), len(columns))
        for row in (filled(row, len(columns)) for row in rows)
    ]


def read_cells(path: Path) -> Cells:
    """The rows of a CSV file without blank lines; there is at least one.

    The separator is the one of `,`, `;` and tab that is most frequent in the first line.

    Raises:
        ValueError: not CSV in UTF-8, or empty; the text names the file.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            separator = max(SEPARATORS, key=first.count)
            file.seek(0)
            # Strict, because a quote that is not closed would otherwise take all lines after it as one cell.
            read = csv.reader(file, delimiter=separator, strict=True, skipinitialspace=True)
            rows = [[cell.strip() for cell in row] for row in read]
    except (ValueError, csv.Error) as error:
        damage = " ".join(str(error).split())
        raise ValueError(f"{path}: expected CSV in UTF-8, found damage ({damage}); correct the file") from error
    rows = [row for row in rows if row]
    if not rows or not any(rows[0]):
        raise ValueError(f"{path}: expected CSV, found nothing in it; correct the file")
    if any("\0" in cell for row in rows for cell in row):
        raise ValueError(f"{path}: expected CSV in UTF-8, found damage (NUL characters); correct the file")
    return Cells(rows, separator)


def uses_decimal_commas(table: Cells) -> bool:
    """Whether a number has a comma before its decimals, and not between its thousands.

    1,234 between commas may be either, so it decides nothing; between semicolons it has decimals.
    """
    return any(
        DECIMAL_COMMA.fullmatch(cell) and (table.separator != "," or not GROUPED.fullmatch(cell))
        for row in table.rows[1:]
        for cell in row
    )


def value(cell: str, commas: bool) -> float | str | None:
    """A cell as a number, None where it is empty, or the text.

    With decimal commas, 1.234 stays text, because its point may separate thousands.
    """
    if not cell:
        return None
    if commas and GROUPED_BY_POINTS.fullmatch(cell):
        return cell
    try:
        return float(cell.replace(",", ".") if commas and DECIMAL_COMMA.fullmatch(cell) else cell)
    except ValueError:
        return cell


def filled(row: Sequence[str], count: int) -> Sequence[str]:
    """A row without empty cells after the last column, and with those that a spreadsheet has left out."""
    row = [*row, *[""] * (count - len(row))]
    return row if any(row[count:]) else row[:count]


def _check(columns: Sequence[str], joints: Sequence[str], path: Path) -> None:
    needed = ["image", *(f"{joint}.{axis}" for joint in joints for axis in "xy")]
    if set(columns) & set(BOX):
        needed += BOX
    known = [*needed, *BOX, "head_size"]
    for column, count in Counter(columns).items():
        if column not in known:
            raise ValueError(
                f"{path}: found the column {column!r}{did_you_mean(column, known)}, expected, separated by commas or "
                f"semicolons, {', '.join(needed)}; rename or remove it"
            )
        if count > 1:
            raise ValueError(f"{path}: found the column {column!r} {count} times; leave one of them")
    missing = [column for column in needed if column not in columns]
    if missing:
        raise ValueError(f"{path}: the columns {', '.join(missing)} are missing; add them, cells may be empty")


def _object(row: Mapping[str, str], joints: Sequence[str], commas: bool) -> dict[str, Any]:
    box = [value(row.get(column, ""), commas) for column in BOX]
    return {
        "image": row["image"],
        "joints": {joint: [value(row[f"{joint}.{axis}"], commas) for axis in "xy"] for joint in joints},
        "box": None if box == [None] * 4 else box,
        "head_size": value(row.get("head_size", ""), commas),
    }
