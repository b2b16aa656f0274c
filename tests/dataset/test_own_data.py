"""docs/own_data.md: what it shows works."""

import re

import numpy as np
import pytest
import yaml

from evocnn.dataset.adapters import FORMATS
from evocnn.labels import read_labels

KEYS = {"format", "root", "labels", "train", "test", "test_fraction", "valid_fraction", "train_images", "test_images"}


@pytest.fixture(scope="module")
def blocks(repository):
    """The fenced blocks by language, in their order."""
    found: dict[str, list[str]] = {}
    for language, block in re.findall(r"```(\w+)\n(.*?)```", (repository / "docs/own_data.md").read_text(), re.DOTALL):
        found.setdefault(language, []).append(block)
    return found


@pytest.fixture(scope="module")
def skeleton(repository):
    return read_labels(repository / "config/skeletons/excavator.yaml")


@pytest.fixture
def tables(blocks, skeleton, tmp_path):
    """The table in CSV and in JSON."""
    found = []
    for language in ("csv", "json"):
        path = tmp_path / f"annotations.{language}"
        path.write_text(blocks[language][0])
        found.append(FORMATS["table"](path, skeleton))
    return found


def test_the_skeleton_is_the_shipped_one(blocks, repository):
    assert blocks["yaml"][0] == (repository / "config/skeletons/excavator.yaml").read_text()


def test_csv_and_json_give_the_same_people(tables):
    csv, json = tables
    assert csv.skipped == json.skipped == ()
    for name, column in vars(csv.people).items():
        np.testing.assert_array_equal(column, getattr(json.people, name), err_msg=name)


def test_everybody_can_be_scored(tables):
    assert len(tables[0].people) == 3
    assert (tables[0].people.normaliser > 0).all()


def test_the_example_shows_unlabelled_joints_and_a_row_without_a_box(tables):
    people = tables[0].people
    assert people.visible.sum(1).tolist() == [6, 4, 5]
    assert people.center[1].tolist() == [60, 245]  # the middle of the joints


def test_the_configurations_have_known_keys_and_formats(blocks):
    configurations = [yaml.safe_load(block) for block in blocks["yaml"][1:]]
    assert [configuration["dataset"]["format"] for configuration in configurations] == ["table", "coco", "image_folder"]
    for configuration in configurations:
        assert configuration.keys() == {"experiment", "dataset"}
        assert configuration["dataset"].keys() <= KEYS
        assert configuration["dataset"]["format"] in FORMATS


def test_the_skeletons_that_are_named_are_shipped(blocks, repository):
    for block in blocks["yaml"][1:]:
        labels = yaml.safe_load(block)["dataset"]["labels"]
        assert labels.startswith("data/") or (repository / labels).is_file()
