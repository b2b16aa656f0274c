"""The toy data set: MPII's layout, the same bytes for the same seed, and labels that fit the people."""

import json
from dataclasses import replace
from math import pi, radians
from pathlib import Path

import cv2
import numpy as np
import pytest

from evocnn.dataset.toy import render_image, render_toy
from evocnn.dataset.toy_body import Arm, Build, Pose, place_body
from evocnn.dataset.toy_figure import draw_person, sample_outfit

R_KNEE, L_KNEE, PELVIS, NECK, HEAD_TOP, R_WRIST, R_SHOULDER, L_SHOULDER, L_WRIST = 1, 4, 6, 8, 9, 10, 12, 13, 15


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def read(root: Path, split: str) -> list[dict]:
    return json.loads((root / "annot" / f"{split}.json").read_text())


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    path = tmp_path_factory.mktemp("toy")
    render_toy(path, train_people=240, valid_people=20, seed=5)
    return path


@pytest.fixture(scope="module")
def people(root):
    """All people of the data set as arrays: joints (n, 16, 2), labelled (n, 16), centers (n, 2), scales (n,)."""
    entries = read(root, "train") + read(root, "valid")
    joints, visible, centers, scales = (
        np.array([entry[key] for entry in entries]) for key in ("joints", "joints_vis", "center", "scale")
    )
    return joints, visible == 1, centers, scales


@pytest.mark.parametrize(("split", "count"), [("train", 240), ("valid", 20)])
def test_one_entry_per_person_asked_for_with_the_fields_of_mpii(root, split, count):
    entries = read(root, split)
    assert len(entries) == count
    for entry in entries:
        assert list(entry) == ["image", "center", "scale", "joints", "joints_vis"]
        assert np.shape(entry["center"]) == (2,)
        assert np.shape(entry["joints"]) == (16, 2)
        assert np.shape(entry["joints_vis"]) == (16,)
        assert set(entry["joints_vis"]) <= {0, 1}
        assert 0.4 < entry["scale"] < 1.1


def test_images_are_those_the_entries_name_and_of_the_stated_size(root):
    named = {entry["image"] for split in ("train", "valid") for entry in read(root, split)}
    assert {path.name for path in (root / "images").iterdir()} == named
    for name in named:
        height, width, channels = cv2.imread(str(root / "images" / name)).shape
        assert 160 <= height <= 320
        assert 160 <= width <= 320
        assert channels == 3


def test_some_images_show_two_people_and_most_show_one(root):
    names = [entry["image"] for entry in read(root, "train")]
    counts = np.array([names.count(name) for name in set(names)])
    assert counts.max() == 2
    assert 0.03 < np.mean(counts == 2) < 0.35


def test_labelled_joints_lie_in_the_image_counted_from_one(root):
    for entry in read(root, "train"):
        height, width = cv2.imread(str(root / "images" / entry["image"])).shape[:2]
        labelled = np.array(entry["joints"])[np.array(entry["joints_vis"]) == 1]
        assert (labelled >= 1.0).all()
        assert (labelled <= (width, height)).all()


def test_an_unlabelled_joint_is_minus_one(people):
    joints, labelled, _, _ = people
    assert (joints[~labelled] == -1.0).all()


def test_coordinates_are_one_more_than_where_the_joint_is_drawn(monkeypatch):
    drawn = []

    def remember(canvas, body, origin, *_):
        drawn.append(body.joints[:, :2] + origin)

    monkeypatch.setattr("evocnn.dataset.toy.draw_person", remember)
    _, entries = render_image(5, 0, 0)
    labelled = np.array(entries[0]["joints_vis"]) == 1
    np.testing.assert_allclose(np.array(entries[0]["joints"])[labelled], drawn[0][labelled] + 1.0, atol=6e-5)


def test_between_four_and_twelve_per_cent_of_the_joints_are_unlabelled(people):
    _, labelled, _, _ = people
    assert 0.04 < 1.0 - labelled.mean() < 0.12


def test_labelled_joints_lie_in_the_square_that_is_cropped(people):
    joints, labelled, centers, scales = people
    middle = centers + np.stack([np.zeros_like(scales), 15.0 * scales], axis=1)
    half_side = 0.5 * 200.0 * 1.25 * scales
    inside = (np.abs(joints - middle[:, None]) <= half_side[:, None, None]).all(axis=2)
    assert inside[labelled].mean() > 0.99


def test_the_crop_is_about_the_person_not_far_larger(people):
    joints, labelled, _, scales = people
    whole = labelled.all(axis=1)
    extent = (joints[whole].max(axis=1) - joints[whole].min(axis=1)).max(axis=1) / scales[whole]
    assert 160.0 < np.median(extent) < 210.0


def test_the_head_is_about_25_scale_long(people):
    joints, labelled, _, scales = people
    both = labelled[:, NECK] & labelled[:, HEAD_TOP]
    length = np.linalg.norm(joints[both, NECK] - joints[both, HEAD_TOP], axis=1) / scales[both]
    assert 23.0 < length.mean() < 27.0


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(tmp_path):
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        render_toy(tmp_path / folder, train_people=6, valid_people=3, seed=seed)
    first, again, other = (files(tmp_path / folder) for folder in "abc")
    assert first == again
    assert all(first[name] != other[name] for name in first.keys() & other.keys())


def test_a_smaller_set_is_the_beginning_of_a_larger_one(root, tmp_path):
    render_toy(tmp_path, train_people=15, valid_people=4, seed=5)
    for split, count in (("train", 15), ("valid", 4)):
        assert read(tmp_path, split) == read(root, split)[:count]
    larger = files(root)
    assert all(data == larger[name] for name, data in files(tmp_path).items() if name.startswith("images/"))


def test_splits_show_different_images():
    assert render_image(5, 0, 0)[1][0]["center"] != render_image(5, 1, 0)[1][0]["center"]


def test_negative_numbers_are_refused(tmp_path):
    with pytest.raises(ValueError, match="negative"):
        render_toy(tmp_path, train_people=-1, valid_people=0, seed=0)


@pytest.mark.parametrize(("yaw", "right_is_left_in_the_image"), [(0.0, True), (pi, False)])
def test_right_is_on_the_left_of_the_image_in_the_front_view_and_on_the_right_in_the_back_view(
    yaw, right_is_left_in_the_image
):
    joints = place_body(Pose(yaw=yaw), Build(), 1.0).joints
    for right, left in ((R_WRIST, L_WRIST), (R_SHOULDER, L_SHOULDER), (R_KNEE, L_KNEE)):
        assert (joints[right, 0] < joints[PELVIS, 0] < joints[left, 0]) is np.bool(right_is_left_in_the_image)


def test_each_arm_moves_its_own_wrist():
    rest = place_body(Pose(), Build(), 1.0).joints
    raised = place_body(Pose(right_arm=Arm(out=radians(170.0))), Build(), 1.0).joints
    assert raised[R_WRIST, 1] < raised[R_SHOULDER, 1] < rest[R_WRIST, 1]
    np.testing.assert_array_equal(raised[L_WRIST], rest[L_WRIST])


def test_a_person_is_200_scale_tall():
    seen = place_body(Pose(), Build(), 0.5)
    bottom = max(seen.joints[:, 1].max(), seen.toes[:, 1].max())
    assert bottom - seen.joints[HEAD_TOP, 1] == pytest.approx(100.0, abs=10.0)


def painted(yaw: float) -> np.ndarray:
    """A black canvas with one person in it who wears a badge, seen from `yaw`."""
    canvas = np.zeros((260, 200, 3), dtype=np.uint8)
    outfit = replace(sample_outfit(np.random.default_rng(0), (90.0, 90.0, 90.0)), front="badge", trim=(0.0, 0.0, 255.0))
    draw_person(canvas, place_body(Pose(yaw=yaw), Build(), 1.0), (100.0, 130.0), outfit, 1.0, 1.0)
    return canvas


def test_the_front_of_the_shirt_shows_from_the_front_only():
    red = [(painted(yaw) == (0, 0, 255)).all(axis=2).sum() for yaw in (0.0, pi)]
    assert red[0] > 100
    assert red[1] == 0


def test_the_body_is_painted_where_its_joints_are():
    canvas = painted(0.0)
    joints = np.rint(place_body(Pose(), Build(), 1.0).joints[:, :2] + (100.0, 130.0)).astype(int)
    inner = np.delete(joints, HEAD_TOP, axis=0)  # the top of the head is the edge of what is painted
    assert (canvas[inner[:, 1], inner[:, 0]].sum(axis=1) > 0).all()
    assert not canvas[:, :30].any()
