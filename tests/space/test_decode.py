"""Genome to network."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocnn.space.decode import decode
from evocnn.space.network import Network
from evocnn.space.space import Parts

SEEDS = st.integers(0, 10**9)
SPACES = st.sampled_from(["tiny_space", "default_space"])
PLAIN = {
    "operation": "no_op",
    "filters": 8,
    "kernel": 3,
    "stride": 1,
    "dilation": 1,
    "expansion": 1,
    "squeeze_excite": 0,
    "activation": "relu",
    "normalisation": "batch",
    "input": 1,
    "skip": 0,
    "merge": "add",
    "align": "smallest",
}


@pytest.fixture
def build(tiny_space):
    """From changes to plain slots, the rest no-ops, to a network of the tiny space."""

    def decoded(*slots, input_size=32, outputs=5, task="pose") -> Network:
        filled = [{**PLAIN, **slot} for slot in (*slots, *[{}] * (3 - len(slots)))]
        genome = tiny_space.genome(Parts({}, filled, {"heatmap": {}}))
        return decode(genome, tiny_space, input_size=input_size, outputs=outputs, task=task)

    return decoded


def kinds(network):
    return [layer.kind for layer in network.layers]


def random_network(space, seed, input_size=64):
    return decode(space.draw(random.Random(seed)), space, input_size=input_size, outputs=16)


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, name=SPACES)
def test_every_genome_reaches_the_head(request, seed, name):
    network = random_network(request.getfixturevalue(name), seed)
    assert network.layers[0].kind == "input"
    assert network.layers[0].shape == (64, 64, 3)
    assert network.layers[-1].shape == (16, 16, 16)


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, name=SPACES)
def test_strides_never_leave_their_bounds(request, seed, name):
    space = request.getfixturevalue(name)
    smallest, largest = space.strides
    for layer in random_network(space, seed).layers[1:]:
        assert 64 // largest <= layer.shape[0] <= 64 // smallest or layer.shape[0] == 1  # of squeeze-and-excitation
        assert layer.shape[0] == layer.shape[1]


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, name=SPACES)
def test_layers_fit_together(request, seed, name):
    layers = random_network(request.getfixturevalue(name), seed).layers
    for at, layer in enumerate(layers[1:], 1):
        shapes = [layers[source].shape for source in layer.inputs]
        assert shapes
        assert all(source < at for source in layer.inputs)
        if layer.kind == "add":
            assert shapes == [layer.shape] * 2
        if layer.kind == "concatenate":
            assert {shape[:2] for shape in shapes} == {layer.shape[:2]}
            assert sum(shape[2] for shape in shapes) == layer.shape[2]
        if layer.kind == "multiply":
            assert shapes == [layer.shape, (1, 1, layer.shape[2])]


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, name=SPACES)
def test_every_layer_but_the_last_is_used(request, seed, name):
    layers = random_network(request.getfixturevalue(name), seed).layers
    used = {source for layer in layers for source in layer.inputs}
    assert used == set(range(len(layers) - 1))


@settings(max_examples=50, deadline=None)
@given(seed=SEEDS, name=SPACES)
def test_the_same_genome_gives_the_same_network(request, seed, name):
    space = request.getfixturevalue(name)
    assert random_network(space, seed) == random_network(space, seed)


@settings(max_examples=50, deadline=None)
@given(seed=SEEDS, name=SPACES)
def test_a_no_op_ignores_its_other_genes(request, seed, name):
    space = request.getfixturevalue(name)
    first, second = (space.parts(space.draw(random.Random(n))) for n in (seed, seed + 1))
    networks = []
    for values in (first.blocks[1], second.blocks[1]):
        blocks = [first.blocks[0], {**values, "operation": "no_op"}, *first.blocks[2:]]
        networks.append(decode(space.genome(replace(first, blocks=blocks)), space, input_size=64, outputs=16))
    assert networks[0].network_id == networks[1].network_id


def test_only_no_ops_still_give_a_network(build):
    network = build()
    assert kinds(network) == ["input", "conv", "batch_norm", "activation", "average_pool", "conv", "head"]
    assert network.layers[-1].shape == (8, 8, 5)


def test_a_network_by_hand(build):
    network = build(
        {"operation": "conv", "filters": 12, "kernel": 3, "stride": 2, "activation": "silu"},
        {"operation": "separable_conv", "filters": 4, "kernel": 3},
        {"operation": "mbconv", "filters": 4, "kernel": 1, "expansion": 2},
    )
    expected = [
        ("input", {}, (32, 32, 3), None),
        ("conv", {"filters": 8, "kernel": 3, "stride": 2}, (16, 16, 8), None),
        ("batch_norm", {}, (16, 16, 8), None),
        ("activation", {"function": "relu"}, (16, 16, 8), None),
        ("conv", {"filters": 12, "kernel": 3, "stride": 2}, (8, 8, 12), 0),
        ("batch_norm", {}, (8, 8, 12), 0),
        ("activation", {"function": "silu"}, (8, 8, 12), 0),
        ("depthwise_conv", {"kernel": 3, "stride": 1}, (8, 8, 12), 1),
        ("batch_norm", {}, (8, 8, 12), 1),
        ("activation", {"function": "relu"}, (8, 8, 12), 1),
        ("conv", {"filters": 4, "kernel": 1, "stride": 1}, (8, 8, 4), 1),
        ("batch_norm", {}, (8, 8, 4), 1),
        ("activation", {"function": "relu"}, (8, 8, 4), 1),
        ("conv", {"filters": 8, "kernel": 1, "stride": 1}, (8, 8, 8), 2),
        ("batch_norm", {}, (8, 8, 8), 2),
        ("activation", {"function": "relu"}, (8, 8, 8), 2),
        ("depthwise_conv", {"kernel": 1, "stride": 1}, (8, 8, 8), 2),
        ("batch_norm", {}, (8, 8, 8), 2),
        ("activation", {"function": "relu"}, (8, 8, 8), 2),
        ("conv", {"filters": 4, "kernel": 1, "stride": 1}, (8, 8, 4), 2),
        ("batch_norm", {}, (8, 8, 4), 2),
        ("add", {}, (8, 8, 4), 2),
        ("conv", {"bias": 1, "filters": 5, "kernel": 1, "stride": 1}, (8, 8, 5), None),
        ("head", {"name": "heatmap", "place": 0}, (8, 8, 5), None),
    ]
    assert [(x.kind, dict(x.settings), x.shape, x.block) for x in network.layers] == expected
    straight = [()] + [(n,) for n in range(20)]
    assert [x.inputs for x in network.layers] == [*straight, (12, 20), (21,), (22,)]


def test_a_dead_block_vanishes(build):
    alive = {"operation": "conv", "filters": 4, "input": 2}
    # The second block reads two blocks back, which is the stem; nothing reads the first.
    dead_first = build({"operation": "conv", "filters": 12}, alive)
    assert dead_first.network_id == build(alive).network_id
    assert {layer.block for layer in dead_first.layers} == {None, 1}


def test_no_ops_do_not_count_backwards(build):
    first, second = {"operation": "conv", "filters": 4}, {"operation": "conv", "filters": 12, "skip": 2}
    assert build(first, {}, second).network_id == build(first, second).network_id == build({}, first, second).network_id


def test_counting_back_stops_at_the_stem(build):
    near, far = ({"operation": "conv", "filters": 4, "input": back} for back in (1, 2))
    assert build(near).network_id == build(far).network_id


def test_genes_that_an_operation_does_not_read_do_not_matter(build):
    few = build({"operation": "max_pool", "filters": 4, "expansion": 1, "activation": "relu"})
    assert (
        few.network_id
        == build({"operation": "max_pool", "filters": 12, "expansion": 2, "activation": "silu"}).network_id
    )


def test_pooling_that_changes_nothing_vanishes(build):
    assert build({"operation": "max_pool", "kernel": 1}).network_id == build().network_id


def test_a_skip_to_the_same_map_merges_nothing(build):
    conv = {"operation": "conv", "skip": 2}
    assert "add" not in kinds(build(conv))  # two back is the stem, which is the input as well


def test_a_skip_of_other_width_is_projected_before_it_is_added(build):
    network = build({"operation": "conv", "filters": 12}, {"operation": "conv", "filters": 4, "skip": 2})
    added = next(layer for layer in network.layers if layer.kind == "add")
    sources = [network.layers[source] for source in added.inputs]
    assert added.shape == (16, 16, 12)
    assert {source.kind for source in sources} == {"activation", "batch_norm"}


def test_a_skip_may_be_concatenated(build):
    network = build(
        {"operation": "conv", "filters": 12}, {"operation": "conv", "filters": 4, "skip": 2, "merge": "concatenate"}
    )
    assert next(layer for layer in network.layers if layer.kind == "concatenate").shape == (16, 16, 20)


def test_maps_meet_at_the_size_of_the_smaller(build):
    network = build({"operation": "conv", "filters": 8, "stride": 2}, {"operation": "conv", "filters": 4, "skip": 2})
    assert next(layer for layer in network.layers if layer.kind == "add").shape == (8, 8, 8)
    pooled = next(layer for layer in network.layers if layer.kind == "average_pool")
    assert dict(pooled.settings) == {"kernel": 2, "stride": 2}


def test_shrinking_beyond_the_bounds_does_not_shrink(build):
    half = {"operation": "conv", "stride": 2}
    sizes = [layer.shape[0] for layer in build(half, half, half).layers if layer.block is not None]
    assert sizes == [8] * 3 + [4] * 3 + [4] * 3  # strides 4, 8, and 8 again: the largest


def test_enlarging_beyond_the_bounds_does_not_enlarge(build):
    network = build({"operation": "transposed_conv", "stride": 2})  # the stem's stride is the smallest
    assert next(layer for layer in network.layers if layer.block == 0).shape == (16, 16, 8)


def test_a_transposed_convolution_undoes_a_stride(build):
    network = build({"operation": "conv", "stride": 2}, {"operation": "transposed_conv", "stride": 2})
    assert next(layer for layer in network.layers if layer.kind == "transposed_conv").shape == (16, 16, 8)


def test_small_maps_are_enlarged_by_the_head(build):
    half = {"operation": "conv", "stride": 2}
    head = build(half, half).layers[-5:]
    assert [layer.kind for layer in head] == ["transposed_conv", "batch_norm", "activation", "conv", "head"]
    assert dict(head[0].settings) == {"filters": 8, "kernel": 4, "stride": 2}
    assert head[0].shape == (8, 8, 8)
    assert head[-1].shape == (8, 8, 5)
    assert {layer.block for layer in head} == {None}


@pytest.mark.parametrize("size", [30, 36, 33, 4])
def test_an_input_that_is_no_multiple_is_refused(build, size):
    with pytest.raises(ValueError, match=f"dataset.input_size is {size}; this space needs a multiple of 8"):
        build(input_size=size)


HALF = {"operation": "conv", "filters": 12, "stride": 2}


@pytest.mark.parametrize("slots", [[], [HALF], [HALF, HALF]])
@pytest.mark.parametrize("classes", [2, 10])
def test_a_network_for_classes_ends_with_the_mean_of_the_last_map(build, slots, classes):
    network = build(*slots, outputs=classes, task="classification")
    *body, pooled, last, head = network.layers
    channels = 12 if slots else 8
    assert (pooled.kind, pooled.shape) == ("global_average_pool", (1, 1, channels))
    assert pooled.inputs == (len(body) - 1,)  # the last map as it is, neither enlarged nor shrunk
    assert body[-1].shape == (16 // 2 ** len(slots),) * 2 + (channels,)
    assert (last.kind, last.shape, last.inputs) == ("conv", (1, 1, classes), (len(body),))
    assert dict(last.settings) == {"bias": 1, "filters": classes, "kernel": 1, "stride": 1}
    assert (head.kind, head.inputs, network.heads) == ("head", (len(body) + 1,), {"classification": len(body) + 2})
    assert kinds(network).count("global_average_pool") == 1


def test_the_head_is_a_part_of_what_a_network_is(build):
    ids = {build(HALF, outputs=n, task=task).network_id for n in (5, 6) for task in ("pose", "classification")}
    assert len(ids) == 4


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, name=SPACES)
def test_every_genome_reaches_the_classes(request, seed, name):
    space = request.getfixturevalue(name)
    genome = space.draw(random.Random(seed))
    network = decode(genome, space, input_size=64, outputs=7, task="classification")
    assert network.layers[-1].shape == (1, 1, 7)
    assert network.network_id != decode(genome, space, input_size=64, outputs=7).network_id
    used = {source for layer in network.layers for source in layer.inputs}
    assert used == set(range(len(network.layers) - 1))
