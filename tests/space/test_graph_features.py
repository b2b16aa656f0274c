"""Features of graphs, worked out by hand."""

import random
from math import log

from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.decode import decode
from evocnn.space.graph_features import graph_features


def residual(kernel: int = 3):
    """A stem of stride 2, then a convolution beside nothing, added."""
    graph = GraphBuilder((8, 8, 3))
    stem = graph.normalised(graph.conv(0, 4, 3, 2), "relu")
    end = graph.add(stem, graph.normalised(graph.conv(stem, 4, kernel), "relu"))
    return canonical(graph.layers, [graph.head("heatmap", end, 0)])


def test_statistics_of_a_small_network():
    """Weights: 3 × 3 × 3 × 4 and 3 × 3 × 4 × 4, each with 16 of its normalisation; at 4 × 4 places."""
    assert graph_features(residual())["statistics"] == {
        "input at 1": 1,
        "conv 3 at 2": 2,
        "add at 2": 1,
        "head at 2": 1,
        "longest path": 2,
        "shortest path": 1,
        "merges": 1,
        "log params": round(log(1 + 108 + 144 + 2 * 16), 4),
        "log macs": round(log(1 + 16 * (108 + 144)), 4),
    }


def test_subtrees_of_a_small_network():
    """Five layers without those that join others, each the root of one subtree per radius."""
    counts = graph_features(residual())["subtrees"]
    assert sum(counts.values()) == 2 * 5
    assert all(count == 1 for count in counts.values())


def test_another_kernel_is_another_subtree():
    one, other = (graph_features(residual(kernel))["subtrees"] for kernel in (3, 5))
    shared = one.keys() & other.keys()
    assert 0 < len(shared) < len(one)


def test_the_order_of_layers_does_not_matter(default_space):
    rng = random.Random(1)
    for _ in range(20):
        network = decode(default_space.draw(rng), default_space, input_size=64, outputs=5)
        features = graph_features(network)
        assert graph_features(canonical(network.layers, sorted(network.heads.values()))) == features
        statistics = features["statistics"]
        assert 0 < statistics["shortest path"] <= statistics["longest path"]
