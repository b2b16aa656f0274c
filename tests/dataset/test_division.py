"""Which image is in which split: few images, and classes."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocnn.dataset.division import divide, divide_by_class, split_of

FRACTIONS = st.floats(0.01, 0.99)
NAMES = st.lists(st.text(max_size=5), unique=True, max_size=30)


def rounded(images, valid, test):
    return round(images * (1 - test) * valid), round(images * test)


@settings(max_examples=300, deadline=None)
@given(images=NAMES, valid=FRACTIONS, test=FRACTIONS)
def test_a_split_that_is_to_have_images_has_one(images, valid, test):
    sizes = Counter(divide(images, valid, test).values())
    assert sizes.total() == len(images)
    wanted_valid, wanted_test = rounded(len(images), valid, test)
    if min(wanted_valid, wanted_test, len(images) - wanted_valid - wanted_test) > 0:
        assert min(sizes["train"], sizes["valid"], sizes["test"]) > 0


@settings(max_examples=100, deadline=None)
@given(images=NAMES, valid=FRACTIONS, test=FRACTIONS)
def test_at_most_two_images_are_elsewhere_than_their_hash_says(images, valid, test):
    parts = divide(images, valid, test)
    assert sum(parts[image] != split_of(image, valid, test) for image in images) <= 2


@settings(max_examples=300, deadline=None)
@given(sizes=st.lists(st.integers(1, 12), min_size=1, max_size=12), valid=st.floats(0.05, 0.5), test=st.floats(0, 0.5))
def test_every_class_is_in_search_train_and_the_fractions_hold_for_all_together(sizes, valid, test):
    images = {f"{category}/{n}.jpg": category for category, size in enumerate(sizes) for n in range(size)}
    parts = divide_by_class(images, valid, test)
    assert {images[image] for image, split in parts.items() if split == "train"} == set(range(len(sizes)))
    counts = Counter(parts.values())
    wanted_valid, wanted_test = rounded(len(images), valid, test)
    assert counts["test"] <= wanted_test + 1
    assert counts["valid"] <= wanted_valid + 1


@pytest.mark.parametrize("size", [10, 100])
def test_each_class_is_divided_by_the_fractions(size):
    images = {f"{category}/{n}.jpg": category for category in range(5) for n in range(size)}
    parts = divide_by_class(images, 0.25, 0.2)
    for category in range(5):
        counts = Counter(parts[image] for image, other in images.items() if other == category)
        assert counts == {"train": 0.6 * size, "valid": 0.2 * size, "test": 0.2 * size}


def test_two_images_of_each_of_three_classes():
    images = {f"{category}/{n}.jpg": category for category in range(3) for n in range(2)}
    parts = divide_by_class(images, 0.4, 0.4)
    assert {images[image] for image, split in parts.items() if split == "train"} == {0, 1, 2}
