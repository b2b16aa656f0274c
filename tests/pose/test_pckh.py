"""PCKh, worked out by hand on two people, and on a published run."""

import h5py
import numpy as np
import pytest

from evocnn.dataset.adapters import read_annotations
from evocnn.labels import mpii_skeleton
from evocnn.pose.pckh import pckh
from evocnn.pose.skeleton import Skeleton

NECK_ARM_FOOT = Skeleton(
    joints=("neck", "arm", "foot"), pairs=(), limbs=(), groups={"limbs": (1, 2), "top": (0,)}, scored=(0, 1)
)
JOINTS = np.array([[[10, 10], [20, 20], [30, 30]], [[50, 50], [60, 60], [70, 70]]], float)
ALL = np.ones((2, 3), bool)
HEADS = np.array([10.0, 20.0])  # errors up to 5 and 10 pixels are right
MISS = np.array([100.0, 0.0])


def score(predictions, visible=ALL, **options):
    return pckh(predictions, JOINTS, visible, HEADS, skeleton=NECK_ARM_FOOT, **options)


def moved(shift):
    return JOINTS + np.array(shift)


def test_perfect_predictions_score_100_and_few_people_leave_doubt():
    """As if there were a third of whom half is right: in samples of three it is there 0, 1, 2 or 3 times."""
    chances = np.array([8, 12, 6, 1]) / 27
    shares = 100 * (1 - np.arange(4) / 6)
    actual = score(JOINTS)
    assert actual.mean == 100.0
    assert actual.standard_error == pytest.approx(np.sqrt(np.cov(shares, aweights=chances, ddof=0)), rel=0.1)


def test_each_person_has_their_own_head_size():
    actual = score(moved([6.0, 0.0]))  # too far for the first person, near enough for the second
    assert dict(actual.per_joint) == {"neck": 50.0, "arm": 50.0, "foot": 50.0}


def test_groups_average_their_joints_and_the_mean_counts_the_scored_ones():
    predictions = JOINTS.copy()
    predictions[0, 1] += MISS
    predictions[:, 2] += MISS
    actual = score(predictions)
    assert dict(actual.per_joint) == {"neck": 100.0, "arm": 50.0, "foot": 0.0}
    assert dict(actual.groups) == {"limbs": 25.0, "top": 100.0}
    assert actual.mean == 75.0  # 3 of 4: the foot does not count


def test_the_mean_weighs_joints_by_how_often_they_are_labelled():
    visible = ALL.copy()
    visible[1, 1] = False
    predictions = JOINTS.copy()
    predictions[0, 1] += MISS
    assert score(predictions, visible).mean == pytest.approx(200 / 3)  # 2 of 3, not the average of 100 and 0


@pytest.mark.parametrize("shift", [0.0, 100.0, np.nan])
def test_unlabelled_joints_never_count(shift):
    visible = ALL.copy()
    visible[0, 0] = False
    predictions = JOINTS.copy()
    predictions[0, 0] += shift
    predictions[1, 0] += MISS
    assert score(predictions, visible).per_joint["neck"] == 0.0


def test_a_joint_without_labels_scores_nan_and_the_mean_goes_on():
    visible = ALL.copy()
    visible[:, 2] = False
    actual = score(JOINTS, visible)
    assert np.isnan(actual.per_joint["foot"])
    assert np.isnan(actual.groups["limbs"])
    assert actual.mean == 100.0


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_predictions_that_are_not_finite_are_wrong(value):
    predictions = JOINTS.copy()
    predictions[0, 0, 1] = value
    assert score(predictions).per_joint["neck"] == 50.0


def test_the_threshold_is_inclusive():
    assert score(moved([[[3.0, 4.0]], [[6.0, 8.0]]])).mean == 100.0  # errors of exactly 5 and 10
    assert score(moved([[[3.0, 4.001]], [[6.0, 8.001]]])).mean == 0.0


def test_the_threshold_can_be_chosen():
    assert score(moved([[[1.0, 0.0]], [[2.0, 0.0]]]), threshold=0.1).mean == 100.0
    assert score(moved([[[1.1, 0.0]], [[2.0, 0.0]]]), threshold=0.1).mean == 50.0


def test_the_standard_error_of_the_mean_is_not_that_of_a_joint():
    joints = np.zeros((100, 3, 2))
    predictions = joints.copy()
    predictions[:50, 1] += 100  # half of the arms are wrong, no neck is
    heads, seen = np.full(100, 10.0), np.ones((100, 3), bool)
    result = pckh(predictions, joints, seen, heads, skeleton=NECK_ARM_FOOT)
    assert result.standard_error == pytest.approx(2.5, rel=0.1)  # sqrt(0.5 * 0.5 / 100) of one of two joints
    assert 0 < result.group_errors["top"] < 0.6  # all are right, and of 101 one may be half wrong


def test_the_standard_error_is_that_of_people_drawn_again():
    joints = np.zeros((400, 3, 2))
    predictions = joints.copy()
    predictions[:100] += MISS  # a quarter of the people wrong: sqrt(0.25 · 0.75 / 400) = 2.165 %
    visible = np.ones((400, 3), bool)
    actual = pckh(predictions, joints, visible, np.ones(400), skeleton=NECK_ARM_FOOT)
    assert actual.mean == 75.0
    assert actual.standard_error == pytest.approx(2.165, rel=0.1)
    assert dict(actual.group_errors) == pytest.approx({"limbs": 2.165, "top": 2.165}, rel=0.1)
    assert actual == pckh(predictions, joints, visible, np.ones(400), skeleton=NECK_ARM_FOOT)


def test_joints_that_fail_apart_make_a_group_surer_than_one_of_them():
    """A quarter of two joints wrong, each in other people: half the variance, and a covariance of -1/16 more."""
    joints = np.zeros((400, 3, 2))
    predictions = joints.copy()
    predictions[:100, 1] += MISS
    predictions[100:200, 2] += MISS
    actual = pckh(predictions, joints, np.ones((400, 3), bool), np.ones(400), skeleton=NECK_ARM_FOOT)
    assert actual.group_errors["limbs"] == pytest.approx(100 * np.sqrt((3 / 16 - 1 / 16) / 2 / 400), rel=0.1)
    assert 0 < actual.group_errors["top"] < 0.15


@pytest.mark.parametrize(
    ("predictions", "heads"),
    [(JOINTS[:1], HEADS), (JOINTS[:, :2], HEADS), (JOINTS, HEADS[:1]), (JOINTS, HEADS[:, None])],
)
def test_shapes_that_do_not_fit_are_refused(predictions, heads):
    with pytest.raises(ValueError, match=r"PCKh of predictions .* expected"):
        pckh(predictions, JOINTS, ALL, heads, skeleton=NECK_ARM_FOOT)


def test_a_mask_of_another_number_of_joints_is_refused():
    with pytest.raises(ValueError, match="PCKh of predictions"):
        score(JOINTS, ALL[:, :1])


def test_people_without_a_head_size_are_not_scored():
    predictions = JOINTS.copy()
    predictions[1] += MISS
    actual = pckh(predictions, JOINTS, ALL, np.array([10.0, np.nan]), skeleton=NECK_ARM_FOOT)
    assert (actual.mean, actual.per_joint["foot"]) == (100.0, 100.0)


def test_nobody_to_score_is_refused():
    nobody = np.zeros((0, 3, 2))
    with pytest.raises(ValueError, match="N > 0"):
        pckh(nobody, nobody, np.zeros((0, 3), bool), np.zeros(0), skeleton=NECK_ARM_FOOT)


@pytest.fixture(scope="module")
def hourglass(shared_data):
    """A published run's predictions, 0-based, and the people they are of."""
    with h5py.File(shared_data / "mpii/predictions/hourglass-example.h5") as file:
        people = read_annotations("mpii", shared_data / "mpii/annot/valid.json", mpii_skeleton()).people
        return file["preds"][:] - 1.0, people


def score_run(hourglass, threshold):
    predictions, people = hourglass
    return pckh(predictions, people.joints, people.visible, people.normaliser, threshold)


def test_a_published_run_scores_as_published(hourglass):
    actual = score_run(hourglass, 0.5)
    assert {"mean": actual.mean, **actual.groups} == pytest.approx(
        {
            "mean": 83.929,
            "head": 93.690,
            "shoulder": 92.238,
            "elbow": 84.490,
            "wrist": 77.916,
            "hip": 83.002,
            "knee": 78.018,
            "ankle": 72.886,
        },
        abs=0.001,
    )


def test_a_published_run_scores_as_published_at_a_tenth(hourglass):
    assert score_run(hourglass, 0.1).mean == pytest.approx(18.350, abs=0.01)
