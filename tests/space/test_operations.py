"""Operations, and how blocks are connected: layers and shapes by hand."""

import pytest
import yaml

from evocnn.network.build import build as build_model
from evocnn.space.builder import GraphBuilder
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.operations import OPERATIONS
from evocnn.space.space import Parts
from evocnn.space.space_file import read_space

GENES = {"filters": 12, "kernel": 3, "stride": 1, "activation": "relu", "expansion": 2}


def apply(operation, **changes):
    """The layers that an operation adds to a map of 16 × 16 × 8, and the shape of the last."""
    graph = GraphBuilder((16, 16, 8))
    x = OPERATIONS[operation].build(graph, 0, {**GENES, **changes})
    return [layer.kind for layer in graph.layers[1:]], graph.shape(x), graph.layers[1:]


@pytest.mark.parametrize(
    ("operation", "stride", "shape"),
    [
        ("conv", 1, (16, 16, 12)),
        ("conv", 2, (8, 8, 12)),
        ("depthwise_conv", 2, (8, 8, 8)),
        ("separable_conv", 2, (8, 8, 12)),
        ("mbconv", 2, (8, 8, 12)),
        ("bottleneck", 2, (8, 8, 12)),
        ("transposed_conv", 2, (32, 32, 12)),
        ("upsample", 2, (32, 32, 8)),
        ("max_pool", 2, (8, 8, 8)),
        ("average_pool", 2, (8, 8, 8)),
        ("identity", 1, (16, 16, 8)),
    ],
)
def test_shapes(operation, stride, shape):
    assert apply(operation, stride=stride)[1] == shape


def test_an_inverted_residual_adds_its_input_where_shapes_agree():
    expanded = ["conv", "batch_norm", "activation", "depthwise_conv", "batch_norm", "activation", "conv", "batch_norm"]
    assert apply("mbconv")[0] == expanded
    assert apply("mbconv", filters=8)[0] == [*expanded, "add"]
    assert apply("mbconv", expansion=1.5)[2][0].shape == (16, 16, 12)


def test_a_bottleneck_has_a_quarter_inside_and_projects_where_shapes_differ():
    kinds, _, layers = apply("bottleneck", filters=8)
    assert [layer.shape[2] for layer in layers if layer.kind == "conv"] == [2, 2, 8]
    assert kinds[-2:] == ["add", "activation"]
    assert [layer.shape for layer in apply("bottleneck", stride=2)[2] if layer.kind == "conv"][-1] == (8, 8, 12)
    assert apply("bottleneck", stride=2)[0].count("conv") == 4


def test_squeeze_excite_weighs_channels():
    kinds, shape, layers = apply("conv", squeeze_excite=0.25)
    weighing = ["global_average_pool", "conv", "activation", "conv", "activation", "multiply"]
    assert kinds == ["conv", "batch_norm", "activation", *weighing]
    assert [layer.shape for layer in layers[3:-1]] == [(1, 1, 12), (1, 1, 3), (1, 1, 3), (1, 1, 12), (1, 1, 12)]
    assert shape == (16, 16, 12)


def test_without_normalisation_convolutions_have_a_bias():
    kinds, _, layers = apply("separable_conv", normalisation="none")
    assert kinds == ["depthwise_conv", "activation", "conv", "activation"]
    assert all(layer.setting("bias") == 1 for layer in layers if "conv" in layer.kind)
    assert apply("conv", normalisation="layer")[0] == ["conv", "layer_norm", "activation"]


def test_a_convolution_with_a_stride_is_not_dilated():
    assert apply("conv", dilation=2)[2][0].setting("dilation") == 2
    assert "dilation" not in dict(apply("conv", dilation=2, stride=2)[2][0].settings)


SPACE = {
    "stem": {"filters": 8, "kernel": 3, "stride": 2, "activation": "relu"},
    "blocks": 3,
    "genes": {
        "operation": {"categorical": ["conv", "max_pool", "identity", "no_op"]},
        "filters": {"ordinal": [4, 8]},
        "kernel": 3,
        "max_pool.kernel": 2,
        "stride": {"ordinal": [1, 2]},
        "repeats": {"ordinal": [1, 2, 3]},
        "activation": "relu",
        "skip": {"categorical": [0, 2, 3]},
        "skip_2": {"categorical": [0, 3]},
        "merge": {"categorical": ["add", "concatenate"]},
        "align": {"categorical": ["smallest", "largest", "first", "pad"]},
    },
    "strides": {"smallest": 2, "largest": 16},
    "heads": {"heatmap": {"stride": 4, "filters": 8, "kernel": 4, "activation": "relu"}},
}
PLAIN = {
    "operation": "conv",
    "filters": 8,
    "stride": 1,
    "repeats": 1,
    "skip": 0,
    "skip_2": 0,
    "merge": "add",
    "align": "smallest",
}


@pytest.fixture
def build(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(SPACE))
    space = read_space(path)

    def decoded(*blocks):
        filled = [{**PLAIN, **block} for block in blocks]
        parts = Parts({}, [*filled, *[{**PLAIN, "operation": "no_op"}] * (3 - len(filled))], {"heatmap": {}})
        return decode(space.genome(parts), space, input_size=32, outputs=5)

    return decoded


def kinds(network, block):
    return [layer.kind for layer in network.layers if layer.block == block]


@pytest.mark.parametrize(
    ("align", "merge", "expected", "shape"),
    [
        ("smallest", "add", ["average_pool", "add"], (8, 8, 8)),
        ("largest", "add", ["resize", "add"], (16, 16, 8)),
        ("first", "add", ["average_pool", "add"], (8, 8, 8)),
        ("pad", "add", ["zero_pad", "add"], (16, 16, 8)),
        ("pad", "concatenate", ["zero_pad", "concatenate"], (16, 16, 16)),
    ],
)
def test_maps_of_different_size_are_aligned(build, align, merge, expected, shape):
    """The block before has a map of 8 × 8, the stem, two blocks back, one of 16 × 16."""
    network = build({"stride": 2}, {"skip": 2, "align": align, "merge": merge})
    actual = [layer for layer in network.layers if layer.block == 1 and layer.kind in (*expected, "conv")]
    assert [layer.kind for layer in actual][:2] == expected
    assert actual[1].shape == shape
    assert build_model(network).count_params() == cost(network, 1).params


def test_two_skips_are_merged_one_after_another(build):
    network = build({}, {}, {"skip": 2, "skip_2": 3, "merge": "concatenate"})
    merged = [layer.shape[2] for layer in network.layers if layer.kind == "concatenate"]
    assert merged == [16, 24]


def test_an_operation_is_repeated_and_its_stride_is_not(build):
    network = build({"repeats": 3, "stride": 2})
    assert [layer.shape[0] for layer in network.layers if layer.block == 0 and layer.kind == "conv"] == [8, 8, 8]


def test_a_gene_of_one_operation_is_its_own(build):
    network = build({"operation": "max_pool", "stride": 2}, {})
    kernels = {
        layer.kind: layer.setting("kernel")
        for layer in network.layers
        if layer.block is not None and layer.settings and "kernel" in dict(layer.settings)
    }
    assert kernels == {"max_pool": 2, "conv": 3}


def test_an_identity_counts_as_a_block_and_a_no_op_does_not(build):
    # Two back from the last: the first convolution behind an identity, the stem behind a no-op.
    behind_identity = build({}, {"operation": "identity"}, {"skip": 2})
    behind_no_op = build({}, {"operation": "no_op"}, {"skip": 2})
    assert "add" not in kinds(behind_identity, 2)  # the same map twice is one input
    assert "add" in kinds(behind_no_op, 2)


def test_the_stem_may_be_one_of_several_operations(tmp_path):
    stem = {"operation": {"categorical": ["conv", "separable_conv"]}, "filters": {"ordinal": [8, 16]}, "kernel": 3}
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump({**SPACE, "stem": {**stem, "stride": 2, "activation": "relu"}}))
    space = read_space(path)
    blocks = [{**PLAIN, "operation": "no_op"}] * 3
    shapes = {}
    for operation, filters in (("conv", 8), ("separable_conv", 16)):
        parts = Parts({"operation": operation, "filters": filters}, blocks, {"heatmap": {}})
        network = decode(space.genome(parts), space, input_size=32, outputs=5)
        shapes[operation] = [(layer.kind, layer.shape) for layer in network.layers if "conv" in layer.kind][:2]
    assert shapes["conv"][0] == ("conv", (16, 16, 8))
    assert shapes["separable_conv"] == [("depthwise_conv", (16, 16, 3)), ("conv", (16, 16, 16))]
