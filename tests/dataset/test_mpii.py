"""MPII's JSON layout, its splits, and what is wrong with a file."""

import json
from pathlib import Path

import numpy as np
import pytest

from evocnn.dataset.mpii import annotation_file, read_annotations, read_split


def person(image="a.jpg", **changes):
    """One entry; a value of None leaves the field out."""
    entry = {
        "image": image,
        "center": [101.0, 51.0],
        "scale": 2.0,
        "joints": [[number + 1.0, 2.0 * number + 1.0] for number in range(16)],
        "joints_vis": [1] * 15 + [0],
    }
    return {field: value for field, value in {**entry, **changes}.items() if value is not None}


def write(folder, content):
    path = folder / "train.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.fixture
def crowd(tmp_path):
    """300 people, three to an image."""
    return write(tmp_path, [person(f"{number // 3}.jpg") for number in range(300)])


def test_pixels_become_0_based(tmp_path):
    people = read_annotations(write(tmp_path, [person()]))
    assert people.joints[0, :3].tolist() == [[0, 0], [1, 2], [2, 4]]
    assert people.center.tolist() == [[100.0, 80.0]]  # (101, 51) - 1, 15 · 2 lower
    assert people.side.tolist() == [500.0]
    assert people.head_size.tolist() == [50.0]
    assert people.visible[0].tolist() == [True] * 15 + [False]
    assert people.images.tolist() == ["a.jpg"]


def test_train_and_valid_share_a_file():
    root = Path("data")
    assert annotation_file(root, "train") == annotation_file(root, "valid") == root / "annot" / "train.json"
    assert annotation_file(root, "test") == root / "annot" / "valid.json"


def test_train_and_valid_are_disjoint_and_complete(crowd):
    train, valid = (read_split(crowd, split, 0.3) for split in ("train", "valid"))
    assert not set(train.images) & set(valid.images)
    assert len(train) + len(valid) == 300
    assert len(valid) > 0


def test_images_are_never_divided(crowd):
    train = read_split(crowd, "train", 0.3)
    assert set(np.unique(train.images, return_counts=True)[1]) == {3}


def test_added_images_move_nobody(crowd, tmp_path):
    before = set(read_split(crowd, "valid", 0.3).images)
    more = write(tmp_path, [person(f"{number}.jpg") for number in range(500)])
    assert {name for name in read_split(more, "valid", 0.3).images if int(Path(name).stem) < 100} == before


def test_the_test_split_is_everybody(crowd):
    assert len(read_split(crowd, "test", 0.3)) == 300


@pytest.mark.parametrize(("split", "fraction"), [("train", 1.0), ("valid", 0.0)])
def test_an_empty_split_says_what_to_change(crowd, split, fraction):
    with pytest.raises(ValueError, match=rf"nobody is left for the {split} split; change dataset.valid_fraction"):
        read_split(crowd, split, fraction)


@pytest.mark.parametrize("field", ["image", "center", "scale", "joints", "joints_vis"])
def test_a_missing_field_is_named(tmp_path, field):
    path = write(tmp_path, [person(), person(**{field: None})])
    with pytest.raises(ValueError, match=rf"train\.json: person 1 lacks {field}"):
        read_annotations(path)


@pytest.mark.parametrize("changes", [{"joints": [[0, 0]] * 15}, {"joints_vis": [1] * 17}, {"joints": [[0, 0, 0]] * 16}])
def test_another_number_of_joints_is_refused(tmp_path, changes):
    path = write(tmp_path, [person(**changes)])
    with pytest.raises(ValueError, match=r"train\.json: person 0 has other than 16 joints"):
        read_annotations(path)


@pytest.mark.parametrize("content", ["[{", "", "[]", "{}", "3"])
def test_damage_names_the_file(tmp_path, content):
    with pytest.raises(ValueError, match=r"train\.json: expected"):
        read_annotations(write(tmp_path, content))


def test_real_annotations(shared_data):
    people = read_annotations(shared_data / "mpii/annot/valid.json")
    assert len(people) == 2958
    assert people.images[0] == "005808361.jpg"
    assert people.joints[0, 0].tolist() == [803.0, 710.0]
    assert people.head_size[0] == pytest.approx(25 * 4.718488)
