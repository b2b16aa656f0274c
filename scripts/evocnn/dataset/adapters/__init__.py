"""Adapters: from the formats that annotations come in to the people table.

An adapter is a function from the path of the annotations and the labels to `Person`s and `Skipped`s. A file of the
user's own may have a table `FORMATS` of adapters: docs/extending.md.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from evocnn.dataset.adapters import coco, image_folder, mpii, table
from evocnn.dataset.people import Annotations, Person, Skipped, tabulate
from evocnn.extensions import look_up
from evocnn.labels import Labels
from evocnn.pose.skeleton import Skeleton

Adapter = Callable[[Path, Labels], Iterator[Person | Skipped]]
ADAPTERS: Mapping[str, Adapter] = {
    "mpii": mpii.read,
    "coco": coco.read,
    "table": table.read,
    "image_folder": image_folder.read,
}


def adapter_of(layout: str) -> Adapter:
    """An adapter by name, or `FILE.py:NAME`.

    Raises:
        ValueError: see `look_up`.
    """
    return look_up(layout, ADAPTERS, "FORMATS", callable, "functions")


def read_annotations(layout: str, path: Path, labels: Labels) -> Annotations:
    """Read annotations in a format; see `adapter_of`.

    Raises:
        ValueError: the file is not in the format, or nothing in it can be used.
    """
    annotations = tabulate(adapter_of(layout)(path, labels), labels)
    if annotations.skipped and not len(annotations.people):
        raise ValueError(_all_skipped(layout, path, annotations.skipped))
    if (
        isinstance(labels, Skeleton)
        and len(annotations.people)
        and not np.isfinite(annotations.people.normaliser).any()
    ):
        raise ValueError(
            f"{path}: nobody has the {labels.normaliser} that errors are measured in; choose another normaliser in "
            "the skeleton"
        )
    return annotations


def _all_skipped(layout: str, path: Path, skipped: Sequence[Skipped]) -> str:
    counts = Counter(row.reason for row in skipped).most_common(3)
    reasons = "; ".join(f"{count} × {reason}" for reason, count in counts)
    return (
        f"{path}: none of its {len(skipped)} rows can be used ({reasons}); convert the file if it is not in the format "
        f"'{layout}' (docs/own_data.md), change dataset.format or dataset.labels, or correct the rows"
    )
