"""A format of the user's own: a line of text per person, the image and then x and y of every joint."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from evocnn.dataset.people import Person, Skipped
from evocnn.labels import Labels


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """The people of a file, in its order; places are 0-based pixels of the image, and "-" is no label."""
    for row, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        image, *numbers = line.split()
        if len(numbers) != 2 * labels.outputs:
            yield Skipped(row, image, f"{len(numbers)} numbers, expected {2 * labels.outputs}")
            continue
        joints = np.array([np.nan if text == "-" else float(text) for text in numbers]).reshape(-1, 2)
        yield Person(row, image, joints, np.isfinite(joints).all(-1))


FORMATS = {"lines": read}
