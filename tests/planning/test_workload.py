"""What configurations train, counted by hand."""

import pytest

from evocnn.configuration.check import read_configuration
from evocnn.planning.workload import Stage, workload


@pytest.fixture
def work(repository, tmp_path, monkeypatch):
    """The workload of a configuration, where there are no records."""
    monkeypatch.chdir(tmp_path)

    def of(**config):
        return workload(read_configuration(config, locate), locate)

    def locate(path):
        return str(repository / path)

    return of


def test_the_toy_set_is_known_before_it_is_drawn(work):
    evolution = {"generations": 3, "population": 6, "offspring": 4}
    actual = work(evolution=evolution, toy={"train_people": 100, "valid_people": 30}, final={"finalists": 2})
    assert actual.people == {"train": 80, "valid": 20, "test": 30}
    assert actual.steps == 80 // 16
    assert actual.generations == (Stage(6, 2), Stage(4, 2), Stage(4, 2))
    assert actual.final == (Stage(2, 6),)


def test_with_rungs_a_generation_is_several_stages(work):
    evolution = {"generations": 2, "population": 12, "offspring": 9, "rungs": [2, 6]}
    actual = work(evolution=evolution, training={"epochs": 18})
    assert actual.generations == (Stage(12, 2), Stage(4, 4), Stage(3, 12), Stage(9, 2), Stage(3, 4), Stage(3, 12))


def test_crops_have_a_margin_and_four_channels(work):
    actual = work(toy={"train_people": 60, "valid_people": 40}, dataset={"input_size": 64, "margin": 0.25})
    assert actual.disk_mb == pytest.approx(1.5 * 100 * 4 * 96**2 / 1e6)


def test_annotations_are_counted(work, shared_data):
    actual = work(dataset={"root": str(shared_data / "lspet")})
    assert actual.people["train"] + actual.people["valid"] == 823
    assert actual.people["test"] == 279
