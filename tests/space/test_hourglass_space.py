"""The operations of the space hourglass, whose networks the benchmark beside the literature searches."""

import pytest

from evocnn.space.builder import GraphBuilder
from evocnn.space.space_file import read_space

GENES = {"filters": 16, "kernel": 3, "activation": "relu", "expansion": 1, "coarse_expansion": 2, "growth": 1.5}


@pytest.fixture(scope="module")
def operations(repository):
    return read_space(repository / "config/spaces/hourglass.yaml").operations


def built(operation, size, **genes):
    graph = GraphBuilder((size, size, 16))
    last = operation.build(graph, 0, {**GENES, **genes})
    return graph, graph.shape(last)


def filters_by_side(graph):
    """Of what is kept at each size: what an enlarged map is added to."""
    sums = [layer for layer in graph.layers if layer.kind == "add" and graph.layers[layer.inputs[1]].kind == "resize"]
    return {layer.shape[0]: layer.shape[2] for layer in sums}


def test_an_hourglass_has_the_size_of_its_input_again_and_meets_it_at_every_size(operations):
    graph, shape = built(operations["hourglass"], 16, depth=3, growth=1.75)
    assert shape == (16, 16, 16)
    assert filters_by_side(graph) == {16: 16, 8: 32, 4: 56}  # 1.75 · 16 = 28, rounded to 32
    assert min(layer.shape[0] for layer in graph.layers) == 2


def test_inside_it_expands_by_another_gene(operations):
    graph, _ = built(operations["hourglass"], 8, depth=1)
    inside = {(layer.shape[0], layer.shape[2]) for layer in graph.layers if layer.kind == "depthwise_conv"}
    assert inside == {(8, 16), (4, 16), (4, 48)}  # the second one halves, before there are 24 filters


def test_no_map_with_an_odd_side_is_halved(operations):
    graph, shape = built(operations["hourglass"], 12, depth=4)
    assert shape == (12, 12, 16)
    assert {layer.shape[0] for layer in graph.layers} == {12, 6, 3}


def test_the_entry_shrinks_by_its_stride(operations):
    graph, shape = built(operations["entry"], 64, first=8, stride=4)
    assert shape == (16, 16, 16)
    assert (32, 32, 8) in {layer.shape for layer in graph.layers}
