"""The file of the trivial baselines: their scores on both splits, learned from search-train alone."""

import json

import numpy as np
import pytest

from evocnn.dataset.crops import write_labels
from evocnn.report.tables.trivial_baselines import score_trivial_baselines

SIDE, MARGIN = 20, 2


@pytest.fixture
def split(tmp_path):
    """Write the crops of a split: joints (N, J, 2) in pixels of the input, all labelled, and classes."""

    def write(name, joints, category):
        n, files = len(category), (tmp_path / f"{name}.npy", tmp_path / f"{name}.npz")
        np.save(files[0], np.zeros((n, SIDE, SIDE, 3), np.uint8))
        write_labels(
            files[1],
            files[0],
            joints=np.asarray(joints, np.float32).reshape(n, -1, 2) + MARGIN,
            visible=np.ones((n, np.size(joints) // (2 * n)), bool),
            normaliser=np.full(n, 4, np.float32),
            category=np.array(category),
            to_image=np.tile(np.eye(2, 3), (n, 1, 1)),
            images=np.array([f"{i}.jpg" for i in range(n)]),
            rows=np.arange(n),
            margin=MARGIN,
        )
        return files

    return write


def score(tmp_path, labels, **files):
    (tmp_path / "labels.yaml").write_text(labels)
    score_trivial_baselines(tmp_path / "trivial.json", labels=tmp_path / "labels.yaml", **files)
    document = json.loads((tmp_path / "trivial.json").read_text())
    assert (document["kind"], document["schema_version"]) == ("trivial", 1)
    return document["metric"], document["trivial"]


POINT = """
joints: [point, other]
pairs: []
limbs: []
groups: {all: [point, other]}
scored: [point, other]
normaliser: head_size
threshold: 0.5
"""


def test_poses(tmp_path, split):
    # The input has 16 pixels, its middle is (8, 8); errors up to 0.5 · 4 pixels are right.
    metric, trivial = score(
        tmp_path,
        POINT,
        train=split("train", [[[2, 2], [8, 12]], [[4, 4], [8, 14]]], [0, 0]),  # mean: (3, 3) and (8, 13)
        valid=split("valid", [[[3, 5], [8, 8]], [[8, 8], [8, 11]]], [0, 0]),
        test=split("test", [[[3, 3], [7, 13]], [[3, 3], [8, 9]], [[9, 9], [9, 7]]], [0, 0, 0]),
    )
    assert metric == "PCKh@0.5"
    actual = {name: {split: value["mean"] for split, value in scores.items()} for name, scores in trivial.items()}
    assert actual == {
        "mean pose": {"valid": 50.0, "test": pytest.approx(50.0)},  # 2 of 4; 3 of 6
        "centre pose": {"valid": 50.0, "test": pytest.approx(50.0)},  # (8, 8) twice; (8, 9), (9, 9), (9, 7)
    }
    per_joint = {name: scores["test"]["per_joint"] for name, scores in trivial.items()}
    assert per_joint["mean pose"] == pytest.approx({"point": 200 / 3, "other": 100 / 3})
    assert per_joint["centre pose"] == pytest.approx({"point": 100 / 3, "other": 200 / 3})
    assert trivial["mean pose"]["valid"]["groups"] == {"all": 50.0}


def test_classes(tmp_path, split):
    nothing = np.empty((4, 0, 2))
    metric, trivial = score(
        tmp_path,
        "classes: [cat, dog, fish]",
        train=split("train", nothing, [2, 2, 1, 0]),
        valid=split("valid", nothing, [0, 0, 0, 2]),
        test=split("test", nothing, [2, 1, 2, 2]),
    )
    assert metric == "accuracy"
    assert list(trivial) == ["most frequent class"]
    assert trivial["most frequent class"]["valid"]["mean"] == 25.0
    assert trivial["most frequent class"]["test"]["mean"] == 75.0
    # A class without images has no score, which JSON says as null.
    assert trivial["most frequent class"]["test"]["per_class"] == {"cat": None, "dog": 0.0, "fish": 100.0}


def test_a_split_without_labels_has_no_score(tmp_path, split):
    files = {name: split(name, [[[2, 2], [8, 12]]], [0]) for name in ("train", "valid", "test")}
    with np.load(files["test"][1]) as columns:
        write_labels(files["test"][1], files["test"][0], **{**columns, "visible": np.zeros((1, 2), bool)})
    _, trivial = score(tmp_path, POINT, **files)
    assert trivial["mean pose"]["test"]["mean"] is None
    assert trivial["mean pose"]["valid"]["mean"] == 100.0
