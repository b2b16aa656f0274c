"""Networks of the literature: as large as was published, and scaled by one number."""

import pytest

from evocnn.network.build import build
from evocnn.space.baselines import BASELINES
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
    # He et al., Deep Residual Learning (CVPR 2016), table 6.
    "resnet_20": 0.27e6,
    "resnet_56": 0.85e6,
}
CLOSE = {"hourglass": 0.1, "resnet_20": 0.02, "resnet_56": 0.02}
POSE = [name for name, baseline in BASELINES.items() if baseline.task == "pose"]
CLASSIFICATION = [name for name in BASELINES if name not in POSE]


def network(name, width=1.0, size=128, joints=16):
    return BASELINES[name].build(width, size, joints, 1)


@pytest.mark.parametrize("name", PUBLISHED)
def test_parameters_are_those_published(name):
    joints = 17 if name == "evopose2d_xs" else 16  # COCO's and MPII's
    params = cost(network(name, size=256, joints=joints), 1).params
    assert params == pytest.approx(PUBLISHED[name], rel=CLOSE.get(name, 0.01))


def test_half_the_width_is_a_quarter_of_the_parameters():
    for name in ("simple_baselines", "mobilenet_v2", "hourglass", "resnet_56"):
        assert cost(network(name, 0.5), 1).params == pytest.approx(cost(network(name), 1).params / 4, rel=0.05)


@pytest.mark.parametrize("name", POSE)
def test_every_one_predicts_joints_from_small_inputs(name):
    made = network(name, width=0.125, size=2 * BASELINES[name].stride, joints=5)
    model = build(made)
    assert model.count_params() == cost(made, 1).params
    if name != "ga_cnn_style":
        assert (list(made.heads), model.output_shape) == (["heatmap"], (None, 16, 16, 5))


@pytest.mark.parametrize("name", CLASSIFICATION)
def test_every_one_predicts_classes_from_small_inputs(name):
    made = network(name, width=0.5, size=2 * BASELINES[name].stride, joints=7)
    model = build(made)
    assert model.count_params() == cost(made, 1).params
    assert (list(made.heads), model.output_shape) == (["classification"], (None, 1, 1, 7))


@pytest.mark.parametrize(("name", "blocks"), [("resnet_20", 3), ("resnet_56", 9)])
def test_a_residual_network_computes_what_its_layers_do(name, blocks):
    first, last = 27 * 16 * 32**2, 64 * 10
    whole = 9 * 16 * 16 * 32**2  # of a convolution 3×3, in each stage: twice the filters at half the side
    shortcuts = 16 * 32 * 16**2 + 32 * 64 * 8**2
    stages = 2 * blocks * whole + 2 * (whole // 2 + (2 * blocks - 1) * whole)
    assert cost(network(name, size=32, joints=10), 1).macs == first + stages + shortcuts + last


def test_the_style_of_the_seed_space_is_drawn_anew_with_another_seed():
    first, again, other = (BASELINES["ga_cnn_style"].build(1.0, 64, 16, seed) for seed in (1, 1, 2))
    assert first.network_id == again.network_id != other.network_id
    assert list(first.heads) == ["regression", "visibility"]
    assert cost(first, 1).macs <= cost(network("simple_baselines", size=64), 1).macs
