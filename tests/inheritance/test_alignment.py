"""Which layers and channels of a child are its parent's, by hand."""

from evocnn.inheritance.alignment import align, channels, correspondence
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical


def chain(*blocks, stem=8):
    """Stem, blocks of (filters, kernel) with their numbers, and a head."""
    graph = GraphBuilder((8, 8, 3))
    x = graph.normalised(graph.conv(0, stem, 3, 2), "relu")
    for number, (filters, kernel) in blocks:
        graph.block = number
        x = graph.normalised(graph.conv(x, filters, kernel), "relu")
    graph.block = None
    return canonical(graph.layers, [graph.head("heatmap", graph.conv(x, 2, 1, bias=True), 0)])


def convolutions(network):
    return [at for at, layer in enumerate(network.layers) if layer.kind == "conv"]


def matched(parent, child):
    """Numbers of the parent's convolutions that the child's continue, in order; None for a new one."""
    actual, old = align(parent, child), convolutions(parent)
    return [old.index(actual[at]) if at in actual else None for at in convolutions(child)]


PARENT = chain((0, (4, 3)), (1, (6, 3)), (2, (4, 1)))


def test_a_network_continues_itself():
    assert align(PARENT, PARENT) == {
        at: at for at, layer in enumerate(PARENT.layers) if layer.kind in ("conv", "batch_norm")
    }


def test_another_kernel_or_width_is_still_the_same_layer():
    child = chain((0, (4, 5)), (1, (9, 3)), (2, (4, 1)))
    assert matched(PARENT, child) == [0, 1, 2, 3, 4]


def test_a_block_that_is_put_in_moves_those_after_it():
    child = chain((0, (4, 3)), (1, (9, 5)), (2, (6, 3)), (3, (4, 1)))
    assert matched(PARENT, child) == [0, 1, None, 2, 3, 4]


def test_a_block_that_is_taken_out_is_left_out():
    child = chain((0, (4, 3)), (1, (4, 1)))
    assert matched(PARENT, child) == [0, 1, 3, 4]


def test_of_blocks_that_look_alike_the_one_of_the_same_number_continues():
    parent = chain((0, (8, 3)), (3, (8, 3)))
    assert matched(parent, chain((0, (8, 3)))) == [0, 1, 3]
    assert matched(parent, chain((3, (8, 3)))) == [0, 2, 3]


def two_ways(a, b):
    """Convolutions of so many filters side by side, concatenated, and read by another."""
    graph = GraphBuilder((8, 8, 3))
    stem = graph.conv(0, 2, 1)
    graph.block = 0
    x = graph.conv(stem, a, 3)
    graph.block = 1
    y = graph.conv(stem, b, 5)
    graph.block = 2
    graph.conv(graph.concatenate(x, y), 3, 1)
    return graph.layers


def named(network):
    """Positions by kernel: the branches have 3 and 5."""
    return {layer.setting("kernel"): at for at, layer in enumerate(network.layers) if layer.kind == "conv" and at > 1}


def test_channels_are_followed_through_a_concatenation_whose_first_part_grew():
    """Parent: 2 + 2 channels. Child: 3 + 2, whatever the order that both have in canonical form."""
    layers = two_ways(2, 2), two_ways(3, 2)
    parent, child = (canonical(graph, [len(graph) - 1]) for graph in layers)
    known = align(parent, child)
    assert known[named(child)[3]] == named(parent)[3]
    assert known[named(child)[5]] == named(parent)[5]
    old = channels(parent, {at: at for at in range(len(parent.layers))})
    new = channels(child, known)
    joined = [next(at for at, layer in enumerate(n.layers) if layer.kind == "concatenate") for n in (parent, child)]
    actual = correspondence(old[joined[0]], new[joined[1]])
    origins = [set() if place is None else old[joined[0]][place] for place in actual]
    assert origins == [origin if origin in old[joined[0]] else set() for origin in new[joined[1]]]
    assert sorted(place for place in actual if place is not None) == [0, 1, 2, 3]
    assert actual.count(None) == 1


def test_what_is_added_up_is_found_by_either_part():
    a, b, c = frozenset({(1, 0)}), frozenset({(1, 1)}), frozenset({(2, 0)})
    assert correspondence([a | c, b], [b, a]) == [1, 0]
    assert correspondence([b, a], [a | c, b]) == [1, 0]


def test_what_comes_from_nowhere_is_taken_by_place_once():
    """The second is known as the parent's first; of the others the third has its place free, the last has none."""
    nowhere = frozenset()
    old = [frozenset({(1, 0)}), frozenset({(1, 1)}), frozenset({(1, 2)})]
    assert correspondence(old, [nowhere, old[0], nowhere, nowhere]) == [None, 0, 2, None]
