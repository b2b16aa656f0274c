"""The four formats of a model predict the same, whatever layers it has."""

import random
from dataclasses import replace

import keras
import numpy as np
import onnxruntime
import pytest
import tensorflow as tf

from evocnn.labels import read_labels
from evocnn.network.build import build
from evocnn.network.export import export
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.space_file import read_space
from evocnn.tasks.facts import read_facts, write_facts

pytestmark = pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated", "ignore:.*np.object")
SIZE, JOINTS, BLOCKS = 32, 16, 3
LABELS = "config/skeletons/mpii.yaml"


def kinds(network):
    return {layer.kind for layer in network.layers}


def representatives(space):
    """As few random networks as show every kind of layer that 300 of them have, and of few blocks, for speed."""
    rng, space = random.Random(1), replace(space, blocks=min(space.blocks, BLOCKS))
    size = max(SIZE, space.coarsest)
    drawn = [decode(space.draw(rng), space, input_size=size, outputs=JOINTS) for _ in range(300)]
    missing, chosen = set().union(*map(kinds, drawn)), []
    while missing:
        chosen.append(max(drawn, key=lambda network: (len(kinds(network) & missing), -cost(network, 1).params)))
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


def by_saved_model(path, images):
    loaded = tf.saved_model.load(str(path))  # a function does not keep its variables alive
    return loaded.serve(images)


def by_tflite(path, images):
    run = tf.lite.Interpreter(model_path=str(path)).get_signature_runner()
    return run(images=images)


def by_onnx(path, images):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, {"images": images}), strict=True))


def predictions(outputs, heads):
    """Raw outputs by head; a model of one head does not name it."""
    if len(heads) == 1:
        (output,) = outputs.values() if isinstance(outputs, dict) else [outputs]
        return {heads[0]: np.array(output)}
    return {name: np.array(outputs[name]) for name in heads}


def check_formats(network, folder, labels):
    keras.utils.set_random_seed(0)
    trained(network).save(folder / "model.keras")
    files = {kind: folder / f"model.{kind}" for kind in ("saved", "tflite", "onnx", "json")}
    export(*files.values(), model=folder / "model.keras", labels=labels)
    facts = read_facts(files["json"])
    size, _, _ = network.layers[0].shape
    assert facts.input_size == size
    assert facts.heads == tuple(network.heads)
    images = np.random.default_rng(4).integers(0, 256, (3, size, size, 3), dtype=np.uint8)
    model = keras.models.load_model(folder / "model.keras", compile=False)
    expected = predictions(model(images, training=False), facts.heads)
    assert all(output.std() > 1e-3 for output in expected.values())
    for run, kind in ((by_saved_model, "saved"), (by_tflite, "tflite"), (by_onnx, "onnx")):
        found = predictions(run(files[kind], images), facts.heads)
        for head, output in expected.items():
            assert np.abs(found[head] - output).max() < 1e-3, (kind, head)


def test_four_formats_of_a_network_with_every_head_predict_the_same(tmp_path, repository):
    check_formats(with_every_head(), tmp_path, repository / LABELS)


@pytest.mark.slow
def test_four_formats_of_networks_of_the_shipped_spaces_predict_the_same(shipped_space, tmp_path, repository):
    for number, network in enumerate(representatives(read_space(shipped_space))):
        folder = tmp_path / str(number)
        folder.mkdir()
        check_formats(network, folder, repository / LABELS)


def test_the_facts_hold_the_labels(tmp_path, repository):
    write_facts(tmp_path / "model.json", labels=repository / LABELS, input_size=64, heads=("heatmap",))
    facts = read_facts(tmp_path / "model.json")
    assert facts.labels == read_labels(repository / LABELS)
    assert (facts.input_size, facts.heads) == (64, ("heatmap",))
