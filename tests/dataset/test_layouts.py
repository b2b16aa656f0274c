"""Layouts of published data sets and labelling tools: each file in `layouts` becomes people, or the right refusal.

A layout holds a configuration as a user writes it, annotation files, and what must come out. The files are made up
after the published formats. The images are drawn here, one of 320 × 240 for each name.
"""

import json
import re
import shutil
import zipfile
import zlib
from pathlib import Path

import cv2
import h5py
import numpy as np
import pytest
import yaml
from scipy.io import savemat

from evocnn.dataset.adapters import read_annotations
from evocnn.dataset.prepare_data import make_shard, read_source
from evocnn.dataset.settings import DatasetSettings
from evocnn.dataset.splits import Source, read_split
from evocnn.labels import read_labels

LAYOUTS = sorted((Path(__file__).parent / "layouts").glob("*.yaml"))


def draw(path):
    """An image of its own for each path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(zlib.crc32(path.as_posix().encode())).integers(0, 256, (6, 8, 3), np.uint8)
    cv2.imwrite(str(path), cv2.resize(pixels, (320, 240)))


def matlab(value):
    """What SciPy writes as structs and arrays of structs."""
    if isinstance(value, dict):
        return {key: matlab(inner) for key, inner in value.items()}
    if isinstance(value, list) and isinstance(value[0], dict):
        rows = np.empty((1, len(value)), [(key, object) for key in value[0]])
        for at, row in enumerate(value):
            for key in row:
                rows[key][0, at] = matlab(row[key])
        return rows
    return value


def store(file, name, value):
    """Write a value as MATLAB 7.3 does: structs are groups, arrays of structs are groups of references."""
    if isinstance(value, dict):
        for key, inner in value.items():
            store(file, f"{name}/{key}", inner)
    elif isinstance(value, list) and isinstance(value[0], dict):
        for key in value[0]:
            cells = [f"#refs#/{name.replace('/', '_')}_{key}_{at}" for at in range(len(value))]
            for cell, row in zip(cells, value, strict=True):
                store(file, cell, row[key])
            file.create_dataset(f"{name}/{key}", data=[[file[cell].ref] for cell in cells], dtype=h5py.ref_dtype)
    elif isinstance(value, str):
        file[name] = np.array([[ord(letter)] for letter in value], np.uint16)
    else:
        file[name] = np.atleast_2d(np.array(value, np.float64)).T


def write_matlab(path, version, variables):
    if version == "5":
        savemat(path, matlab(variables))
        return
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, value in variables.items():
            store(file, name, value)
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(116) + bytes(8) + b"\x00\x02IM")


@pytest.fixture
def layout(request, tmp_path, monkeypatch):
    """The content of a layout, whose files lie in the current folder."""
    content = yaml.safe_load(request.param.read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    for name, text in content.get("files", {}).items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in content["images"]:
        draw(Path("data", name))
    if made := content.get("matlab"):
        write_matlab(Path("data", made["file"]), made["version"], made["variables"])
    for name, folder in content.get("zips", {}).items():
        with zipfile.ZipFile(Path("data", name), "w") as file:
            for path in sorted(Path("data", folder).rglob("*.jpg")):
                file.write(path, path.relative_to("data"))
        shutil.rmtree(Path("data", folder))
    return content


def settings_of(layout, repository):
    """The configuration's data set: its source, and its labels file."""
    dataset = DatasetSettings(**yaml.safe_load(layout["configuration"])["dataset"])
    root = Path(dataset.root)
    images = root / dataset.train_images
    source = Source(
        dataset.format,
        root / dataset.train if dataset.train else images,
        root / dataset.test if dataset.test else None,
        images,
        root / dataset.test_images,
        dataset.valid_fraction,
        dataset.test_fraction,
    )
    shipped = repository / dataset.labels
    return source, shipped if shipped.exists() else Path(dataset.labels)


def skipped_in_records(source, labels, split):
    """Reasons why images of a split do not become records."""
    read_source(Path("people.npz"), source=source, split=split, labels=labels)
    images = source.test_images if split == "test" else source.train_images
    files = {"people": Path("people.npz"), "images": images, "shard": 0, "shards": 1, "input_size": 32, "margin": 0.0}
    make_shard(Path("shard.tfrecord"), Path("summary.json"), **files)
    return [person["reason"] for person in json.loads(Path("summary.json").read_text())["skipped"]]


def place_of(people, expected, joints, joint):
    """x, y of a joint of the first person of the expected image; None where it is unlabelled."""
    row = people.images.tolist().index(expected["image"])
    number = joints.index(joint)
    return people.joints[row, number].tolist() if people.visible[row, number] else None


@pytest.mark.parametrize("layout", LAYOUTS, ids=[path.stem for path in LAYOUTS], indirect=True)
def test_a_layout_is_read_right_or_refused_with_the_reason(layout, repository):
    source, labels_file = settings_of(layout, repository)
    labels, expected = read_labels(labels_file), layout["expected"]
    if "error" in expected:
        with pytest.raises(ValueError, match=re.escape(expected["error"])) as refusal:
            read_annotations(source.format, source.train, labels)
        assert str(source.train) in str(refusal.value)
        return
    annotations = read_annotations(source.format, source.train, labels)
    people = annotations.people
    assert [person.reason for person in annotations.skipped] == expected.get("skipped", [])
    assert len(people) == expected["people"]
    if not expected["people"]:
        return
    if "joint" in expected:
        assert place_of(people, expected, labels.joints, expected["joint"]) == expected["place"]
    for joint in expected.get("unlabelled", []):
        assert place_of(people, expected, labels.joints, joint) is None
    if "normaliser" in expected:
        assert people.normaliser.tolist() == pytest.approx([expected["normaliser"]] * len(people))
    counts, reasons = {}, []
    for split in ("train", "valid", "test"):
        counts[split] = len(read_split(source, split, labels).people)
        reasons += skipped_in_records(source, labels_file, split)
    assert counts == expected["splits"]
    assert reasons == expected.get("refused_images", [])


def test_there_are_forty_layouts():
    assert len(LAYOUTS) >= 40
