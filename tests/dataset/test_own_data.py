"""docs/own_data.md: what it shows works."""

import json
import re

import cv2
import numpy as np
import pytest
import yaml

from evocnn.dataset.adapters import ADAPTERS, read_annotations
from evocnn.dataset.prepare_data import make_shard, read_source
from evocnn.dataset.splits import Source
from evocnn.labels import read_labels

KEYS = {"format", "root", "labels", "train", "test", "test_fraction", "valid_fraction", "train_images", "test_images"}


@pytest.fixture(scope="module")
def blocks(repository):
    """The fenced blocks by language, in their order."""
    actual: dict[str, list[str]] = {}
    for language, block in re.findall(r"```(\w+)\n(.*?)```", (repository / "docs/own_data.md").read_text(), re.DOTALL):
        actual.setdefault(language, []).append(block)
    return actual


@pytest.fixture(scope="module")
def skeleton(repository):
    return read_labels(repository / "config/skeletons/excavator.yaml")


@pytest.fixture
def tables(blocks, skeleton, tmp_path):
    """The table in CSV and in JSON."""
    actual = []
    for language in ("csv", "json"):
        path = tmp_path / f"annotations.{language}"
        path.write_text(blocks[language][0])
        actual.append(read_annotations("table", path, skeleton))
    return actual


def test_the_skeleton_is_the_shipped_one(blocks, repository):
    assert blocks["yaml"][0] == (repository / "config/skeletons/excavator.yaml").read_text()


def test_csv_and_json_give_the_same_people(tables):
    csv, json = tables
    assert csv.skipped == json.skipped == ()
    for name, column in vars(csv.people).items():
        np.testing.assert_array_equal(column, getattr(json.people, name), err_msg=name)


def test_all_rows_can_be_scored(tables):
    assert len(tables[0].people) == 4
    assert (tables[0].people.normaliser > 0).all()


def test_the_example_shows_unlabelled_joints_and_a_row_without_a_box(tables):
    people = tables[0].people
    assert people.visible.sum(1).tolist() == [6, 4, 5, 6]
    assert people.center[1].tolist() == [60, 245]  # the middle of the joints


def test_the_configurations_have_known_keys_and_formats(blocks):
    configurations = [yaml.safe_load(block) for block in blocks["yaml"][1:]]
    assert [configuration["dataset"]["format"] for configuration in configurations] == ["table", "coco", "image_folder"]
    for configuration in configurations:
        assert configuration.keys() == {"experiment", "dataset"}
        assert configuration["dataset"].keys() <= KEYS
        assert configuration["dataset"]["format"] in ADAPTERS


def test_the_skeletons_that_are_named_are_shipped(blocks, repository):
    for block in blocks["yaml"][1:]:
        labels = yaml.safe_load(block)["dataset"]["labels"]
        assert labels.startswith("data/") or (repository / labels).is_file()


def test_the_example_runs_as_printed(blocks, repository, tmp_path):
    """The table, the skeleton and the configuration, with three images, become records of three splits."""
    dataset = yaml.safe_load(blocks["yaml"][1])["dataset"]
    labels = repository / dataset["labels"]
    (tmp_path / dataset["train"]).write_text(blocks["csv"][0])
    images = tmp_path / dataset["train_images"]
    for number in (1, 2, 3):
        path = images / f"pit/000{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), np.full((480, 640, 3), 60 * number, np.uint8))
    source = Source(
        dataset["format"],
        tmp_path / dataset["train"],
        dataset["test"],
        images,
        tmp_path / dataset["test_images"],
        dataset["valid_fraction"],
        dataset["test_fraction"],
    )
    counts = []
    for split in ("train", "valid", "test"):
        people, summary = tmp_path / f"{split}.npz", tmp_path / f"{split}.json"
        read_source(people, source=source, split=split, labels=labels)
        files = {"people": people, "images": images, "shard": 0, "shards": 1, "input_size": 64, "margin": 0.25}
        make_shard(tmp_path / f"{split}.tfrecord", summary, **files)
        counts.append(len(json.loads(summary.read_text())["skipped"]))
    assert counts == [0, 0, 0]
