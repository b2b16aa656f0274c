"""Exported files are scored through their own runtimes."""

import json

import cv2
import numpy as np
import pytest
import yaml
from exports import exported

from evocnn.dataset.crops import write_labels
from evocnn.network import score_exports as module
from evocnn.network.build import build
from evocnn.network.formats import read_format
from evocnn.network.score_exports import score_exports
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical

SIZE, PEOPLE = 64, 40
LABELS = {
    **{"joints": ["red", "blue"], "pairs": [], "limbs": [["red", "blue"]], "groups": {}, "scored": ["red", "blue"]},
    **{"normaliser": "box", "threshold": 0.1},
}


@pytest.fixture
def folder(tmp_path):
    """A model that finds the reddest and the bluest place, and crops with a red and a blue disc."""
    rng = np.random.default_rng(5)
    joints = rng.integers(8, SIZE - 8, (PEOPLE, 2, 2))
    joints[:, 0, 0] //= 2  # red on the left, so that no disc covers the other
    joints[:, 1, 0] = SIZE // 2 + joints[:, 1, 0] // 2
    pixels = np.zeros((PEOPLE, SIZE, SIZE, 4), np.uint8)
    for picture, (red, blue) in zip(pixels, joints, strict=True):
        drawn = np.zeros((SIZE, SIZE, 3), np.uint8)
        cv2.circle(drawn, tuple(map(int, red)), 3, (255, 0, 0), -1)
        cv2.circle(drawn, tuple(map(int, blue)), 3, (0, 0, 255), -1)
        picture[..., :3] = cv2.GaussianBlur(drawn, (0, 0), 2)
    np.save(tmp_path / "crops.npy", pixels)
    write_labels(
        tmp_path / "crops.npz",
        tmp_path / "crops.npy",
        joints=joints.astype(np.float32),
        visible=np.ones((PEOPLE, 2), bool),
        normaliser=np.full(PEOPLE, SIZE / 2, np.float32),
        category=np.zeros(PEOPLE, int),
        rows=np.arange(PEOPLE),
        to_image=np.tile(np.eye(2, 3), (PEOPLE, 1, 1)),
        images=np.array([f"{n}.png" for n in range(PEOPLE)]),
        margin=0,
    )
    graph = GraphBuilder((SIZE, SIZE, 3))
    model = build(canonical(graph.layers, [graph.head("heatmap", graph.conv(0, 2, 1), 0)]))
    colours = np.array([[1, -1, -1], [-1, -1, 1]], np.float32).T
    model.layers[-1].set_weights([10 * colours[None, None]])
    model.save(tmp_path / "model.keras")
    (tmp_path / "labels.yaml").write_text(yaml.safe_dump(LABELS))
    return tmp_path


NAMES = ("saved_model", "onnx", "tflite", "tflite_float16", "tflite_int8")


def scored(folder, repository):
    """The content of exports.json."""
    crops = folder / "crops.npy", folder / "crops.npz"
    files = exported(folder, folder / "labels.yaml", crops)
    score_exports(
        folder / "exports.json",
        files={name: getattr(files, name) for name in NAMES},
        model=folder / "model.keras",
        metadata=files.metadata,
        test_files=crops,
        labels=folder / "labels.yaml",
        space=repository / "config/spaces/tiny.yaml",
        batch_size=16,
        threads=1,
    )
    return json.loads((folder / "exports.json").read_text())


def test_every_format_has_a_size_and_a_score(folder, repository):
    document = scored(folder, repository)
    assert list(document["formats"]) == ["keras", *NAMES]
    assert document["metric"] == "PCK@0.1"
    for name, of in document["formats"].items():
        assert of["bytes"] > 1000, name
        assert of["mean"] == pytest.approx(100, abs=10 if name == "tflite_int8" else 1), name


def test_a_format_that_gives_no_finite_numbers_has_no_score(folder, repository, monkeypatch):
    def overflowing(path, heads, threads):
        return lambda inputs: {heads[0]: np.full((len(inputs), 16, 16, 2), np.nan, np.float32)}

    monkeypatch.setattr(module, "read_format", overflowing)
    formats = scored(folder, repository)["formats"]
    assert formats["keras"]["mean"] == pytest.approx(100, abs=1)
    assert [formats[name]["mean"] for name in NAMES] == [None] * len(NAMES)


def test_what_is_no_export_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"model\.h5: expected an exported network"):
        read_format(tmp_path / "model.h5", ("heatmap",), 1)
