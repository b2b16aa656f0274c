"""Reading the parts of annotation files: JSON, numbers that may be invalid, and names that may be misspelt."""

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
        expected: a description of the expected content, for the error message.

    Raises:
        ValueError: the file is not JSON; the text names it.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except RecursionError as error:
        raise ValueError(
            f"{path}: expected {expected}, found lists inside of lists, too deep to be read; correct the file"
        ) from error
    except ValueError as error:
        raise ValueError(
            f"{path}: expected {expected}, found no JSON ({error}); correct the file or fetch it again"
        ) from error


def finite(value: object) -> float | None:
    """A finite number as a float; None for everything else, text and truth values included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def identifier(value: object) -> int | str | None:
    """A whole number or text that identifies something, 785.0 as 785; None for everything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


def numbers(value: object, count: int) -> list[float] | None:
    """The numbers of a list of `count` finite numbers; None for everything else."""
    if not isinstance(value, list) or len(value) != count:
        return None
    finite_numbers = [number for number in map(finite, value) if number is not None]
    return finite_numbers if len(finite_numbers) == count else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of an error message: the most similar known name, or nothing if none is similar."""
    near = get_close_matches(name, list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
