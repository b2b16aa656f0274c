"""The people table of a split as a file: annotations are read once, not by every shard."""

from pathlib import Path
from typing import Any

import numpy as np

from evocnn.dataset.people import Annotations, People, Skipped
from evocnn.files import replacing


def write_people(path: Path, annotations: Annotations) -> None:
    """Write a people table and who is not in it."""
    skipped: dict[str, Any] = {
        "skipped_row": np.array([person.row for person in annotations.skipped], np.int64),
        "skipped_image": np.array([person.image for person in annotations.skipped], np.str_),
        "skipped_reason": np.array([person.reason for person in annotations.skipped], np.str_),
    }
    with replacing(path) as temporary:
        np.savez(temporary, **vars(annotations.people), **skipped)


def read_people(path: Path) -> Annotations:
    """Read what `write_people` has written.

    Raises:
        ValueError: the file is damaged.
    """
    try:
        with np.load(path) as columns:
            people = People(**{name: columns[name] for name in People.__dataclass_fields__})
            rows, images, reasons = (columns[f"skipped_{name}"] for name in ("row", "image", "reason"))
    except Exception as error:  # a damaged zip fails in many ways
        raise ValueError(f"{path}: the people table is damaged; delete it and run snakemake again ({error})") from error
    skipped = zip(rows.tolist(), images.tolist(), reasons.tolist(), strict=True)
    return Annotations(people, tuple(Skipped(*person) for person in skipped))
