"""The people table of a split as a file, so that annotations are read once and not by every shard."""

from pathlib import Path
from typing import Any

import numpy as np

from evocnn.arrays import read_arrays, write_arrays
from evocnn.dataset.people import Annotations, People, Skipped

COLUMNS = tuple(People.__dataclass_fields__)
SKIPPED = ("skipped_row", "skipped_image", "skipped_reason")
COUNTS = ("copies", "tested")


def write_people(path: Path, annotations: Annotations) -> None:
    """Write a people table and the skipped people."""
    skipped: dict[str, Any] = {
        "skipped_row": np.array([person.row for person in annotations.skipped], np.int64),
        "skipped_image": np.array([person.image for person in annotations.skipped], np.str_),
        "skipped_reason": np.array([person.reason for person in annotations.skipped], np.str_),
    }
    counts = {name: getattr(annotations, name) for name in COUNTS}
    write_arrays(path, {**vars(annotations.people), **skipped, **counts})


def read_people(path: Path) -> Annotations:
    """Read a file of `write_people`.

    Raises:
        ValueError: the file is damaged.
    """
    try:
        columns = read_arrays(path, (*COLUMNS, *SKIPPED, *COUNTS))
        skipped = zip(*(columns[name].tolist() for name in SKIPPED), strict=True)
        return Annotations(
            People(**{name: columns[name] for name in COLUMNS}),
            tuple(Skipped(*person) for person in skipped),
            **{name: int(columns[name]) for name in COUNTS},
        )
    except ValueError as error:
        raise ValueError(f"{path}: the people table is damaged; delete it and run snakemake again ({error})") from error
