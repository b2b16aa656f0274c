"""Code of the user's own: a Python file that the configuration names, and a table in it.

A setting that takes the name of something built in takes `FILE.py:NAME` as well: the entry NAME of a table of that
file. docs/extending.md lists the tables.
"""

import re
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

PATTERN = r".+\.py:\w+"
"""What names an entry of a file, as a regular expression."""

T = TypeVar("T")


def own_file(reference: str) -> Path | None:
    """The file of `FILE.py:NAME`; None for a name without a file."""
    return Path(reference.rsplit(":", 1)[0]) if re.fullmatch(PATTERN, reference) else None


def own_name(reference: str) -> str:
    """The NAME of `FILE.py:NAME`; a name without a file stays as it is."""
    return reference.rsplit(":", 1)[1] if own_file(reference) else reference


def look_up(reference: str, built_in: Mapping[str, T], table: str, fits: Callable[[Any], bool], expected: str) -> T:
    """What a setting names: an entry of `built_in`, or of a table of a file of the user's own.

    Args:
        reference: a name, or `FILE.py:NAME`.
        built_in: what there is by name.
        table: name of the table in the file, such as "STRATEGIES".
        fits: whether a value of the table is of the kind that is needed.
        expected: that kind in words.

    Raises:
        ValueError: the file is missing, fails, or lacks the table or the name; a value of the table is of another kind.
    """
    file, name = own_file(reference), own_name(reference)
    if file is None:
        return built_in[name]
    own = read_table(file, table, fits, expected)
    if name not in own:
        names = ", ".join(own) or "nothing"
        raise ValueError(f"{file}: {table} has {names}, expected '{name}' as in {reference}; add it, or correct it")
    return own[name]


def own_metric(labels: Mapping[str, Any], path: Path) -> str | None:
    """The metric that a labels file names, its file found beside the labels file; None where it names none.

    Args:
        labels: content of the labels file.
        path: of the labels file.

    Raises:
        ValueError: it is no `FILE.py:NAME`.
    """
    given = labels.get("metric")
    if given in (None, "", "null", "~"):
        return None
    if not isinstance(given, str) or not own_file(given):
        raise ValueError(
            f"{path}: metric is {given!r}, expected FILE.py:NAME, or for joints pck, nme or ap; correct it"
        )
    return f"{file_inside(path, 'metric', str(own_file(given)))}:{own_name(given)}"


def file_inside(path: Path, key: str, name: str) -> Path:
    """The file that a YAML file names under a key, inside of its folder: a copy of both works as they do.

    Raises:
        ValueError: it is elsewhere, or not named from there.
    """
    file = path.parent / name
    elsewhere = Path(name).is_absolute() or ".." in Path(name).parts
    if elsewhere or not file.resolve().is_relative_to(path.parent.resolve()):
        raise ValueError(
            f"{path}: {key} is {name}, expected a file inside of {path.parent}, named from there; move it, or correct "
            "the path"
        )
    return file


def read_metric(reference: str) -> Callable[..., Any]:
    """A metric, from `FILE.py:NAME`.

    Raises:
        ValueError: see `look_up`.
    """
    return look_up(reference, {}, "METRICS", callable, "functions")


def read_table(file: Path, table: str, fits: Callable[[Any], bool], expected: str) -> Mapping[str, Any]:
    """Run a file and take a table of it, by name; empty where the file has no such table.

    Raises:
        ValueError: the file is missing, fails, or a value of the table is of another kind; see `look_up`.
    """
    if not file.is_file():
        raise ValueError(f"{file}: there is no such file; correct the path")
    try:
        content = runpy.run_path(str(file)).get(table, {})
    except Exception as error:  # whatever the user's code raises
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise ValueError(f"{file}: expected Python that runs, found {what}; correct the file") from error
    if not isinstance(content, Mapping) or not all(isinstance(key, str) and fits(of) for key, of in content.items()):
        raise ValueError(
            f"{file}: found {table} {content!r:.60}; expected a mapping from names to {expected}; correct the file, "
            "see docs/extending.md"
        )
    return content
