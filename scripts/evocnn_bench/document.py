"""docs/benchmarks/<name>.md: one page per benchmark, wholly written by the command that measures it."""

import os
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from evocnn.files import replacing
from evocnn.processes.devices import processor

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = REPOSITORY / "docs/benchmarks"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table, the first as its head; all columns but the first to the right."""
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([head, "|" + "---|" + "--:|" * (len(rows[0]) - 1), *body])


def spread(values: pd.Series) -> str:
    """Mean and standard deviation of numbers, as text; of one number, this number."""
    return f"{values.mean():.1f} ± {values.std():.1f}" if len(values) > 1 else f"{values.mean():.1f}"


def machine() -> str:
    """The machine of a measurement: processor, cores, versions."""
    libraries = ", ".join(filter(None, map(_library, ("tensorflow", "keras", "opencv-python-headless"))))
    return f"{processor()}, {os.cpu_count()} cores; {libraries}."


def page(title: str, about: str, command: str, measured: str) -> str:
    """A page: what is measured, the command, the machine, the figures."""
    written = f"Written by this command, which measures again and replaces the page:\n\n    {command}\n"
    return f"# {title}\n\n{about.strip()}\n\n{written}\n{measured.strip()}\n"


def write_page(path: Path, text: str) -> None:
    """Write a page of `page`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _library(name: str) -> str:
    """Name and version; "" where it is not installed under this name."""
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""
