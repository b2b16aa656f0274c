"""Adapters: from the formats that annotations come in to the people table.

To add one: a function from the path of the annotations and the labels to `Person`s and `Skipped`s, and a line below.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from evocnn.dataset.adapters import coco, image_folder, mpii, table
from evocnn.dataset.people import Annotations, Person, Skipped, tabulate
from evocnn.labels import Labels
from evocnn.pose.skeleton import Skeleton

Adapter = Callable[[Path, Labels], Iterator[Person | Skipped]]
ADAPTERS: Mapping[str, Adapter] = {
    "mpii": mpii.read,
    "coco": coco.read,
    "table": table.read,
    "image_folder": image_folder.read,
}


def _read(adapter: Adapter, path: Path, labels: Labels) -> Annotations:
    found = tabulate(adapter(path, labels), labels)
    if isinstance(labels, Skeleton) and len(found.people) and not np.isfinite(found.people.normaliser).any():
        raise ValueError(
            f"{path}: nobody has the {labels.normaliser} that errors are measured in; choose another normaliser in "
            "the skeleton"
        )
    return found


FORMATS: Mapping[str, Callable[[Path, Labels], Annotations]] = {
    name: partial(_read, adapter) for name, adapter in ADAPTERS.items()
}
"""Readers of annotations by the name of their format; they raise ValueError for a file that is not in the format."""
