"""The configuration of a run against that of its last start: a line per key, with what runs again."""

import pytest
import yaml

from evocnn.configuration.changes import CONSEQUENCES, changes
from evocnn.configuration.model import Configuration


@pytest.fixture
def saved(tmp_path):
    """A function from changes of the default configuration to a run's file with them."""

    def write(**sections):
        document = Configuration(**sections).model_dump(mode="json")
        (tmp_path / "config.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        return tmp_path / "config.yaml"

    return write


DEFAULT = Configuration().model_dump(mode="json")


def test_the_same_configuration_differs_in_nothing(saved):
    assert changes(saved(), DEFAULT) == []


@pytest.mark.parametrize(
    ("sections", "line"),
    [
        ({"training": {"epochs": 3}}, "training.epochs was 3, is "),
        ({"evolution": {"operators": {"swap": 2}}}, "evolution.operators.swap was 2.0, is 1.0: generations are bred"),
        ({"evolution": {"generations": 9}}, "evolution.generations was 9, is 8: only generations are added"),
        ({"evolution": {"promote": 0.5}}, "evolution.promote was 0.5, is 0.33: who goes on to a rung is chosen again"),
        ({"final": {"flip_test": True}}, "final.flip_test was True, is False: the final network and baselines are sco"),
        ({"jobs": {"time_limit": 60}}, "jobs.time_limit was 60, is None: nothing that is finished runs again"),
    ],
)
def test_a_key_that_differs_is_a_line(saved, sections, line):
    assert [one[: len(line)] for one in changes(saved(**sections), DEFAULT)] == [line]


@pytest.mark.parametrize("content", [b"\xff", b"[", b"text", b""])
def test_a_file_that_cannot_be_read_says_nothing(tmp_path, content):
    (tmp_path / "config.yaml").write_bytes(content)
    assert changes(tmp_path / "config.yaml", DEFAULT) == []
    assert changes(tmp_path / "missing.yaml", DEFAULT) == []


def test_every_section_has_a_consequence():
    assert {key.split(".")[0] for key in CONSEQUENCES} == Configuration.model_fields.keys() - {"experiment", "download"}
