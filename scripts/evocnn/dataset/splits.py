"""Splits: search-train and search-valid, which the search sees, and test, which is scored once."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from evocnn.dataset.adapters import FORMATS
from evocnn.dataset.people import Annotations
from evocnn.labels import Labels


@dataclass(frozen=True)
class Source:
    """Where a data set is, and how it is divided.

    Attributes:
        format: name of the adapter, one of `FORMATS`.
        train: annotation file of train and valid, or for a format without one the images.
        test: the same of test; None where test is a part of `train`.
        same_images: whether both name their images from one folder or zip.
        valid_fraction: share of the images that are not test that is search-valid, 0 to 1.
        test_fraction: share of the images of `train` that is test where `test` is None, 0 to 1.
    """

    format: str
    train: Path
    test: Path | None
    same_images: bool
    valid_fraction: float
    test_fraction: float


def read_split(source: Source, split: str, labels: Labels) -> Annotations:
    """Read one split: people are divided by image, so that no image is in two splits.

    An image that the test file names is no part of train and valid, whatever else names it.

    Args:
        source: the data set.
        split: "train", "valid" or "test".
        labels: what its people are labelled with.

    Raises:
        ValueError: an annotation file is not in its format.
    """
    read = FORMATS[source.format]
    if source.test and split == "test":
        return read(source.test, labels)
    tested: set[str] = set()
    if source.test and source.same_images:
        test = read(source.test, labels)
        tested = {*test.people.images.tolist(), *(person.image for person in test.skipped)}

    def here(image: str) -> bool:
        fraction = 0.0 if source.test else source.test_fraction
        return image not in tested and split_of(image, source.valid_fraction, fraction) == split

    everybody = read(source.train, labels)
    people = everybody.people
    return replace(
        everybody,
        people=people.take(np.array([here(str(image)) for image in people.images], bool)),
        skipped=tuple(person for person in everybody.skipped if here(person.image)),
    )


def split_of(image: str, valid_fraction: float, test_fraction: float) -> str:
    """The split of an image, by a hash of its path: it depends on nothing else than the path and the fractions."""
    share = int.from_bytes(hashlib.sha256(image.encode()).digest()[:8], "big") / 2**64
    if share >= 1 - test_fraction:
        return "test"
    return "valid" if share < valid_fraction * (1 - test_fraction) else "train"
