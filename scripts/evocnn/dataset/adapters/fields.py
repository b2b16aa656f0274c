"""What annotation files are made of: JSON, numbers that may be something else, and names that may be misspelt."""

import json
import math
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any


def load_json(path: Path, expected: str) -> Any:
    """The content of a JSON file, in UTF-8 with or without a byte order mark.

    Args:
        path: the file.
        expected: what should be there, for the error's text.

    Raises:
        ValueError: the file is not JSON; the text names it.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise ValueError(f"{path}: expected {expected}, found no JSON ({error}); mend or fetch the file") from error


def finite(value: object) -> float | None:
    """A finite number as a float; None for everything else, text and truth values included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def numbers(value: object, count: int) -> list[float] | None:
    """The numbers of a list of `count` finite numbers; None for everything else."""
    if not isinstance(value, list) or len(value) != count:
        return None
    found = [number for number in map(finite, value) if number is not None]
    return found if len(found) == count else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of an error's text: the known name that is nearest, or nothing where none is near."""
    near = get_close_matches(name, list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
