"""What jobs ask for."""

import os

import pytest

from evocnn.files import write_json
from evocnn.space.cost import cost
from evocnn.training.job import Baseline
from evocnn.training.memory_request import baseline_memory, requested_memory
from evocnn.training.settings import TrainingSettings


def offspring(path, *memory):
    write_json(path, "offspring", {"individuals": [{"cost": {"memory_mb": value}} for value in memory]})


def test_an_individual_asks_for_what_is_predicted_and_a_quarter_more(tmp_path):
    path = tmp_path / "offspring.json"
    offspring(path, 800, 1200)
    assert [requested_memory(path, number) for number in (0, 1)] == [1000, 1500]


def test_a_file_that_has_changed_is_read_again(tmp_path):
    path = tmp_path / "offspring.json"
    offspring(path, 800)
    assert requested_memory(path, 0) == 1000
    offspring(path, 1600)
    os.utime(path, ns=(1, 1))
    assert requested_memory(path, 0) == 2000


def test_a_missing_file_is_named_as_snakemake_knows_it(tmp_path):
    with pytest.raises(FileNotFoundError) as raised:
        requested_memory(tmp_path / "none.json", 0)
    assert raised.value.filename == str(tmp_path / "none.json")


@pytest.mark.parametrize("changes", [{"remat": True}, {"batch_size": 32}])
def test_a_baseline_asks_for_what_its_own_training_is_predicted_to_take(repository, changes):
    labels, settings = repository / "config/skeletons/mpii.yaml", TrainingSettings(**changes)
    baseline = Baseline("simple_baselines", 0.25, 64)
    predicted = cost(baseline.network(labels, 7), settings.batch_size, remat=settings.remat).memory_mb
    assert baseline_memory(baseline, labels, settings, 7) == round(1.25 * predicted)


def test_a_baseline_that_depends_on_the_seed_asks_for_the_network_of_the_runs_seed(repository):
    labels, baseline = repository / "config/skeletons/mpii.yaml", Baseline("ga_cnn_style", 1, 64)
    requests = {baseline_memory(baseline, labels, TrainingSettings(), seed) for seed in range(4)}
    assert len(requests) > 1
