"""A metric of the user's own: shares of right are averaged over labelled joints, groups and people."""

from pathlib import Path

import numpy as np
import pytest

from evocnn.pose.metric import score_pose
from evocnn.pose.skeleton import Skeleton

# Two people, two joints; the second joint of the second person has no label.
JOINTS = np.array([[[10.0, 10.0], [20.0, 10.0]], [[10.0, 10.0], [0.0, 0.0]]])
VISIBLE = np.array([[True, True], [True, False]])
SIZES = np.array([10.0, 20.0])


@pytest.fixture
def skeleton(tmp_path: Path):
    """A function from the source of a metric to a skeleton that names it."""

    def name(source: str) -> Skeleton:
        file = tmp_path / "metrics.py"
        file.write_text(f"import numpy as np\n{source}\nMETRICS = {{'mine': mine}}\n")
        return Skeleton(("a", "b"), (), (), {"both": (0, 1)}, (0, 1), own_metric=f"{file}:mine")

    return name


def test_shares_are_averaged_over_labelled_joints(skeleton):
    # Errors are 5 and 10 pixels over 10, and 5 over 20: shares 0.5, 0, and 0.75.
    by = skeleton("def mine(p, j, s): return 1 - np.minimum(np.linalg.norm(p[..., :2] - j, axis=-1) / s[:, None], 1)")
    offsets = np.array([[[5.0, 0.0], [0.0, 10.0]], [[0.0, 5.0], [99.0, 99.0]]])
    predictions = np.concatenate([JOINTS + offsets, np.ones((2, 2, 1))], -1)
    score = score_pose(predictions, JOINTS, VISIBLE, SIZES, by)
    assert by.metric == "mine"
    assert score.per_joint == pytest.approx({"a": 62.5, "b": 0.0})
    assert score.groups == pytest.approx({"both": 31.25})
    assert score.mean == pytest.approx(100 * (0.5 + 0 + 0.75) / 3)
    assert score.standard_error > 0


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def mine(p, j, s): return np.full((2, 2), 1.5)", "found the share 1.5, expected 0 to 1"),
        ("def mine(p, j, s): return np.full((2, 2), np.nan)", "found the share nan, expected 0 to 1"),
        ("def mine(p, j, s): return np.ones(2)", r"found shares of the shape \(2,\), expected \(2, 2\)"),
    ],
)
def test_other_values_are_refused(skeleton, source, message):
    with pytest.raises(ValueError, match=message):
        score_pose(np.ones((2, 2, 3)), JOINTS, VISIBLE, SIZES, skeleton(source))
