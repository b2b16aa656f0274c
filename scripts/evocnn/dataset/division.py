"""Which image is in which split: by a hash of its path, so that other images hardly matter."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping

SPLITS = {"train": "search-train", "valid": "search-valid", "test": "the test split"}
"""The splits, and their names in messages."""
BY_SHARE = ("valid", "train", "test")
"""The splits in the order of the hashes of their images."""


def split_of(image: str, valid_fraction: float, test_fraction: float) -> str:
    """The split of an image by a hash of its path: it depends only on the path and the fractions."""
    share = _share(image)
    if share >= 1 - test_fraction:
        return "test"
    return "valid" if share < valid_fraction * (1 - test_fraction) else "train"


def divide(images: Collection[str], valid_fraction: float, test_fraction: float) -> dict[str, str]:
    """The split of each image: that of `split_of`, except where chance leaves a split of a few images empty.

    Such a split gets the image next to its range of hashes, if its fraction of the images is half an image or more.
    """
    parts = {image: split_of(image, valid_fraction, test_fraction) for image in images}
    for split, count in _wanted(len(parts), valid_fraction, test_fraction).items():
        sizes = Counter(parts.values())
        if count and not sizes[split] and sizes.most_common(1)[0][1] > 1:
            largest = sizes.most_common(1)[0][0]
            inside = sorted((image for image in parts if parts[image] == largest), key=_share)
            parts[inside[0 if BY_SHARE.index(split) < BY_SHARE.index(largest) else -1]] = split
    return parts


def divide_by_class(images: Mapping[str, int], valid_fraction: float, test_fraction: float) -> dict[str, str]:
    """The split of each image of classes: every class is divided by the fractions, and search-train has every class.

    In each class the images with the smallest hashes are search-valid, those with the largest are test.

    Args:
        images: the class of each image.
        valid_fraction: see `split_of`.
        test_fraction: see `split_of`.
    """
    parts: dict[str, str] = {}
    divided: Counter[str] = Counter()
    for category in sorted(set(images.values())):
        members = sorted((image for image, other in images.items() if other == category), key=_share)
        # What rounding takes from one class it gives to the next, so that many small classes add up.
        wanted = _wanted(len(parts) + len(members), valid_fraction, test_fraction)
        test = min(max(wanted["test"] - divided["test"], 0), len(members) - 1)
        valid = min(max(wanted["valid"] - divided["valid"], 0), len(members) - 1 - test)
        here = ["valid"] * valid + ["train"] * (len(members) - valid - test) + ["test"] * test
        divided.update(here)
        parts.update(zip(members, here, strict=True))
    return parts


def _wanted(images: int, valid_fraction: float, test_fraction: float) -> dict[str, int]:
    """How many of some images each split is to have."""
    test = round(images * test_fraction)
    valid = round(images * (1 - test_fraction) * valid_fraction)
    return {"train": images - valid - test, "valid": valid, "test": test}


def _share(image: str) -> float:
    return int.from_bytes(hashlib.sha256(image.encode(errors="surrogatepass")).digest()[:8], "big") / 2**64
