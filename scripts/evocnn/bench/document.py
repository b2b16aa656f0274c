"""docs/benchmarks.md: a section per benchmark, rewritten by the command that measures it."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from evocnn.files import replacing

REPOSITORY = Path(__file__).resolve().parents[3]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table, the first as its head; all columns but the first to the right."""
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([head, "|" + "---|" + "--:|" * (len(rows[0]) - 1), *body])


def machine() -> str:
    """What was measured on: processor, cores, versions."""
    names = [line.split(":")[1].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    libraries = ", ".join(f"{name} {version(name)}" for name in ("tensorflow", "keras", "opencv-python-headless"))
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores; {libraries}."


def write_section(path: Path, name: str, text: str) -> None:
    """Put text between the marks of a section, which must be in the file.

    Raises:
        ValueError: the marks are missing.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    content = path.read_text()
    if start not in content or end not in content:
        raise ValueError(f"{path}: expected the lines '{start.strip()}' and '{end.strip()}'; add them")
    before, rest = content.split(start)
    with replacing(path) as temporary:
        temporary.write_text(f"{before}{start}\n{text}\n\n{end}{rest.split(end)[1]}")


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.is_file() else []
