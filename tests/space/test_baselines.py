"""Networks of the literature: as large as was published, and scaled by one number."""

import pytest

from evocnn.network.build import build
from evocnn.space.baselines import BASELINES, STRIDE
from evocnn.space.cost import cost

PUBLISHED = {
    # Xiao, Wu & Wei, Simple Baselines (ECCV 2018), as counted by Sun et al., HRNet (CVPR 2019), table 1.
    "simple_baselines": 34.0e6,
    # Yu et al., Lite-HRNet (CVPR 2021), table 3.
    "mobilenet_v2": 9.6e6,
    # An eighth of the 25.59 million of eight stacks (table of the repository Fast_Human_Pose_Estimation_Pytorch, from
    # Newell's design): a stack of its own has the stem to itself.
    "hourglass": 25.59e6 / 8,
    # McNally et al., EvoPose2D (IEEE Access, 2021): EvoPose2D-XS.
    "evopose2d_xs": 2.53e6,
}
CLOSE = {"hourglass": 0.1}


def network(name, width=1.0, size=128, joints=16):
    return BASELINES[name](width, size, joints, 1)


@pytest.mark.parametrize("name", PUBLISHED)
def test_parameters_are_those_published(name):
    joints = 17 if name == "evopose2d_xs" else 16  # COCO's and MPII's
    params = cost(network(name, size=256, joints=joints), 1).params
    assert params == pytest.approx(PUBLISHED[name], rel=CLOSE.get(name, 0.01))


def test_half_the_width_is_a_quarter_of_the_parameters():
    for name in ("simple_baselines", "mobilenet_v2", "hourglass"):
        assert cost(network(name, 0.5), 1).params == pytest.approx(cost(network(name), 1).params / 4, rel=0.05)


@pytest.mark.parametrize("name", BASELINES)
def test_every_one_predicts_joints_from_small_inputs(name):
    made = network(name, width=0.125, size=2 * STRIDE, joints=5)
    model = build(made)
    assert model.count_params() == cost(made, 1).params
    if name != "ga_cnn_style":
        assert (list(made.heads), model.output_shape) == (["heatmap"], (None, 16, 16, 5))


def test_the_style_of_the_seed_space_is_drawn_anew_with_another_seed():
    first, again, other = (BASELINES["ga_cnn_style"](1.0, 64, 16, seed) for seed in (1, 1, 2))
    assert first.network_id == again.network_id != other.network_id
    assert list(first.heads) == ["regression", "visibility"]
    assert cost(first, 1).macs <= cost(network("simple_baselines", size=64), 1).macs
