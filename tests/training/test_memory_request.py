"""What jobs ask for."""

import os
from dataclasses import asdict

import pytest

from evocnn.files import write_json
from evocnn.space.cost import Cost, cost
from evocnn.training.job import Baseline
from evocnn.training.memory_request import (
    baseline_gpu_memory,
    baseline_memory,
    requested_gpu_memory,
    requested_memory,
)
from evocnn.training.settings import TrainingSettings


def offspring(path, *memory):
    costs = [asdict(Cost(params=1, macs=1, memory_mb=value, gpu_memory_mb=value // 4)) for value in memory]
    write_json(path, "offspring", {"individuals": [{"cost": row} for row in costs]})


def test_an_individual_asks_for_what_is_predicted_and_a_quarter_more(tmp_path):
    path = tmp_path / "offspring.json"
    offspring(path, 800, 1200)
    assert [requested_memory(path, number) for number in (0, 1)] == [1000, 1500]
    assert [requested_memory(path, 0, attempt) for attempt in (2, 3)] == [1500, 2000]


def test_of_a_gpu_it_asks_for_that_and_what_cuda_and_its_libraries_take(tmp_path):
    path = tmp_path / "offspring.json"
    offspring(path, 800, 1200)
    assert [requested_gpu_memory(path, number) for number in (0, 1)] == [250 + 256 + 600, 375 + 256 + 600]
    assert requested_gpu_memory(path, 0, 2) == 375 + 384 + 600


def test_a_place_without_a_network_asks_for_next_to_nothing(tmp_path):
    path = tmp_path / "offspring.json"
    offspring(path, 800)
    assert requested_memory(path, 1) == requested_gpu_memory(path, 1) == 1


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


@pytest.mark.parametrize("changes", [{"remat": True}, {"batch_size": 32}, {"precision": "mixed_bfloat16"}])
def test_a_baseline_asks_for_what_its_own_training_is_predicted_to_take(repository, changes):
    labels, settings = repository / "config/skeletons/mpii.yaml", TrainingSettings(**changes)
    baseline = Baseline("simple_baselines", 0.25, 64)
    network = baseline.network(labels, 7)
    predicted = cost(network, settings.batch_size, remat=settings.remat, precision=settings.precision)
    assert baseline_memory(baseline, labels, settings, 7) == round(1.25 * predicted.memory_mb)
    assert baseline_gpu_memory(baseline, labels, settings, 7) == round(1.25 * predicted.gpu_memory_mb + 256) + 600


def test_a_baseline_that_depends_on_the_seed_asks_for_the_network_of_the_runs_seed(repository):
    labels, baseline = repository / "config/skeletons/mpii.yaml", Baseline("ga_cnn_style", 1, 64)
    requests = {baseline_memory(baseline, labels, TrainingSettings(), seed) for seed in range(4)}
    assert len(requests) > 1
