"""The table of layer kinds: it agrees with Keras, and what it does not know is an error."""

import keras
import numpy as np
import pytest

from evocnn.network.build import build, layer_name
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import cost
from evocnn.space.layers import LAYERS, kept_by, kind_of, layer_macs, layer_params
from evocnn.space.network import Layer, Network


def every_kind() -> Network:
    """A network that has a layer of every kind."""
    graph = GraphBuilder((16, 16, 3))
    x = graph.normalised(graph.conv(0, 8, 3, 2, bias=True), "relu")
    x = graph.add(x, graph.depthwise_conv(x, 3, bias=True))
    x = graph.normalised(graph.transposed_conv(graph.pool("max_pool", x, 2, 2), 4, 4, 2, bias=True), None, "layer")
    x = graph.concatenate(x, graph.enlarge(graph.pool("average_pool", x, 2, 2), 8))
    x = graph.multiply(x, graph.activation(graph.global_average_pool(x), "sigmoid"))
    x = graph.simcc(graph.zero_pad(x, 9), 20)
    graph.head("simcc", x, 0)
    return canonical(graph.layers, [len(graph.layers) - 1])


def test_the_example_has_every_kind():
    assert {layer.kind for layer in every_kind().layers} == set(LAYERS)


def test_weights_have_the_shapes_of_keras():
    network = every_kind()
    model = build(network)
    for at, layer in enumerate(network.layers):
        if not kind_of(layer).learned:
            continue
        read = network.layers[layer.inputs[0]].shape
        declared = [tuple(size for size, _ in axes) for axes in kind_of(layer).arrays(layer, read)]
        assert declared == [array.shape for array in model.get_layer(layer_name(at)).get_weights()], layer.kind
        assert layer_params(layer, network.layers) == sum(map(np.prod, declared))
    assert cost(network, 1).params == model.count_params()
    assert isinstance(model, keras.Model)


@pytest.mark.parametrize(
    ("kind", "settings", "shape", "macs"),
    [
        ("conv", {"filters": 5, "kernel": 3}, (4, 4, 5), 9 * 2 * 5 * 16),
        ("depthwise_conv", {"kernel": 3}, (4, 4, 2), 9 * 2 * 16),
        ("transposed_conv", {"filters": 5, "kernel": 4}, (16, 16, 5), 16 * 2 * 5 * 64),
        ("simcc", {"cells": 7}, (2, 7, 3), 64 * 14 * 3),
        ("batch_norm", {}, (8, 8, 2), 0),
        ("add", {}, (8, 8, 2), 0),
    ],
)
def test_multiply_accumulates_by_hand(kind, settings, shape, macs):
    layers = (Layer("input", (), (), (8, 8, 2), None), Layer(kind, tuple(sorted(settings.items())), (0,), shape, None))
    assert layer_macs(layers[1], layers) == macs


def test_what_the_gradient_reads():
    def layer(kind, **settings):
        return Layer(kind, tuple(settings.items()), (3, 4), (8, 8, 1), None)

    assert kept_by(layer("conv"), 5) == (3, 4)
    assert kept_by(layer("max_pool"), 5) == (3, 4, 5)
    assert kept_by(layer("activation", function="relu"), 5) == (5,)
    assert kept_by(layer("activation", function="silu"), 5) == (3, 4)
    assert kept_by(layer("add"), 5) == ()


def test_an_unknown_kind_is_an_error_wherever_it_turns_up():
    unknown = Layer("attention", (), (0,), (8, 8, 2), None)
    layers = (Layer("input", (), (), (8, 8, 2), None), unknown)
    expected = "found a layer of the kind 'attention', expected one of input, conv, "
    for use in (
        lambda: layer_params(unknown, layers),
        lambda: layer_macs(unknown, layers),
        lambda: kept_by(unknown, 1),
        lambda: GraphBuilder((8, 8, 2)).add_layer("attention", (0,), (8, 8, 2)),
        lambda: canonical(layers, [1]),
    ):
        with pytest.raises(ValueError, match=expected):
            use()
