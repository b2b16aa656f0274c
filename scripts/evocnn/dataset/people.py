"""The people table: the common form of all annotation formats.

In data without people, a row is another annotated object: an animal, a machine, or a whole image.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.image_names import clean, leads_out
from evocnn.labels import Labels
from evocnn.pose.geometry import PERSON_PIXELS
from evocnn.pose.skeleton import Skeleton

NOWHERE = (np.nan, np.nan)
BOX_MARGIN = 1.25
"""Side of a crop over the longer side of the box in it."""
"""Coordinates of a joint without a label."""


@dataclass(frozen=True)
class Person:
    """One annotation as read by an adapter, in 0-based pixels of the image, not yet checked.

    Attributes:
        row: its index in the annotation file, from 0.
        image: path of the image inside the images.
        joints: (J, 2), x and y; NaN where unlabelled.
        visible: (J,), true where a joint is labelled, occluded or not.
        center: of the square crop. If `center` and `side` are None, the crop is the whole image.
        side: of the square crop.
        head_size: NaN if there is none.
        box: (width, height) of the person's box, NaN if there is none.
        area: of the person in square pixels, NaN if the annotations do not say it.
        category: index of the class, if the data have classes.
        size: (width, height) of the image that was annotated, NaN if the annotations do not say it.
    """

    row: int
    image: str
    joints: NDArray[np.float64]
    visible: NDArray[np.bool_]
    center: tuple[float, float] | None = None
    side: float | None = None
    head_size: float = np.nan
    box: tuple[float, float] = NOWHERE
    category: int = 0
    size: tuple[float, float] = NOWHERE
    area: float = np.nan


@dataclass(frozen=True)
class Skipped:
    """A person who is not used: row in the annotation file, image, and the reason."""

    row: int
    image: str
    reason: str


@dataclass(frozen=True)
class People:
    """N people, one per row, in 0-based pixels of their images.

    Attributes:
        rows: (N,) their indices in the annotation file, from 0.
        images: (N,) paths of the images inside the images' folder or zip.
        center: (N, 2) centre of the square crop; NaN for the whole image.
        side: (N,) side of the square crop; NaN for the whole image.
        joints: (N, J, 2), x and y; meaningless where not visible.
        visible: (N, J), true where a joint is labelled, occluded or not.
        normaliser: (N,), the distance that errors are measured in; NaN for people who cannot be scored.
        category: (N,), index of the class; 0 where the data have none.
        size: (N, 2) width and height of the image that was annotated; NaN where the annotations do not say it.
    """

    rows: NDArray[np.int64]
    images: NDArray[np.str_]
    center: NDArray[np.float64]
    side: NDArray[np.float64]
    joints: NDArray[np.float64]
    visible: NDArray[np.bool_]
    normaliser: NDArray[np.float64]
    category: NDArray[np.int64]
    size: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.images)

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> "People":
        """The people of some rows of the table, by index or by mask (N,)."""
        return People(**{name: column[rows] for name, column in vars(self).items()})


@dataclass(frozen=True)
class Annotations:
    """The content of an annotation file, or the part of it that is a split.

    Attributes:
        people: usable people.
        skipped: people who are not used.
        copies: number of images that are copies of others, and so in the split of the first of them.
        tested: number of images of the file that are not in the search because they, or copies, are in the test file.
    """

    people: People
    skipped: tuple[Skipped, ...]
    copies: int = 0
    tested: int = 0


def tabulate(entries: Iterable[Person | Skipped], labels: Labels) -> Annotations:
    """Check the entries that an adapter has read, and put them into a table, with the images' paths in one spelling.

    A person is skipped, with the reason, if the crop is not finite or has no size, if the joints are not those of the
    skeleton, if a labelled joint has no coordinates, if the image's path leaves the images, or if the person is
    annotated twice.
    """
    names = labels.joints if isinstance(labels, Skeleton) else ()
    people: list[Person] = []
    skipped: list[Skipped] = []
    seen: set[tuple[object, ...]] = set()
    for written in entries:
        entry = replace(written, image=clean(written.image))
        if isinstance(entry, Skipped):
            skipped.append(entry)
            continue
        reason = _fault(entry, len(names))
        key = (entry.image, entry.center, entry.side, entry.joints.tobytes(), entry.visible.tobytes())
        if reason is None and key in seen:
            reason = "the same person is annotated twice"
        if reason:
            skipped.append(Skipped(entry.row, entry.image, reason))
        else:
            seen.add(key)
            people.append(entry)
    return Annotations(_table(people, labels), tuple(skipped))


def box_square(x: float, y: float, width: float, height: float) -> tuple[tuple[float, float], float]:
    """Centre and side of the crop for a box: a quarter larger than its longer side.

    Source: Simple Baselines for COCO (its lib/dataset/coco.py), for a square input.
    """
    return (x + 0.5 * width, y + 0.5 * height), BOX_MARGIN * max(width, height)


def crop_square(center: tuple[float, float], scale: float) -> tuple[tuple[float, float], float]:
    """Centre and side of the crop for MPII's centre and scale, enlarged as in Simple Baselines."""
    return (center[0], center[1] + 15.0 * scale), PERSON_PIXELS * 1.25 * scale


def _fault(person: Person, joints: int) -> str | None:
    if leads_out(person.image):
        return "the image's path leads out of the images"
    if person.joints.shape != (joints, 2) or person.visible.shape != (joints,):
        return f"other than {joints} joints"
    if not np.isfinite(person.joints[person.visible]).all():
        return "a labelled joint has no finite coordinates"
    side = np.nan if person.side is None else person.side
    if person.center is not None and not np.isfinite([*person.center, side]).all():
        return "centre or size is missing or not finite"
    if person.side is not None and person.side <= 0:
        return "the size is not above 0"
    return None


def _table(people: list[Person], labels: Labels) -> People:
    joints = len(labels.joints) if isinstance(labels, Skeleton) else 0
    return People(
        rows=np.array([p.row for p in people], np.int64),
        images=np.array([p.image for p in people], np.str_),
        center=np.array([p.center or NOWHERE for p in people], np.float64).reshape(len(people), 2),
        side=np.array([p.side or np.nan for p in people], np.float64),
        joints=np.array([p.joints for p in people], np.float64).reshape(len(people), joints, 2),
        visible=np.array([p.visible for p in people], np.bool_).reshape(len(people), joints),
        normaliser=np.array([_normaliser(p, labels) for p in people], np.float64),
        category=np.array([p.category for p in people], np.int64),
        size=np.array([p.size for p in people], np.float64).reshape(len(people), 2),
    )


def _normaliser(person: Person, labels: Labels) -> float:
    if not isinstance(labels, Skeleton):
        return np.nan
    match labels.normaliser:
        case "head_size":
            size = person.head_size
        case "box":
            size = float(np.hypot(*person.box))
        case "area":
            size = float(np.sqrt(person.area if person.area > 0 else person.box[0] * person.box[1]))
        case (first, second):
            both = person.visible[first] and person.visible[second]
            size = float(np.linalg.norm(person.joints[first] - person.joints[second])) if both else np.nan
    return size if np.isfinite(size) and size > 0 else np.nan
