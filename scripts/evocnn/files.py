"""Files of a run: written completely or not at all, with a checksum, and checked when read."""

import hashlib
import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import Any

from evocnn.import_guard import hidden_modules

# json_tricks would import pandas to encode tables, which no document holds. That takes half the time of `breed`.
with hidden_modules("pandas"):
    import json_tricks

SCHEMA_VERSION = 1
SEAL = re.compile(r'"sha256": "[0-9a-f]{64}"')
UNSEALED = '"sha256": ""'


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write to. On success it is renamed to `path`, on an error it is removed.

    Temporary files that killed processes have left of the same file are removed too.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{escape(path.stem)}.*.partial{path.suffix}"):
        if not Path("/proc", left.name.removesuffix(f".partial{path.suffix}").rpartition(".")[2]).exists():
            left.unlink(missing_ok=True)
    # The temporary name has the same ending, because libraries choose a format by it.
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def inside(folder: Path, name: str) -> Path:
    """The path of a name in a folder, links followed; for names that come from other people's files.

    Raises:
        ValueError: it is outside of the folder.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{folder}: {name!r} leads out of it; nothing is written there. Rename it")
    return path


def write_json(path: Path, kind: str, document: dict[str, Any]) -> None:
    """Write a document of a kind ("offspring", "fitness", …) with its schema version and a seal.

    The seal is the SHA-256 of the text with an empty seal. It detects every changed byte.

    Raises:
        ValueError: a number is NaN or infinite; write None for values that cannot be measured.
    """
    head = {"schema_version": SCHEMA_VERSION, "kind": kind, "sha256": ""}
    text = json_tricks.dumps({**head, **document}, indent=1, allow_nan=False) + "\n"
    with replacing(path) as temporary:
        temporary.write_text(text.replace(UNSEALED, _seal(text), 1), encoding="utf-8")


def read_json(path: Path, kind: str, keys: Iterable[str] = ()) -> dict[str, Any]:
    """Read a document of `write_json` and check that it has the `keys`.

    Raises:
        ValueError: the file is not JSON, has another kind or schema version, was changed after it was written, or lacks
            a key; the message names the file and says what to do.
    """
    remedy = f"delete {path} and run snakemake again"
    try:
        text = path.read_text(encoding="utf-8")
        # The standard library's parser is eight times as fast, and every document is plain JSON.
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: expected JSON, found damage ({error}); {remedy}") from error
    if not isinstance(document, dict) or document.get("kind") != kind:
        raise ValueError(f"{path}: expected a file of kind '{kind}'; {remedy}")
    if document.get("schema_version") != SCHEMA_VERSION:
        actual = document.get("schema_version")
        raise ValueError(f"{path}: found schema_version {actual}, expected {SCHEMA_VERSION}; {remedy}")
    seal = SEAL.search(text)
    if seal is None or seal[0] != _seal(SEAL.sub(UNSEALED, text, count=1)):
        raise ValueError(f"{path}: its content does not match its sha256: damaged, or changed by hand; {remedy}")
    del document["sha256"]
    missing = [key for key in keys if key not in document]
    if missing:
        raise ValueError(f"{path}: {', '.join(missing)} is missing; {remedy}")
    return document


def _seal(unsealed: str) -> str:
    return f'"sha256": "{hashlib.sha256(unsealed.encode()).hexdigest()}"'


def finite(numbers: dict[str, Any]) -> dict[str, Any]:
    """The same numbers, nested or not, with None for NaN and infinity, such as the score of a joint without labels."""
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


def copy_files(sources: Sequence[Path], copies: Sequence[Path]) -> None:
    """Copy files, each to the path at its place."""
    for source, copy in zip(sources, copies, strict=True):
        with replacing(copy) as temporary:
            temporary.write_bytes(source.read_bytes())
