"""Splits: search-train and search-valid, which the search uses, and test, which is scored once."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from evocnn.dataset.adapters import read_annotations
from evocnn.dataset.copies import equal_images
from evocnn.dataset.division import SPLITS, divide, divide_by_class
from evocnn.dataset.images import Images
from evocnn.dataset.people import Annotations
from evocnn.labels import Labels
from evocnn.pose.skeleton import Skeleton

NO_CLASS = -1
"""Of images that cannot be used."""


@dataclass(frozen=True)
class Source:
    """The files of a data set, and how it is divided into splits.

    Attributes:
        format: of the annotations, see `read_annotations`.
        train: annotation file of train and valid; the images themselves for a format without annotation files.
        test: annotation file of test; None if test is a part of `train`.
        train_images: folder or zip of the images of `train`.
        test_images: folder or zip of the images of `test`.
        valid_fraction: share of search-valid among the images that are not in test, 0 to 1.
        test_fraction: share of test among the images of `train` if `test` is None, 0 to 1.
    """

    format: str
    train: Path
    test: Path | None
    train_images: Path
    test_images: Path
    valid_fraction: float
    test_fraction: float


def read_split(source: Source, split: str, labels: Labels) -> Annotations:
    """Read one split. People are divided by image, so that no image is in two splits, by whatever names.

    An image of the test file never belongs to train or valid, even if the train file names it too. Images of equal
    content are in the split of the first of their names. Each class is divided by the same fractions.

    Args:
        source: the data set.
        split: "train", "valid" or "test".
        labels: the skeleton or the classes.

    Raises:
        ValueError: an annotation file is not in its format, there are no images, or the split is empty.
    """
    read = partial(read_annotations, source.format)
    if source.test and split == "test":
        return read(source.test, labels)
    annotations = read(source.train, labels)
    names = _names(annotations)
    first, tested = _copies(source, names, _names(read(source.test, labels)) if source.test else set())
    parts = _divide(source, {first.get(name, name) for name in names - tested}, annotations, labels)
    chosen = {name for name in names - tested if parts[first.get(name, name)] == split}
    if not chosen:
        raise ValueError(_too_few(source, split, len(parts)))
    moved = {name for name in chosen if first.get(name, name) != name}
    people = annotations.people
    return replace(
        annotations,
        people=people.take(np.array([image in chosen for image in people.images.tolist()], np.bool_)),
        skipped=tuple(person for person in annotations.skipped if person.image in chosen),
        copies=len(moved),
        tested=len(tested),
    )


def _divide(source: Source, images: set[str], annotations: Annotations, labels: Labels) -> dict[str, str]:
    """The split of each image; classes are divided one by one."""
    fractions = source.valid_fraction, 0.0 if source.test else source.test_fraction
    if isinstance(labels, Skeleton):
        return divide(images, *fractions)
    people = annotations.people
    category = dict(zip(people.images.tolist(), people.category.tolist(), strict=True))
    return divide_by_class({image: category.get(image, NO_CLASS) for image in images}, *fractions)


def _too_few(source: Source, split: str, images: int) -> str:
    """Why a split is empty, and what to do."""
    share = {"valid": source.valid_fraction, "test": source.test_fraction}.get(split)
    parts = 2 if source.test else 3
    reason = f"dataset.{split}_fraction is {share}" if share is not None else "the other splits have them all"
    remedy = f"raise dataset.{split}_fraction" if share is not None else "lower the fractions of the splits"
    if images < parts:
        reason, remedy = f"that is fewer than the {parts} splits", "add images"
    return f"{source.train}: {SPLITS[split]} gets none of the {images} images: {reason}; {remedy}"


def _names(annotations: Annotations) -> set[str]:
    return {*annotations.people.images.tolist(), *(person.image for person in annotations.skipped)}


def _copies(source: Source, train: set[str], test: set[str]) -> tuple[dict[str, str], set[str]]:
    """The first name of each image of `train` that has copies there, and the images of `train` that are in `test`."""
    same = source.train_images.resolve() == source.test_images.resolve()
    tested = train & test if same else set()
    first: dict[str, str] = {}
    for group in equal_images([(Images(source.train_images), train), (Images(source.test_images), test)]):
        names = [name for number, name in group if number == 0]
        first.update(dict.fromkeys(names, names[0]))
        if len(names) < len(group):
            tested.update(names)
    return first, tested
