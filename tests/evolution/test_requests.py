"""What jobs ask for."""

import os

import pytest

from evocnn.evolution.requests import requested_memory
from evocnn.files import write_json


def offspring(path, *memory):
    write_json(path, "offspring", {"individuals": [{"cost": {"memory_mb": value}} for value in memory]})


def test_an_individual_asks_for_what_is_predicted_and_a_quarter_more(tmp_path):
    path = tmp_path / "offspring.json"
    offspring(path, 800, 1200)
    assert [requested_memory(path, "offspring", number) for number in (0, 1)] == [1000, 1500]


def test_a_file_that_has_changed_is_read_again(tmp_path):
    path = tmp_path / "offspring.json"
    offspring(path, 800)
    assert requested_memory(path, "offspring", 0) == 1000
    offspring(path, 1600)
    os.utime(path, ns=(1, 1))
    assert requested_memory(path, "offspring", 0) == 2000


def test_the_best_of_a_population(tmp_path):
    path = tmp_path / "population.json"
    write_json(path, "population", {"best": {"cost": {"memory_mb": 900}}})
    assert requested_memory(path, "population", 0) == 1125


def test_a_missing_file_is_named_as_snakemake_knows_it(tmp_path):
    with pytest.raises(FileNotFoundError) as raised:
        requested_memory(tmp_path / "none.json", "offspring", 0)
    assert raised.value.filename == str(tmp_path / "none.json")
