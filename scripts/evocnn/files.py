"""Files of a run: written whole or not at all, sealed, and checked when read."""

import hashlib
import json
import math
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import Any

from evocnn.leaving_out import leaving_out

# json_tricks would import pandas, half the time of `breed` and `select`, to encode tables that no document holds.
with leaving_out("pandas"):
    import json_tricks

SCHEMA_VERSION = 1
SEAL = re.compile(r'"sha256": "[0-9a-f]{64}"')
UNSEALED = '"sha256": ""'


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; on success it takes the name `path`, on an error it is removed.

    What processes that were killed have left of the same file is removed too.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{escape(path.stem)}.*.partial{path.suffix}"):
        if not Path("/proc", left.name.removesuffix(f".partial{path.suffix}").rpartition(".")[2]).exists():
            left.unlink(missing_ok=True)
    # The ending stays, because libraries choose a format by it.
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, kind: str, document: dict[str, Any]) -> None:
    """Write a document of a kind ("offspring", "fitness", …) with its schema version and a seal.

    The seal is the SHA-256 of the text with an empty one, so that no flipped byte goes unnoticed.

    Raises:
        ValueError: a number is NaN or infinite; what cannot be measured is None.
    """
    head = {"schema_version": SCHEMA_VERSION, "kind": kind, "sha256": ""}
    text = json_tricks.dumps({**head, **document}, indent=1, allow_nan=False) + "\n"
    with replacing(path) as temporary:
        temporary.write_text(text.replace(UNSEALED, _seal(text), 1))


def read_json(path: Path, kind: str, keys: Iterable[str] = ()) -> dict[str, Any]:
    """Read a document written by `write_json`, with the `keys` that it must have.

    Raises:
        ValueError: not JSON, another kind or schema version, changed after it was written, or a missing key; the text
            says which file and what to do.
    """
    remedy = f"delete {path} and run snakemake again"
    try:
        text = path.read_text()
        # The standard library's: eight times as fast, and a document is plain JSON, whatever it was written from.
        document = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{path}: expected JSON, found damage ({error}); {remedy}") from error
    if not isinstance(document, dict) or document.get("kind") != kind:
        raise ValueError(f"{path}: expected a file of kind '{kind}'; {remedy}")
    if document.get("schema_version") != SCHEMA_VERSION:
        found = document.get("schema_version")
        raise ValueError(f"{path}: found schema_version {found}, expected {SCHEMA_VERSION}; {remedy}")
    seal = SEAL.search(text)
    if seal is None or seal[0] != _seal(SEAL.sub(UNSEALED, text, count=1)):
        raise ValueError(f"{path}: its content does not fit its sha256: damaged, or changed by hand; {remedy}")
    del document["sha256"]
    missing = [key for key in keys if key not in document]
    if missing:
        raise ValueError(f"{path}: {', '.join(missing)} is missing; {remedy}")
    return document


def _seal(unsealed: str) -> str:
    return f'"sha256": "{hashlib.sha256(unsealed.encode()).hexdigest()}"'


def finite(numbers: dict[str, Any]) -> dict[str, Any]:
    """Numbers of a document, nested or not; what is NaN or infinite, such as a score of no labels, becomes None."""
    return {
        name: finite(value) if isinstance(value, dict) else value if math.isfinite(value) else None
        for name, value in numbers.items()
    }


def digest(*paths: Path) -> str:
    """SHA-256 over the contents of files, in the order given, as 64 hex digits."""
    total = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
