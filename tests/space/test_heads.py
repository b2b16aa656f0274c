"""Heads: their shapes and weights, and that the network before them does not change."""

import pytest
import yaml

from evocnn.network.build import build
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.heads import HEADS
from evocnn.space.space import Section, Space
from evocnn.space.space_file import read_space

MAPS = {"stride": 4, "filters": 6, "kernel": 4, "activation": "relu"}
SETTINGS = {
    "heatmap": MAPS,
    "integral": MAPS,
    "simcc": {**MAPS, "stride": 8, "bins": 2},
    "regression": {},
    "visibility": {},
}
ALL = {name: SETTINGS[name] for name in ("simcc", "heatmap", "regression", "visibility", "integral")}
SHAPES = {
    "heatmap": (8, 8, 3),
    "integral": (8, 8, 3),
    "simcc": (2, 64, 3),
    "regression": (1, 1, 6),
    "visibility": (1, 1, 3),
}


def write(folder, heads, stride=2):
    """A stem and a convolution: maps of 8 × 8 with 5 channels for an input of 32, or coarser."""
    path = folder / "space.yaml"
    content = {
        "stem": {"filters": 4, "kernel": 3, "stride": 2, "activation": "relu"},
        "blocks": 1,
        "genes": {"operation": "conv", "filters": 5, "kernel": 3, "stride": stride, "activation": "relu"},
        "strides": {"smallest": 2, "largest": 8},
        "heads": heads,
    }
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return path


def network(folder, heads, stride=2):
    return decode((), read_space(write(folder, heads, stride)), input_size=32, outputs=3)


def beside(name):
    """A head, behind one that predicts where it cannot."""
    return {name: SETTINGS[name]} if HEADS[name].predicts else {"regression": {}, name: SETTINGS[name]}


@pytest.mark.parametrize("name", list(SETTINGS))
@pytest.mark.parametrize("stride", [2, 4])
def test_a_head_has_the_shape_and_the_weights_that_it_says(tmp_path, name, stride):
    made = network(tmp_path, beside(name), stride)
    model = build(made)
    assert made.layers[made.heads[name]].shape == SHAPES[name]
    actual = model.output_shape if len(made.heads) == 1 else model.output[name].shape
    assert tuple(actual[1:]) == SHAPES[name]
    assert model.count_params() == cost(made, 1).params


def test_all_at_once(tmp_path):
    made = network(tmp_path, ALL)
    model = build(made)
    assert list(made.heads) == list(ALL)
    assert model.name == "simcc"
    assert {name: tuple(output.shape[1:]) for name, output in model.output.items()} == SHAPES
    assert model.count_params() == cost(made, 1).params


def test_weights_by_hand(tmp_path):
    without = cost(network(tmp_path, {"regression": {}}), 1).params - 6 * (5 + 1)
    assert cost(network(tmp_path, {"heatmap": MAPS}), 1).params == without + 3 * (5 + 1)
    assert cost(network(tmp_path, {"regression": {}, "visibility": {}}), 1).params == without + 9 * (5 + 1)
    simcc = 3 * (5 + 1) + 2 * 64 * (4 * 4 + 1)  # a map of 4 × 4 to 64 bins along each axis
    assert cost(network(tmp_path, {"simcc": SETTINGS["simcc"]}), 1).params == without + simcc


def test_bins_are_multiplied_once_per_joint():
    graph = GraphBuilder((8, 8, 5))
    actual = cost(canonical(graph.layers, [graph.head("simcc", graph.simcc(0, 24), 0)]), 1)
    assert actual.params == (8 * 8 + 1) * 2 * 24
    assert actual.macs == 5 * 8 * 8 * 2 * 24


def test_two_dense_layers_are_never_the_same():
    graph = GraphBuilder((8, 8, 5))
    assert graph.simcc(0, 24) != graph.simcc(0, 24)


def test_the_network_before_the_heads_is_the_same(tmp_path):
    """The order is by depth: first come the input, the stem and the block, of three layers each."""
    made = [network(tmp_path, heads) for heads in (ALL, *map(beside, SETTINGS))]
    assert [layer.kind for layer in made[0].layers[:7]] == ["input", *["conv", "batch_norm", "activation"] * 2]
    assert len({one.layers[:7] for one in made}) == 1
    assert len({one.network_id for one in made}) == len(made)


def test_weights_of_losses(tmp_path):
    made = network(tmp_path, {"heatmap": {**MAPS, "weight": 2}, "visibility": {"weight": 0.25}, "regression": {}})
    assert made.loss_weights == {"heatmap": 2.0, "visibility": 0.25, "regression": 1.0}
    same = network(tmp_path, {"heatmap": {**MAPS, "weight": 2.0}, "visibility": {"weight": 0.25}, "regression": {}})
    assert made.network_id == same.network_id
    other = network(tmp_path, {"heatmap": MAPS, "visibility": {"weight": 0.25}, "regression": {}})
    assert made.network_id != other.network_id


def test_a_weight_of_1_need_not_be_said(tmp_path):
    assert network(tmp_path, {"heatmap": {**MAPS, "weight": 1}}) == network(tmp_path, {"heatmap": MAPS})


def test_a_weight_may_be_a_gene(tmp_path):
    space = read_space(
        write(tmp_path, {"heatmap": MAPS, "regression": {"weight": {"real": [0.1, 10], "scale": "log"}}})
    )
    made = decode((0.5,), space, input_size=32, outputs=3)
    assert made.loss_weights == {"heatmap": 1.0, "regression": 0.5}


@pytest.mark.parametrize(
    ("heads", "text"),
    [
        ({"visibility": {}}, "visibility, which cannot predict; put one of heatmap, integral, simcc, regression"),
        ({"visibility": {}, "heatmap": MAPS}, "the first head for pose is visibility"),
        ({"classification": {}, "visibility": {}, "heatmap": MAPS}, "the first head for pose is visibility"),
        ({"simcc": MAPS}, "simcc needs 'bins'"),
        ({"simcc": {**MAPS, "bins": 0}}, "bins is 0; expected integers of 1 or more"),
        ({"simcc": {**MAPS, "bins": 1.5}}, "bins is 1.5"),
        ({"integral": {}}, "integral needs 'stride'"),
        ({"regression": {"weight": -1}}, "weight is -1; expected numbers of 0 or more"),
    ],
)
def test_what_cannot_be_is_refused_when_the_space_is_read(tmp_path, heads, text):
    with pytest.raises(ValueError, match=rf"space\.yaml: .*{text}"):
        read_space(write(tmp_path, heads))


def test_a_space_made_in_code_is_checked_when_it_is_decoded(tmp_path):
    read = read_space(write(tmp_path, {"heatmap": MAPS}))
    space = Space(read.stem, read.blocks, read.block, {"visibility": Section({}, ())}, read.strides)
    with pytest.raises(ValueError, match="cannot predict"):
        decode((), space, input_size=32, outputs=3)


def test_heads_for_another_task_are_left_out(tmp_path):
    space = read_space(write(tmp_path, {"heatmap": MAPS, "visibility": {}, "classification": {}}))
    made = decode((), space, input_size=32, outputs=3, task="classification")
    assert list(made.heads) == ["classification"]


def test_whether_a_head_helps_may_be_a_gene(tmp_path):
    """With weight 0 the network is that without the head, to its id; the head that predicts stays."""
    choice = {"weight": {"categorical": [0, 0.1]}}
    space = read_space(write(tmp_path, {"heatmap": MAPS, "regression": choice}))
    without, with_it = (decode((weight,), space, input_size=32, outputs=3) for weight in (0, 0.1))
    assert list(without.heads) == ["heatmap"]
    assert list(with_it.heads) == ["heatmap", "regression"]
    assert without.network_id == network(tmp_path, {"heatmap": MAPS}).network_id != with_it.network_id
