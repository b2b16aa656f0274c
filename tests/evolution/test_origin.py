"""Files of a run that are not where they were written are refused."""

from zipfile import ZipFile

import pytest

from evocnn.evolution.fitness import Fitness
from evocnn.evolution.origin import check_generation, check_keys


def test_a_file_of_another_generation_is_refused(tmp_path):
    path = tmp_path / "generation-000/population.json"
    check_generation(path, 0)
    with pytest.raises(ValueError, match=r"population\.json: found generation 3, expected 0, .*; delete"):
        check_generation(path, 3)


def test_a_file_elsewhere_may_be_of_any_generation(tmp_path):
    check_generation(tmp_path / "population.json", 3)


@pytest.fixture
def path(tmp_path):
    """A fitness file, beside the results of the training whose key is `ours`."""
    with ZipFile(tmp_path / "result.zip", "w") as archive:
        archive.comment = b"ours"
    return tmp_path / "fitness.json"


def fitness(key):
    return Fitness("ok", {"score": 1.0}, {}, {}, {}, {"network_id": "a", "key": key})


def test_the_fitness_of_the_same_network_from_another_training_is_refused(path):
    check_keys([(path, fitness("ours"))])
    with pytest.raises(ValueError, match=r"fitness\.json: is of the training theirs, expected ours, .*; delete"):
        check_keys([(path, fitness("theirs"))])


@pytest.mark.parametrize("content", [None, b"no zip"])
def test_results_that_are_absent_or_damaged_decide_nothing(path, content):
    path.with_name("result.zip").unlink()
    if content:
        path.with_name("result.zip").write_bytes(content)
    check_keys([(path, fitness("theirs"))])
