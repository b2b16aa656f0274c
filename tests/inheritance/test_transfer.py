"""A child's first weights: by hand, and as what they compute."""

import random
from pathlib import Path

import keras
import numpy as np
import pytest
from dots import DOTS, TRAINING, dots, network

from evocnn.evolution.variation import mutate
from evocnn.inheritance.transfer import inherited
from evocnn.inheritance.weight_files import read_weights, write_weights
from evocnn.network.build import build
from evocnn.network.layer_weights import set_weights, weights_of
from evocnn.network.train import train
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.decode import decode
from evocnn.space.space_file import read_space

ROOT = Path(__file__).parents[2]
IMAGES = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)


def one(kernel=3, filters=2, kind="conv"):
    """A layer of so many filters on three channels, and normalisation after it."""
    graph = GraphBuilder((8, 8, 3))
    if kind == "depthwise_conv":
        x = graph.depthwise_conv(0, kernel, bias=True)
    elif kind == "transposed_conv":
        x = graph.transposed_conv(0, filters, kernel, 2, bias=True)
    else:
        x = graph.conv(0, filters, kernel, bias=True)
    return canonical(graph.layers, [graph.head("heatmap", graph.normalised(x), 0)])


def counted(*shape):
    return np.arange(1, 1 + np.prod(shape), dtype=np.float32).reshape(shape)


def weights(kernel_shape, filters, sign=1):
    """Of `one`: kernel and bias, and the four of normalisation."""
    return {1: [sign * counted(*kernel_shape), sign * counted(filters)], 2: [sign * counted(filters)] * 4}


def test_a_larger_kernel_has_the_old_one_in_its_middle_and_zeros_around_it():
    actual = inherited(one(3), one(5), weights((3, 3, 3, 2), 2), weights((5, 5, 3, 2), 2, -1))
    assert np.array_equal(actual[1][0][1:4, 1:4], counted(3, 3, 3, 2))
    assert np.abs(actual[1][0]).sum() == counted(3, 3, 3, 2).sum()
    assert np.array_equal(actual[1][1], [1, 2])


def test_a_smaller_kernel_is_the_middle_of_the_old_one():
    actual = inherited(one(5), one(3), weights((5, 5, 3, 2), 2), weights((3, 3, 3, 2), 2, -1))
    assert np.array_equal(actual[1][0], counted(5, 5, 3, 2)[1:4, 1:4])


def test_a_wider_layer_and_its_normalisation_have_new_channels_behind_the_old():
    fresh = weights((3, 3, 3, 4), 4, -1)
    actual = inherited(one(filters=2), one(filters=4), weights((3, 3, 3, 2), 2), fresh)
    assert np.array_equal(actual[1][0][..., :2], counted(3, 3, 3, 2))
    assert np.array_equal(actual[1][0][..., 2:], fresh[1][0][..., 2:])
    assert np.array_equal(actual[1][1], [1, 2, -3, -4])
    assert all(np.array_equal(array, [1, 2, -3, -4]) for array in actual[2])
    assert (fresh[1][0] < 0).all()  # it is left as it was


def test_a_narrower_layer_has_the_first_channels():
    actual = inherited(one(filters=4), one(filters=2), weights((3, 3, 3, 4), 4), weights((3, 3, 3, 2), 2, -1))
    assert np.array_equal(actual[1][0], counted(3, 3, 3, 4)[..., :2])


@pytest.mark.parametrize(
    ("kind", "shapes"),
    [("depthwise_conv", [(3, 3, 3, 1), (5, 5, 3, 1)]), ("transposed_conv", [(3, 3, 2, 3), (5, 5, 2, 3)])],
)
def test_kernels_of_other_layers_are_put_in_the_middle_too(kind, shapes):
    filters = 3 if kind == "depthwise_conv" else 2
    actual = inherited(
        one(3, kind=kind), one(5, kind=kind), weights(shapes[0], filters), weights(shapes[1], filters, -1)
    )
    assert np.array_equal(actual[1][0][1:4, 1:4], counted(*shapes[0]))
    assert np.abs(actual[1][0]).sum() == counted(*shapes[0]).sum()


def test_another_kind_of_layer_starts_anew():
    fresh = weights((3, 3, 3, 1), 3, -1)
    actual = inherited(one(3), one(3, kind="depthwise_conv"), weights((3, 3, 3, 2), 2), fresh)
    assert np.array_equal(actual[1][0], fresh[1][0])


def trained_like(network, seed):
    """A model whose every weight was drawn, averages of normalisation too."""
    keras.utils.set_random_seed(seed)
    model, rng = build(network), np.random.default_rng(seed)
    model.set_weights([rng.normal(1, 0.2, weights.shape).astype(np.float32) for weights in model.get_weights()])
    return model


def test_a_larger_kernel_computes_the_same():
    """Every kernel of a network grows from 3 to 5; depthwise ones and concatenated maps are among them."""

    def made(kernel):
        graph = GraphBuilder((32, 32, 3))
        stem = graph.normalised(graph.conv(0, 4, 3), "relu")
        graph.block = 0
        x = graph.normalised(graph.conv(stem, 6, kernel), "relu")
        graph.block = 1
        y = graph.normalised(graph.depthwise_conv(stem, kernel), "relu")
        graph.block = 2
        z = graph.normalised(graph.conv(graph.concatenate(x, y), 4, kernel), "relu")
        graph.block = None
        return canonical(graph.layers, [graph.head("heatmap", graph.conv(graph.add(stem, z), 2, 1, bias=True), 0)])

    parent, child = made(3), made(5)
    model, grown = trained_like(parent, 0), trained_like(child, 1)
    set_weights(grown, inherited(parent, child, weights_of(model, parent), weights_of(grown, child)))
    expected = np.array(model(IMAGES))
    assert np.array(grown(IMAGES)) == pytest.approx(expected, rel=1e-4, abs=1e-3)
    assert expected.std() > 0.1


@pytest.mark.parametrize("name", ["tiny", "weighted"])
def test_children_of_mutation_fit_their_networks(name):
    """And most of their weights are their parents'."""
    space, rng = read_space(ROOT / f"config/spaces/{name}.yaml"), random.Random(1)
    shares = []
    for number in range(3):
        genome = space.draw(rng)
        parent, child = (decode(g, space, input_size=32, outputs=3) for g in (genome, mutate(genome, space, 0.05, rng)))
        model, child_model = trained_like(parent, number), trained_like(child, 10 + number)
        fresh = weights_of(child_model, child)
        actual = inherited(parent, child, weights_of(model, parent), fresh)
        set_weights(child_model, actual)  # checks every shape
        kept = sum((a != b).sum() for at in fresh for a, b in zip(fresh[at], actual[at], strict=True))
        shares.append(kept / child_model.count_params())
    assert np.median(shares) > 0.5


def test_weights_are_read_as_they_were_written(tmp_path):
    known = weights((3, 3, 3, 2), 2)
    write_weights(tmp_path / "weights.npz", known, "abc")
    read = read_weights(tmp_path / "weights.npz", "abc")
    assert list(read) == [1, 2]
    assert all(np.array_equal(a, b) for at in known for a, b in zip(known[at], read[at], strict=True))
    with pytest.raises(ValueError, match="weights of network abc, expected def; delete"):
        read_weights(tmp_path / "weights.npz", "def")
    (tmp_path / "weights.npz").write_bytes((tmp_path / "weights.npz").read_bytes()[:-50])
    with pytest.raises(ValueError, match="expected weights, found damage"):
        read_weights(tmp_path / "weights.npz", "abc")


def test_only_a_training_that_begins_asks_for_its_parents_weights(tmp_path):
    """The second goes on from the state that the first has left, and has nothing left to do."""
    asked = []

    def start(fresh):
        asked.append(sorted(fresh))
        return {at: [array + 0.01 for array in arrays] for at, arrays in fresh.items()}

    def fit(**given):
        files = {"history": tmp_path / "history.csv", "state": tmp_path / "state", "key": "k"}
        return train(network("heatmap"), crops, crops, DOTS, TRAINING, seed=3, **files, **given)

    crops = dots(16, seed=0)
    first, again = fit(start=start), fit(start=start)
    assert len(asked) == 1
    pairs = zip(first.model.get_weights(), again.model.get_weights(), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)
