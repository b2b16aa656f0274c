"""First weights from a model: the layers that fit, in the order of both networks."""

import numpy as np
import pytest

from evocnn.network.build import build
from evocnn.network.layer_weights import weights_of
from evocnn.network.start import weights_from
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical


def network(*filters):
    """Convolutions of so many filters one after another, and a heatmap of two joints."""
    graph = GraphBuilder((32, 32, 3))
    last = 0
    for number in filters:
        last = graph.conv(last, number, 3)
    return canonical(graph.layers, [graph.head("heatmap", graph.conv(last, 2, 1), 0)])


def saved(path, *filters):
    model = build(network(*filters))
    model.save(path)
    return weights_of(model, network(*filters))


def random_weights(*filters):
    return weights_of(build(network(*filters)), network(*filters))


def test_the_same_network_starts_from_all_of_the_weights(tmp_path):
    known = saved(tmp_path / "model.keras", 4, 8)
    start = weights_from(tmp_path / "model.keras")(random_weights(4, 8))
    assert list(start) == list(known)
    assert all(np.array_equal(a, b) for at in known for a, b in zip(start[at], known[at], strict=True))


def test_a_layer_more_in_the_middle_is_random_and_the_others_fit(tmp_path, capfd):
    known = list(saved(tmp_path / "model.keras", 4, 8).values())
    random = random_weights(4, 4, 8)
    start = list(weights_from(tmp_path / "model.keras")(random).values())
    fits = [any(np.array_equal(arrays[0], of[0]) for of in known) for arrays in start]
    assert fits == [True, False, True, True]
    assert np.array_equal(start[1][0], list(random.values())[1][0])
    assert "3 of 4 layers start from the weights of" in capfd.readouterr().out


def test_a_model_of_which_nothing_fits_is_refused(tmp_path):
    saved(tmp_path / "model.keras", 5)
    with pytest.raises(ValueError, match=r"none of its 2 layers fits the network; correct final\.weights"):
        weights_from(tmp_path / "model.keras")({1: [np.zeros((9, 9))]})


def test_what_is_no_model_is_refused(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"of another program")
    with pytest.raises(ValueError, match=r"model\.keras: expected a model of Keras"):
        weights_from(tmp_path / "model.keras")
