"""Images in class folders: `<class>/<image>`, in a folder or a zip."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np

from evocnn.classification.classes import Classes
from evocnn.dataset.images import Images
from evocnn.dataset.people import Person, Skipped, leads_out
from evocnn.labels import Labels


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """Read every image below `path`, in the order of the paths; the first folder is its class.

    Raises:
        ValueError: the labels are no classes, a class has no folder, or there is a folder that is no class.
    """
    if not isinstance(labels, Classes):
        raise ValueError(f"{path}: found class folders, expected labels with 'classes'; change dataset.labels")
    names = [name for name in Images(path).names() if "/" in name]
    found = {PurePosixPath(name).parts[0] for name in names if not leads_out(name)}
    if found != set(labels.classes):
        raise ValueError(
            f"{path}: found the class folders {', '.join(sorted(found)) or '(none)'}; expected "
            f"{', '.join(labels.classes)}; correct the classes of dataset.labels or the folders"
        )
    nowhere, nothing = np.empty((0, 2)), np.empty(0, bool)
    for row, name in enumerate(names):
        # A path that leads out has no class, and is left out by its reason.
        category = 0 if leads_out(name) else labels.classes.index(PurePosixPath(name).parts[0])
        yield Person(row, name, nowhere, nothing, category=category)
