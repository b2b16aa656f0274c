"""Splits: by image, and the same whatever else there is."""

import json
from collections import Counter

import numpy as np
import pytest

from evocnn.dataset.splits import Source, read_split, split_of

NAMES = [f"{number:05d}.jpg" for number in range(2000)]


def entry(image, x):
    return {
        "image": image,
        "center": [x, 50.0],
        "scale": 1.0,
        "joints": [[x, 2.0]] * 16,
        "joints_vis": [1] * 16,
    }


def write(path, images, **changes):
    """Three people to an image."""
    path.write_text(json.dumps([{**entry(image, n), **changes} for image in images for n in range(1, 4)]))
    return path


@pytest.fixture
def splits(tmp_path, skeleton):
    """Read all splits of a data set; without test images the test split is a part of train."""

    def read(train, test=None, same_images=True, valid=0.2, of_test=0.3):
        source = Source(
            "mpii",
            write(tmp_path / "train.json", train),
            write(tmp_path / "test.json", test) if test else None,
            same_images,
            valid,
            of_test,
        )
        return {name: read_split(source, name, skeleton).people for name in ("train", "valid", "test")}

    return read


def images(people):
    return set(people.images.tolist())


def test_every_image_is_in_one_split_with_all_its_people(splits):
    found = splits(NAMES[:200])
    assert sum(map(len, found.values())) == 600
    for people in found.values():
        assert len(people) > 0
        assert set(np.unique(people.images, return_counts=True)[1]) == {3}
    assert not images(found["train"]) & images(found["valid"])
    assert not images(found["train"] if found else {}) & images(found["test"])
    assert not images(found["valid"]) & images(found["test"])


def test_a_test_file_is_the_test_split_as_a_whole(splits):
    found = splits(NAMES[:50], test=NAMES[100:150])
    assert images(found["test"]) == set(NAMES[100:150])
    assert images(found["train"]) | images(found["valid"]) == set(NAMES[:50])


def test_images_of_the_test_file_are_never_searched_with(splits):
    found = splits(NAMES[:50], test=NAMES[40:60])
    assert images(found["train"]) | images(found["valid"]) == set(NAMES[:40])


def test_the_same_name_in_other_images_is_another_image(splits):
    found = splits(NAMES[:50], test=NAMES[40:60], same_images=False)
    assert images(found["train"]) | images(found["valid"]) == set(NAMES[:50])


def test_added_images_move_nobody(splits):
    few, many = splits(NAMES[:50]), splits(NAMES[:150])
    for name in few:
        assert images(few[name]) == images(many[name]) & set(NAMES[:50])


def test_the_fractions_are_about_kept():
    shares = Counter(split_of(name, 0.25, 0.2) for name in NAMES)
    assert shares["test"] / 2000 == pytest.approx(0.2, abs=0.03)
    assert shares["valid"] / 2000 == pytest.approx(0.25 * 0.8, abs=0.03)


def test_a_larger_share_of_search_valid_only_adds_images():
    small, large = ({name for name in NAMES if split_of(name, share, 0.2) == "valid"} for share in (0.1, 0.2))
    assert small < large


def test_who_cannot_be_used_belongs_to_a_split_too(tmp_path, skeleton):
    path = write(tmp_path / "train.json", NAMES[:40], scale=-1)
    source = Source("mpii", path, None, True, 0.2, 0.3)
    skipped = [
        person.row for name in ("train", "valid", "test") for person in read_split(source, name, skeleton).skipped
    ]
    assert sorted(skipped) == list(range(120))
