"""From a picture and boxes to joints in one graph: the same as the steps of `evocnn predict`, one after another."""

import json
import subprocess
import sys

import cv2
import keras
import numpy as np
import onnxruntime
import pytest
import tensorflow as tf
from exports import exported

from evocnn.dataset.people import box_square
from evocnn.dataset.records import cut, whole_square
from evocnn.network.build import build
from evocnn.pose.decoders import decode
from evocnn.pose.geometry import inverse, transform
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical

pytestmark = pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated", "ignore:.*np.object")
SIZE = 32
BOXES = [(20.0, 10.0, 40.0, 50.0), (60.5, -8.25, 70.0, 31.0), (0.0, 0.0, 96.0, 72.0)]
"""The second one leads out of the picture."""
SKELETON = "joints: [red, green, blue, white]\nlimbs: [[red, blue]]\nnormaliser: box\nthreshold: 0.2\n"


DOTS = {(1, 0, 0): (30, 30), (0, 1, 0): (70, 20), (0, 0, 1): (25, 45), (1, 1, 1): (60, 50)}
"""Colours and places, in the order of the joints."""
SEES = np.array([[2, -1, -1], [-1, 2, -1], [-1, -1, 2], [1, 1, 1]], np.float32).T / 2
"""From colours to joints."""


def network(*heads):
    """Its heatmaps are how much of a joint's colour is there; the other heads are what random weights make them."""
    graph = GraphBuilder((SIZE, SIZE, 3))
    joints = graph.pool("average_pool", graph.conv(0, 4, 1), 3, 2)
    numbers = graph.activation(graph.conv(graph.global_average_pool(graph.conv(0, 8, 5, 4)), 8, 1), "tanh")
    logits = graph.conv(graph.global_average_pool(joints), 4, 1)
    yields = {"heatmap": joints, "integral": joints, "simcc": graph.simcc(joints, 2 * SIZE)}
    yields |= {"regression": numbers, "visibility": logits, "classification": logits}
    return canonical(graph.layers, [graph.head(name, yields[name], place) for place, name in enumerate(heads)])


@pytest.fixture
def picture():
    """Soft dots on black."""
    y, x = np.mgrid[:72, :96]
    dots = [
        np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * 5**2))[..., None] * colour for colour, at in DOTS.items()
    ]
    return (255 * np.clip(sum(dots), 0, 1)).astype(np.uint8)


def write_model(folder, *heads, labels=SKELETON):
    keras.utils.set_random_seed(7)
    model = build(network(*heads))
    for weight in model.weights:
        if weight.shape == (1, 1, *SEES.shape):
            weight.assign(SEES[None, None])
    model.save(folder / "model.keras")
    (folder / "labels.yaml").write_text(labels)
    return model, exported(folder, folder / "labels.yaml")


def by_both(files, picture, boxes):
    """What the SavedModel and ONNX Runtime yield."""
    boxes = np.array(boxes, np.float32)
    loaded = tf.saved_model.load(str(files.predictor))
    served = loaded.signatures["serving_default"](image=tf.constant(picture), boxes=tf.constant(boxes))
    yield {name: value.numpy() for name, value in served.items()}
    session = onnxruntime.InferenceSession(str(files.predictor_onnx), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    yield dict(zip(names, session.run(None, {"image": picture, "boxes": boxes}), strict=True))


def step_by_step(model, heads, picture, box):
    center, side = box_square(*box)
    crop, to_crop = cut(picture, np.array(center), side, SIZE)
    outputs = model(crop[None], training=False)
    raw = outputs if isinstance(outputs, dict) else {heads[0]: outputs}
    joints = decode({name: raw[name].numpy() for name in heads}, SIZE)[0]
    return transform(inverse(to_crop), joints[:, :2]), joints[:, 2]


@pytest.mark.parametrize("heads", [("heatmap",), ("integral",), ("simcc",), ("regression", "visibility")])
def test_joints_are_those_of_the_steps(tmp_path, picture, heads):
    model, files = write_model(tmp_path, *heads)
    expected = [step_by_step(model, heads, picture, box) for box in BOXES]
    if heads == ("heatmap",):
        assert np.abs(expected[0][0] - list(DOTS.values())).max() < 3  # pooling has moved maps by half a cell
    for actual in by_both(files, picture, BOXES):
        for number, (joints, confidence) in enumerate(expected):
            assert np.abs(actual["joints"][number] - joints).max() < 0.05
            assert np.abs(actual["confidence"][number] - confidence).max() < 0.01


def test_classes_are_probabilities(tmp_path, picture):
    model, files = write_model(tmp_path, "classification", labels="classes: [a, b, c, d]\n")
    crop, _ = cut(picture, *map(np.array, box_square(*BOXES[0])), SIZE)
    expected = tf.nn.softmax(model(crop[None], training=False)[:, 0, 0]).numpy()
    for actual in by_both(files, picture, BOXES[:1]):
        assert actual["probabilities"] == pytest.approx(expected, abs=0.01)


def test_the_program_needs_only_the_exported_files(tmp_path, picture):
    """In a folder of its own, in a process that cannot import this package or TensorFlow."""
    (tmp_path / "model").mkdir()
    model, files = write_model(tmp_path / "model", "heatmap")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for path in (files.use_me, files.predictor_onnx, files.metadata):
        path.rename(folder / path.name)
    cv2.imwrite(str(folder / "photo.png"), picture[..., ::-1])
    refuse = "import sys; sys.modules.update(evocnn=None, tensorflow=None, keras=None, cv2=None)"
    run = "import runpy; sys.argv = ['use_me.py', 'photo.png']; runpy.run_path('use_me.py', run_name='__main__')"
    command = [sys.executable, "-c", f"{refuse}; {run}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    center, side = whole_square(picture)
    box = (*(center - side / 2.5), side / 1.25, side / 1.25)
    expected, _ = step_by_step(model, ("heatmap",), picture, box)
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [row[2] for row in rows] == ["red", "green", "blue", "white"]
    assert np.abs(np.array([[float(row[3]), float(row[4])] for row in rows]) - expected).max() < 0.11  # one decimal
    assert cv2.imread(str(folder / "photo.png.predicted.png")).shape == picture.shape


def test_the_metadata_says_how_outputs_are_decoded(tmp_path):
    _, files = write_model(tmp_path, "simcc", "visibility")
    about = json.loads(files.metadata.read_text())
    assert about["labels"]["limbs"] == [["red", "blue"]]
    assert about["input"]["name"] == "images"
    assert list(about["outputs"]) == ["simcc", "visibility"]
    assert "highest cell" in about["outputs"]["simcc"]
