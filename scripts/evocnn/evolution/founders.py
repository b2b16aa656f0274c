"""Founders that people already have: genomes of earlier runs, or written by hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evocnn.files import read_json
from evocnn.space.genes import Genome
from evocnn.space.space import Parts, Space
from evocnn.yaml_files import read_yaml

ROWS = {"population": "survivors", "offspring": "individuals"}
"""Kinds of a run's files that hold genomes, and their key."""


def read_founders(paths: Sequence[Path], space: Space) -> list[Genome]:
    """Read genomes, in the order of the files and of their rows.

    A file is a population or offspring file of a run (.json), or a YAML list of genomes: `stem`, `blocks` and `heads`
    as in those files, of which `stem` and `heads` may be missing.

    Args:
        paths: the files.
        space: that the genomes are of.

    Raises:
        ValueError: a file does not exist, is damaged, or has a genome that does not belong to the space.
    """
    return [genome for path in paths for genome in _read(path, space)]


def _read(path: Path, space: Space) -> list[Genome]:
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file of founders; correct evolution.founders")
    rows = _json_rows(path) if path.suffix == ".json" else read_yaml(path)
    if not isinstance(rows, list) or not rows:
        raise ValueError(f"{path}: expected a list of genomes, found none; see docs/evolution.md")
    return [_genome(path, number, row, space) for number, row in enumerate(rows)]


def _json_rows(path: Path) -> list[Any]:
    try:
        kind = json.loads(path.read_text(encoding="utf-8"))["kind"]
        key = ROWS[kind]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError(
            f"{path}: expected population.json or offspring.json of a run, or a YAML list of genomes; name such a file"
        ) from None
    return [row["genome"] for row in read_json(path, kind, [key])[key]]


def _genome(path: Path, number: int, row: Any, space: Space) -> Genome:
    if not isinstance(row, dict) or not {"blocks"} <= row.keys() <= {"stem", "blocks", "heads"}:
        raise ValueError(f"{path}: genome {number} is {row!r:.80}, expected stem, blocks and heads; correct it")
    try:
        return space.genome(Parts(**{"stem": {}, "heads": {}, **row}))
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: genome {number} does not belong to the space: {error}") from error
