"""Costs, worked out by hand."""

import pytest

from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import cost


def network():
    """(16, 16, 3) → stem (8, 8, 8) → separable (4, 4, 10) → enlarged (8, 8, 6) → with the stem 14 → 5 heatmaps."""
    graph = GraphBuilder((16, 16, 3))
    stem = graph.normalised(graph.conv(0, 8, 3, 2), "relu")
    x = graph.normalised(graph.depthwise_conv(stem, 5, 2))
    x = graph.conv(x, 10, 1)
    x = graph.transposed_conv(x, 6, 2, 2)
    return canonical(graph.layers, [graph.conv(graph.concatenate(stem, x), 5, 1, bias=True)])


def test_parameters():
    stem = 3 * 3 * 3 * 8 + 4 * 8
    separable = 5 * 5 * 8 + 4 * 8 + 8 * 10
    enlarged = 2 * 2 * 10 * 6
    head = 14 * 5 + 5
    assert cost(network(), 1).params == stem + separable + enlarged + head == 875


def test_multiply_accumulate_operations():
    stem = 64 * 3 * 3 * 3 * 8
    depthwise = 16 * 5 * 5 * 8
    pointwise = 16 * 8 * 10
    enlarged = 16 * 2 * 2 * 10 * 6  # of the map that goes in
    head = 64 * 14 * 5
    assert cost(network(), 1).macs == stem + depthwise + pointwise + enlarged + head == 26624


def test_layers_without_kernels_cost_no_operations():
    graph = GraphBuilder((8, 8, 4))
    pooled = graph.pool("max_pool", 0, 3, 1)
    actual = cost(canonical(graph.layers, [graph.add(0, pooled)]), 1)
    assert (actual.params, actual.macs) == (0, 0)


def test_parameters_and_operations_do_not_depend_on_the_batch():
    few, many = cost(network(), 1), cost(network(), 64)
    assert (few.params, few.macs) == (many.params, many.macs)


def test_memory_is_that_of_an_empty_process_and_that_of_training():
    # (256, 256, 100) made by a convolution of (256, 256, 3), which it keeps; both are in work
    graph = GraphBuilder((256, 256, 3))
    actual = cost(canonical(graph.layers, [graph.conv(0, 100, 1)]), 10)
    elements = 10 * (196_608 + 6_553_600 + 196_608)
    assert actual.memory_mb == round((700e6 + 16 * 300 + 1.5e6 + 4 * elements) / 1e6) == 979


@pytest.mark.parametrize(("smaller", "larger"), [(1, 64), (64, 1024)])
def test_memory_grows_with_the_batch(smaller, larger):
    assert cost(network(), smaller).memory_mb < cost(network(), larger).memory_mb


def classifier(classes):
    """(16, 16, 3) → stem (8, 8, 8) → mean (1, 1, 8) → classes."""
    graph = GraphBuilder((16, 16, 3))
    stem = graph.normalised(graph.conv(0, 8, 3, 2), "relu")
    return canonical(graph.layers, [graph.conv(graph.global_average_pool(stem), classes, 1, bias=True)])


@pytest.mark.parametrize("classes", [2, 5, 100])
def test_a_head_for_classes_has_a_weight_per_channel_and_one_more(classes):
    stem = 3 * 3 * 3 * 8
    actual = cost(classifier(classes), 1)
    assert actual.params == stem + 4 * 8 + classes * (8 + 1)
    assert actual.macs == 64 * stem + classes * 8
