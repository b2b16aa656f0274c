"""The four formats of a model predict the same, whatever layers it has."""

import random
from dataclasses import replace

import keras
import numpy as np
import pytest
from exports import exported

from evocnn.dataset.crops import write_labels
from evocnn.labels import read_labels
from evocnn.network.build import build
from evocnn.network.formats import read_format
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.decode import decode
from evocnn.space.space_file import read_space
from evocnn.tasks.model_metadata import read_metadata, write_metadata

pytestmark = pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated", "ignore:.*np.object")
SIZE, JOINTS, BLOCKS = 32, 16, 3
LABELS = "config/skeletons/mpii.yaml"


def kinds(network):
    return {layer.kind for layer in network.layers}


def representatives(spaces):
    """As few and as small random networks of all spaces as show every kind of layer that 100 of each have."""
    rng, drawn = random.Random(1), []
    for space in spaces:
        small = replace(space, blocks=min(space.blocks, BLOCKS))
        size = max(SIZE, small.coarsest)
        drawn += [decode(small.draw(rng), small, input_size=size, outputs=JOINTS) for _ in range(100)]
    drawn.sort(key=lambda network: len(network.layers))
    missing, chosen = set().union(*map(kinds, drawn)), []
    while missing:
        chosen.append(max(drawn, key=lambda network: len(kinds(network) & missing)))
        missing -= kinds(chosen[-1])
    return chosen


def with_every_head():
    """What no shipped space predicts with: bins along both axes, and heads beside it."""
    graph = GraphBuilder((SIZE, SIZE, 3))
    maps = graph.normalised(graph.conv(0, 8, 3, 4), "silu", "layer")
    wide = graph.zero_pad(graph.depthwise_conv(maps, 3, dilation=2, bias=True), 10)
    joints = graph.conv(graph.concatenate(graph.enlarge(maps, 16), graph.transposed_conv(maps, 8, 4, 2)), JOINTS, 1)
    numbers = graph.activation(graph.conv(graph.global_average_pool(wide), 2 * JOINTS, 1, bias=True), "tanh")
    yields = {"simcc": graph.simcc(joints, 2 * SIZE), "integral": joints, "regression": numbers}
    return canonical(graph.layers, [graph.head(name, x, place) for place, (name, x) in enumerate(yields.items())])


def trained(network):
    """The model, its weights as if it had learned something: none is 0 or 1, variances are positive."""
    model, rng = build(network), np.random.default_rng(3)
    for weight in model.weights:
        value = weight.numpy()
        weight.assign(np.abs(value + rng.normal(0, 0.1, value.shape)) if "variance" in weight.path else value * 1.1)
        if value.ndim == 1 and "variance" not in weight.path:
            weight.assign(value + rng.normal(0, 0.1, value.shape))
    return model


def predictions(outputs, heads):
    """Raw outputs by head; a model of one head does not name it."""
    if len(heads) == 1:
        (output,) = outputs.values() if isinstance(outputs, dict) else [outputs]
        return {heads[0]: np.array(output)}
    return {name: np.array(outputs[name]) for name in heads}


def random_crops(folder, size, people=8):
    """Crops of noise, which say how large numbers become in a network."""
    pixels = np.random.default_rng(6).integers(0, 256, (people, size, size, 4), dtype=np.uint8)
    np.save(folder / "crops.npy", pixels)
    write_labels(
        folder / "crops.npz",
        folder / "crops.npy",
        joints=np.zeros((people, 16, 2), np.float32),
        visible=np.ones((people, 16), bool),
        normaliser=np.ones(people, np.float32),
        category=np.zeros(people, int),
        rows=np.arange(people),
        to_image=np.tile(np.eye(2, 3), (people, 1, 1)),
        images=np.array([f"{n}.png" for n in range(people)]),
        margin=0,
    )
    return folder / "crops.npy", folder / "crops.npz"


def check_formats(network, folder, labels):
    keras.utils.set_random_seed(0)
    trained(network).save(folder / "model.keras")
    files = exported(folder, labels, random_crops(folder, network.layers[0].shape[0]))
    metadata = read_metadata(files.metadata)
    size, _, _ = network.layers[0].shape
    assert metadata.input_size == size
    assert metadata.heads == tuple(network.heads)
    images = np.random.default_rng(4).integers(0, 256, (3, size, size, 3), dtype=np.uint8)
    model = keras.models.load_model(folder / "model.keras", compile=False)
    expected = predictions(model(images, training=False), metadata.heads)
    assert all(output.std() > 1e-3 for output in expected.values())
    for path in (files.saved_model, files.tflite, files.onnx):
        actual = read_format(path, metadata.heads, 1)(images)
        assert list(actual) == list(metadata.heads)
        for head, output in expected.items():
            assert np.abs(actual[head] - output).max() < 1e-3, (path, head)
    # Weights of 16 bits have 11 significant ones.
    actual = read_format(files.tflite_float16, metadata.heads, 1)(images)
    for head, output in expected.items():
        assert np.abs(actual[head] - output).max() < 0.02 * np.abs(output).max(), head
    actual = read_format(files.tflite_int8, metadata.heads, 1)(images)
    for head, output in expected.items():
        assert actual[head].shape == output.shape
        assert np.isfinite(actual[head]).all()
    assert files.tflite_float16.stat().st_size < 1.15 * files.tflite.stat().st_size


def test_four_formats_of_a_network_with_every_head_predict_the_same(tmp_path, repository):
    check_formats(with_every_head(), tmp_path, repository / LABELS)


@pytest.mark.slow
def test_four_formats_of_networks_of_the_shipped_spaces_predict_the_same(tmp_path, repository):
    spaces = [read_space(path) for path in sorted((repository / "config/spaces").glob("*.yaml"))]
    for number, network in enumerate(representatives(spaces)):
        folder = tmp_path / str(number)
        folder.mkdir()
        check_formats(network, folder, repository / LABELS)


def test_the_metadata_holds_the_labels(tmp_path, repository):
    write_metadata(tmp_path / "model.json", labels=repository / LABELS, input_size=64, heads=("heatmap",))
    metadata = read_metadata(tmp_path / "model.json")
    assert metadata.labels == read_labels(repository / LABELS)
    assert (metadata.input_size, metadata.heads) == (64, ("heatmap",))
