"""Skeletons, and what their files get wrong."""

import numpy as np
import pytest
import yaml

from evocnn.labels import read_skeleton
from evocnn.pose.skeleton import Skeleton

CONTENT = {
    "joints": ["right hand", "left hand", "nose"],
    "pairs": [["right hand", "left hand"]],
    "limbs": [["nose", "left hand"]],
    "groups": {"hands": ["right hand", "left hand"]},
    "scored": ["nose"],
    "normaliser": "box",
    "threshold": 0.2,
}


def write(folder, **changes):
    path = folder / "skeleton.yaml"
    content = {key: value for key, value in {**CONTENT, **changes}.items() if value is not None}
    path.write_text(yaml.safe_dump(content))
    return path


def test_names_become_indices(tmp_path):
    actual = read_skeleton(write(tmp_path))
    assert actual.joints == ("right hand", "left hand", "nose")
    assert actual.pairs == ((0, 1),)
    assert actual.limbs == ((2, 1),)
    assert actual.groups == {"hands": (0, 1)}
    assert actual.scored == (2,)
    assert (actual.task, actual.outputs) == ("pose", 3)


def test_a_mirror_exchanges_pairs_and_leaves_the_rest(tmp_path):
    assert read_skeleton(write(tmp_path)).mirror == (1, 0, 2)


@pytest.mark.parametrize("key", list(CONTENT)[1:])
def test_a_missing_key_is_named(tmp_path, key):
    path = write(tmp_path, **{key: None})
    with pytest.raises(ValueError, match=rf"skeleton\.yaml: the key '{key}' is missing; add it"):
        read_skeleton(path)


def test_a_joint_named_twice_is_refused(tmp_path):
    path = write(tmp_path, joints=["right hand", "left hand", "nose", "nose"])
    with pytest.raises(ValueError, match=r"skeleton\.yaml: joints has 'nose' 2 times; expected each name once"):
        read_skeleton(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"pairs": [["nose", "knee"]]},
        {"limbs": [["knee", "nose"]]},
        {"groups": {"legs": ["knee"]}},
        {"scored": ["knee"]},
    ],
)
def test_an_unknown_joint_is_named(tmp_path, changes):
    path = write(tmp_path, **changes)
    with pytest.raises(ValueError, match=r"skeleton\.yaml: .* has 'knee', which is not among the joints"):
        read_skeleton(path)


@pytest.mark.parametrize(
    ("changes", "normaliser", "metric"),
    [
        ({}, "box", "PCK@0.2"),
        ({"normaliser": "head_size", "threshold": 1}, "head_size", "PCKh@1"),
        ({"normaliser": ["nose", "left hand"], "threshold": 0.5}, (2, 1), "PCK@0.5"),
    ],
)
def test_the_metric_says_what_errors_are_measured_by(tmp_path, changes, normaliser, metric):
    actual = read_skeleton(write(tmp_path, **changes))
    assert (actual.normaliser, actual.metric) == (normaliser, metric)


def test_where_nothing_is_said_the_threshold_is_half_of_the_head():
    assert Skeleton((), (), (), {}, ()).metric == "PCKh@0.5"


@pytest.mark.parametrize("names", [["nose"], ["nose", "left hand", "right hand"]])
@pytest.mark.parametrize("key", ["pairs", "limbs", "normaliser"])
def test_a_couple_has_two_joints(tmp_path, key, names):
    path = write(tmp_path, **{key: names if key == "normaliser" else [names]})
    with pytest.raises(ValueError, match=rf"skeleton\.yaml: {key} has \[.*\]; expected two joints"):
        read_skeleton(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"pairs": [["right hand", "left hand"], ["left hand", "nose"]]},
            "'left hand' is in 2 places of pairs",
        ),
        ({"pairs": [["nose", "nose"]]}, "pairs has 'nose' 2 times; expected each name once"),
        ({"pairs": ""}, r"pairs is ''; expected a list of lists of two joints, or \[\]"),
        ({"limbs": ["nose", "left hand"]}, "limbs has 'nose'; expected two joints"),
        ({"groups": []}, r"groups is \[\]; expected lists of joints by name"),
        ({"groups": {"hands": []}}, r"hands is \[\]; expected a list of names, one at least"),
        ({"scored": []}, r"scored is \[\]; expected a list of names, one at least"),
        ({"joints": []}, r"joints is \[\]; expected a list of names, one at least"),
        ({"joints": "abcd"}, "joints is 'abcd'; expected a list of names, one at least"),
        ({"treshold": 0.3}, "the key 'treshold' is unknown; did you mean 'threshold'?"),
        ({"threshold": True}, "threshold is 'true'; expected a number above 0"),
        ({"threshold": float("inf")}, "threshold is '.inf'; expected a number above 0"),
    ],
)
def test_what_would_corrupt_samples_or_scores_is_refused(tmp_path, changes, message):
    with pytest.raises(ValueError, match=rf"skeleton\.yaml: {message}"):
        read_skeleton(write(tmp_path, **changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"normaliser": "torso"}, "normaliser is 'torso'; expected head_size, box, area, or a list of two joints"),
        ({"sigmas": [0.1]}, "sigmas is "),
        ({"sigmas": [0] * 16}, "sigmas is "),
        ({"metric": "ap"}, "metric is ap, which needs sigmas and the normaliser area; add them"),
        ({"metric": "best"}, "metric is 'best', expected FILE.py:NAME, or for joints pck, nme or ap"),
        ({"threshold": 0}, "threshold is '0'; expected a number above 0"),
        ({"threshold": "half"}, "threshold is 'half'; expected a number above 0"),
    ],
)
def test_a_wrong_measure_is_named(tmp_path, changes, message):
    with pytest.raises(ValueError, match=message):
        read_skeleton(write(tmp_path, **changes))


def test_mpii_has_16_joints_of_which_14_count(skeleton):
    assert len(skeleton.joints) == 16
    left_out = {skeleton.joints[i] for i in set(range(16)) - set(skeleton.scored)}
    assert left_out == {"pelvis", "thorax"}


def test_the_mirror_of_mpii_exchanges_right_and_left(skeleton):
    for joint, other in zip(skeleton.joints, np.take(skeleton.joints, skeleton.mirror), strict=True):
        swapped = {"right": "left", "left": "right"}
        assert other == " ".join(swapped.get(word, word) for word in joint.split())


@pytest.mark.parametrize("text", ["joints: [", "", "[]"])
def test_a_broken_file_is_named_in_one_line(tmp_path, text):
    path = tmp_path / "skeleton.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"skeleton\.yaml: ") as caught:
        read_skeleton(path)
    assert "\n" not in str(caught.value)
