"""MPII's JSON layout, and what is wrong with a file."""

import json

import numpy as np
import pytest

from evocnn.dataset.adapters import read_annotations


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


@pytest.fixture
def read(tmp_path, skeleton):
    """Read a file with some content."""

    def write_and_read(content):
        path = tmp_path / "train.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return read_annotations("mpii", path, skeleton)

    return write_and_read


def test_pixels_become_0_based(read):
    people = read([person()]).people
    assert people.joints[0, :3].tolist() == [[0, 0], [1, 2], [2, 4]]
    assert people.center.tolist() == [[100.0, 80.0]]  # (101, 51) - 1, 15 · 2 lower
    assert people.side.tolist() == [500.0]
    assert people.normaliser.tolist() == [50.0]
    assert people.visible[0].tolist() == [True] * 15 + [False]
    assert people.images.tolist() == ["a.jpg"]
    assert people.rows.tolist() == [0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"image": None}, "the annotation lacks image"),
        ({"center": None}, "the annotation lacks center"),
        ({"scale": None, "joints": None}, "the annotation lacks scale, joints"),
        ({"joints_vis": None}, "the annotation lacks joints_vis"),
        ({"joints": [[0, 0]] * 15}, "other than 16 joints"),
        ({"joints_vis": [1] * 17}, "other than 16 joints"),
        ({"joints": [[0, 0, 0]] * 16}, "other than 16 joints"),
        ({"joints": [[float("nan"), 1]] + [[1, 1]] * 15}, "a labelled joint has no finite coordinates"),
        ({"joints": "here"}, "the annotation holds something else than numbers"),
        ({"center": [1, 2, 3]}, "the annotation holds something else than numbers"),
        ({"center": [float("inf"), 2]}, "centre or size is missing or not finite"),
        ({"scale": float("nan")}, "centre or size is missing or not finite"),
        ({"scale": -1}, "the size is not above 0"),
        ({"image": "../a.jpg"}, "the image's path leads out of the images"),
        ({"image": "/etc/a.jpg"}, "the image's path leads out of the images"),
        ({"image": "b/../../a.jpg"}, "the image's path leads out of the images"),
        ({"image": "..\\a.jpg"}, "the image's path leads out of the images"),
        ({"image": ""}, "the image's path leads out of the images"),
    ],
)
def test_who_cannot_be_used_is_left_out_with_the_reason(read, changes, reason):
    actual = read([person("first.jpg"), person(**changes), person("last.jpg")])
    assert actual.people.images.tolist() == ["first.jpg", "last.jpg"]
    assert actual.people.rows.tolist() == [0, 2]
    assert [(one.row, one.reason) for one in actual.skipped] == [(1, reason)]


def test_an_unlabelled_joint_may_lie_anywhere(read):
    joints = [[float("nan"), -1]] + [[1, 1]] * 15
    people = read([person(joints=joints, joints_vis=[0] + [1] * 15)]).people
    assert len(people) == 1
    assert not people.visible[0, 0]


def test_the_same_person_counts_once(read):
    actual = read([person(), person(center=[5, 5]), person()])
    assert actual.people.rows.tolist() == [0, 1]
    assert [(one.row, one.reason) for one in actual.skipped] == [(2, "the same person is annotated twice")]


@pytest.mark.parametrize("content", ["[{", "", "[]", "{}", "3", "[3]"])
def test_damage_names_the_file(read, content):
    with pytest.raises(ValueError, match=r"train\.json: expected"):
        read(content)


def test_real_annotations(shared_data, skeleton):
    actual = read_annotations("mpii", shared_data / "mpii/annot/valid.json", skeleton)
    people = actual.people
    assert actual.skipped == ()
    assert len(people) == 2958
    assert people.images[0] == "005808361.jpg"
    assert people.joints[0, 0].tolist() == [803.0, 710.0]
    assert people.normaliser[0] == pytest.approx(25 * 4.718488)
    assert np.isfinite(people.normaliser).all()
