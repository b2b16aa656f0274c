"""Canonical form: the same name for the same function, another for another."""

import itertools

import pytest

from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical

SHAPE = (8, 8, 3)


def network(graph, output):
    return canonical(graph.layers, [output])


def network_id(graph, output):
    return network(graph, output).network_id


def branches(order, kernels=(1, 3, 5)):
    """Three convolutions of the input, made in some order, then summed as (first + second) + third."""
    graph = GraphBuilder(SHAPE)
    made = {kernel: graph.normalised(graph.conv(0, 4, kernel), "relu") for kernel in order}
    a, b, c = (made[kernel] for kernel in kernels)
    return graph, graph.add(graph.add(a, b), c)


def test_the_order_of_independent_branches_does_not_matter():
    networks = [network(*branches(order)) for order in itertools.permutations((1, 3, 5))]
    assert len({actual.network_id for actual in networks}) == 1
    assert len({actual.layers for actual in networks}) == 1


def test_what_is_added_to_what_matters():
    assert network_id(*branches((1, 3, 5), (1, 3, 5))) != network_id(*branches((1, 3, 5), (1, 5, 3)))


def test_the_order_of_summands_does_not_matter():
    assert network_id(*branches((1, 3, 5), (1, 3, 5))) == network_id(*branches((1, 3, 5), (3, 1, 5)))


def concatenated(first, second):
    graph = GraphBuilder(SHAPE)
    a, b = graph.conv(0, 4, 1), graph.conv(0, 4, 3)
    made = {1: a, 3: b}
    return graph, graph.concatenate(made[first], made[second])


def test_the_order_of_concatenation_does_not_matter():
    """Channels have no order until layers are in canonical order, which the model is built in."""
    assert network(*concatenated(1, 3)) == network(*concatenated(3, 1))


def multiplied(swap):
    """A map of one place times another: (1, 1) each, so that either may be the weights."""
    graph = GraphBuilder((1, 1, 3))
    a, b = graph.conv(0, 4, 1), graph.conv(0, 4, 3)
    return graph, graph.multiply(*((b, a) if swap else (a, b)))


def test_the_order_of_multiplication_matters():
    assert network_id(*multiplied(swap=False)) != network_id(*multiplied(swap=True))


def twins(order):
    """Two branches alike at the start (a convolution each); one goes on, the other is pooled."""
    graph = GraphBuilder(SHAPE)
    starts = [graph.conv(0, 4, 3), graph.conv(0, 4, 3)]
    ends = {kind: graph.normalised(start, kind) for kind, start in zip(order, starts, strict=True)}
    return graph, graph.add(ends["relu"], ends["silu"])


def test_twin_branches_may_change_places():
    assert network_id(*twins(("relu", "silu"))) == network_id(*twins(("silu", "relu")))


def crossed(swap):
    """Two pairs of equal convolutions, whose members meet: a1 + b1 and a2 + b2."""
    graph = GraphBuilder(SHAPE)
    a = [graph.conv(0, 4, 3), graph.conv(0, 4, 3)]
    b = [graph.conv(0, 4, 3), graph.conv(0, 4, 3)]
    sums = [graph.add(a[0], b[swap]), graph.add(a[1], b[1 - swap])]
    return graph, graph.concatenate(graph.conv(sums[0], 2, 1), graph.conv(sums[1], 2, 3))


def test_interchangeable_layers_of_several_pairs_may_change_places():
    assert network_id(*crossed(0)) == network_id(*crossed(1))


def shared_or_twice(shared):
    """f(x) + g(f(x)) with one f, or with two alike."""
    graph = GraphBuilder((8, 8, 4))
    first = graph.conv(0, 4, 3)
    second = first if shared else graph.conv(0, 4, 3)
    return graph, graph.add(first, graph.conv(second, 4, 1))


def test_a_shared_layer_is_not_two_layers():
    assert network_id(*shared_or_twice(shared=True)) != network_id(*shared_or_twice(shared=False))


def chain(kernel=3, filters=4, stride=1, activation="relu", shape=SHAPE):
    graph = GraphBuilder(shape)
    return graph, graph.normalised(graph.conv(0, filters, kernel, stride), activation)


@pytest.mark.parametrize(
    "changes", [{"kernel": 5}, {"filters": 8}, {"stride": 2}, {"activation": "silu"}, {"shape": (16, 16, 3)}]
)
def test_every_setting_is_part_of_the_name(changes):
    assert network_id(*chain()) != network_id(*chain(**changes))


def test_the_block_is_no_part_of_the_name():
    graph = GraphBuilder(SHAPE)
    graph.block = 5
    tagged = canonical(graph.layers, [graph.normalised(graph.conv(0, 4, 3), "relu")])
    assert tagged.network_id == network_id(*chain())
    assert [layer.block for layer in tagged.layers] == [None, 5, 5, 5]


def test_what_does_not_reach_the_output_is_dropped():
    graph = GraphBuilder(SHAPE)
    graph.conv(0, 7, 5)
    output = graph.normalised(graph.conv(0, 4, 3), "relu")
    graph.conv(output, 9, 1)
    actual = canonical(graph.layers, [output])
    assert [layer.kind for layer in actual.layers] == ["input", "conv", "batch_norm", "activation"]
    assert actual.network_id == network_id(*chain())


def test_layers_follow_their_inputs_and_the_output_is_last():
    for order in itertools.permutations((1, 3, 5)):
        layers = network(*branches(order)).layers
        assert layers[0].kind == "input"
        assert layers[-1].kind == "add"
        assert all(source < at for at, layer in enumerate(layers) for source in layer.inputs)


def test_a_name_is_12_hex_digits():
    name = network_id(*chain())
    assert len(name) == 12
    assert int(name, 16) >= 0


def test_equal_layers_without_weights_are_made_once():
    graph = GraphBuilder(SHAPE)
    assert graph.pool("max_pool", 0, 3, 2) == graph.pool("max_pool", 0, 3, 2)
    assert graph.conv(0, 4, 3) != graph.conv(0, 4, 3)
