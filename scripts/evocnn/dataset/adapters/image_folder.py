"""Images in class folders: `<class>/<image>`, in a folder or a zip."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np

from evocnn.classification.classes import Classes
from evocnn.dataset.image_names import leads_out
from evocnn.dataset.images import Images
from evocnn.dataset.people import Person, Skipped
from evocnn.labels import Labels


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """Read every image below `path`, in the order of the paths; the first folder of a path is the image's class.

    Raises:
        ValueError: the labels are no classes, a class has no folder, or there is a folder that is no class.
    """
    if not isinstance(labels, Classes):
        raise ValueError(f"{path}: found class folders, expected labels with 'classes'; change dataset.labels")
    folders: dict[str, list[tuple[int, str]]] = {}
    for row, name in enumerate(Images(path).names()):
        if leads_out(name):
            yield Skipped(row, name, "the image's path leads out of the images")
        elif "/" not in name:
            yield Skipped(row, name, "the image is in no class folder")
        else:
            folders.setdefault(PurePosixPath(name).parts[0], []).append((row, name))
    if folders.keys() != set(labels.classes):
        raise ValueError(
            f"{path}: found the class folders {', '.join(sorted(folders)) or '(none)'}; expected "
            f"{', '.join(labels.classes)}; correct the classes of dataset.labels or the folders"
        )
    nowhere, nothing = np.empty((0, 2)), np.empty(0, bool)
    for folder in sorted(folders):
        for row, name in folders[folder]:
            yield Person(row, name, nowhere, nothing, category=labels.classes.index(folder))
