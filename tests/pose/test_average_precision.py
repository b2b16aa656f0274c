"""AP where every person has one prediction: by hand, and equal to pycocotools' to the last digit."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from evocnn.labels import read_skeleton
from evocnn.pose.average_precision import average_precision, joint_similarity
from evocnn.pose.metric import score_pose

PEOPLE = 60


@pytest.fixture
def skeleton(repository, tmp_path):
    path = tmp_path / "coco.yaml"
    text = (repository / "config/skeletons/coco.yaml").read_text()
    path.write_text(text.replace("normaliser: box", "normaliser: area\nmetric: ap"))
    return read_skeleton(path)


def by_pycocotools(predictions, joints, visible, areas):
    """With each person in an image of their own."""
    rows = range(len(areas))
    marked = np.concatenate([joints, 2.0 * visible[..., None]], -1)
    people = [
        {
            **{"id": n + 1, "image_id": n, "category_id": 1, "iscrowd": 0, "area": areas[n], "bbox": [0, 0, 9, 9]},
            **{"keypoints": marked[n].ravel().tolist(), "num_keypoints": int(visible[n].sum())},
        }
        for n in rows
    ]
    results = [
        {
            **{"image_id": n, "category_id": 1, "keypoints": predictions[n].ravel().tolist()},
            "score": float(predictions[n, :, 2].mean()),
        }
        for n in rows
    ]
    with redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {"images": [{"id": n} for n in rows], "annotations": people, "categories": [{"id": 1}]}
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(results), "keypoints")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation.stats[0]


@pytest.mark.parametrize("seed", range(8))
def test_it_equals_pycocotools(skeleton, seed):
    rng = np.random.default_rng(seed)
    joints = rng.uniform(0, 200, (PEOPLE, 17, 2))
    visible = rng.random((PEOPLE, 17)) < 0.7
    visible[:, 0] = True
    areas = rng.uniform(1000, 30_000, PEOPLE)
    moved = joints + rng.normal(0, 1, joints.shape) * rng.uniform(0, 25, (PEOPLE, 1, 1))
    predictions = np.concatenate([moved, rng.random((PEOPLE, 17, 1))], -1)
    score = score_pose(predictions, joints, visible, np.sqrt(areas), skeleton)
    assert skeleton.metric == "AP"
    assert score.mean == pytest.approx(100 * by_pycocotools(predictions, joints, visible, areas), abs=1e-9)
    assert 0 < score.standard_error < 15
    assert set(score.per_joint) == set(skeleton.joints)


def test_two_people_by_hand():
    """The more confident one is right at all thresholds, the other at the first two of ten."""
    similarity = np.array([0.56, 1.0])
    expected = (2 * 1 + 8 * 51 / 101) / 10
    assert average_precision(similarity, np.array([0.1, 0.9])) == pytest.approx(expected)
    # The less confident one is right at all: precision is a half wherever the first is wrong.
    expected = (2 * 1 + 8 * 51 / 101 / 2) / 10
    assert average_precision(similarity, np.array([0.9, 0.1])) == pytest.approx(expected)


def test_similarity_by_hand():
    """A joint that is 2σ · √area away has exp(−1/2); one that is not finite has 0."""
    joints, sigmas = np.zeros((1, 3, 2)), np.array([0.05, 0.1, 0.1])
    predictions = np.array([[[0.1 * 40, 0], [0, 0], [np.nan, 0]]])
    assert joint_similarity(predictions, joints, np.array([40.0]), sigmas)[0] == pytest.approx([np.exp(-0.5), 1, 0])


def test_people_without_labels_or_area_do_not_count(skeleton):
    joints = np.zeros((3, 17, 2))
    visible = np.ones((3, 17), bool)
    visible[1] = False
    predictions = np.concatenate([joints + 1000, np.ones((3, 17, 1))], -1)
    predictions[0, :, :2] = 0
    assert score_pose(predictions, joints, visible, np.array([30.0, 30.0, np.nan]), skeleton).mean == pytest.approx(100)


def test_nobody_to_score_is_no_score(skeleton):
    predictions = np.zeros((2, 17, 3))
    score = score_pose(predictions, predictions[..., :2], np.ones((2, 17), bool), np.full(2, np.nan), skeleton)
    assert np.isnan(score.mean)


def test_nme_by_hand(skeleton):
    from dataclasses import replace

    nme = replace(skeleton, measure="nme", normaliser=(1, 2))
    joints = np.zeros((1, 17, 2))
    predictions = np.zeros((1, 17, 3))
    predictions[0, :2, 0] = 5, 1000  # off by half of the normaliser, and by far more
    score = score_pose(predictions, joints, np.ones((1, 17), bool), np.array([10.0]), nme)
    assert nme.metric == "1-NME"
    assert score.mean == pytest.approx(100 * (15 + 0.5) / 17)
