"""Whether files of a run are where they were written: not those of another generation or training."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from evocnn.evolution.fitness import Fitness
from evocnn.inheritance.files import RESULT

GENERATION = re.compile(r"generation-(\d+)")


def check_generation(path: Path, generation: Any) -> None:
    """Check that a file in the folder of a generation is of this generation.

    Raises:
        ValueError: it is of another one.
    """
    folder = GENERATION.fullmatch(path.absolute().parent.name)
    if folder and int(folder[1]) != generation:
        raise ValueError(
            f"{path}: found generation {generation}, expected {int(folder[1])}, as the folder says; delete {path} and "
            "run snakemake again"
        )


def check_keys(trained: Sequence[tuple[Path, Fitness]]) -> None:
    """Check that each fitness is of the training whose results lie beside it; see `evocnn.training.key`.

    Raises:
        ValueError: one is of another training, for example of the same network in another run.
    """
    for path, fitness in trained:
        key, stored = fitness.provenance.get("key"), _stored_key(path.with_name(RESULT))
        if stored and key and key != stored:
            raise ValueError(
                f"{path}: is of the training {key[:12]}, expected {stored[:12]}, whose results are in {RESULT} beside "
                f"it; delete {path} and run snakemake again"
            )


def _stored_key(path: Path) -> str:
    """The key of stored results; "" where there are none, or damaged ones, which are replaced when they are needed."""
    try:
        with ZipFile(path) as archive:
            return archive.comment.decode("ascii", errors="replace")
    except (OSError, BadZipFile):
        return ""
