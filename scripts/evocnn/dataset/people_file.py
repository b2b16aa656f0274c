"""The people table of a split as a file: annotations are read once, not by every shard."""

from pathlib import Path
from typing import Any

import numpy as np

from evocnn.dataset.people import Annotations, People, Skipped
from evocnn.dataset.splits import Source, read_split
from evocnn.files import replacing
from evocnn.labels import read_labels


def read_source(output: Path, *, source: Source, split: str, labels: Path) -> None:
    """Read a split of a data set and write it; neighbours in the table are of one image, so that it is opened once.

    Args:
        output: file to write (.npz).
        source: the data set.
        split: "train", "valid" or "test".
        labels: labels file.
    """
    found = read_split(source, split, read_labels(labels))
    order = np.argsort(found.people.images, kind="stable")
    write_people(output, Annotations(found.people.take(order), found.skipped))


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
