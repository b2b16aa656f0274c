"""Skeletons, and what their files get wrong."""

import numpy as np
import pytest
import yaml

from evocnn.labels import read_skeleton

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
    found = read_skeleton(write(tmp_path))
    assert found.joints == ("right hand", "left hand", "nose")
    assert found.pairs == ((0, 1),)
    assert found.limbs == ((2, 1),)
    assert found.groups == {"hands": (0, 1)}
    assert found.scored == (2,)


def test_a_mirror_exchanges_pairs_and_leaves_the_rest(tmp_path):
    assert read_skeleton(write(tmp_path)).mirror == (1, 0, 2)


@pytest.mark.parametrize("key", list(CONTENT)[1:])
def test_a_missing_key_is_named(tmp_path, key):
    path = write(tmp_path, **{key: None})
    with pytest.raises(ValueError, match=rf"skeleton\.yaml: the skeleton lacks {key}; add it"):
        read_skeleton(path)


def test_a_joint_named_twice_is_refused(tmp_path):
    path = write(tmp_path, joints=["right hand", "left hand", "nose", "nose"])
    with pytest.raises(ValueError, match=r"skeleton\.yaml: a joint is named twice"):
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
    with pytest.raises(ValueError, match=r"skeleton\.yaml: 'knee' is not among the joints"):
        read_skeleton(path)


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
