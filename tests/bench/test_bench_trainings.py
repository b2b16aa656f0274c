"""Trainings in full for a page: who is trained, with which augmentation, and what is kept."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from evocnn.configuration.model import Configuration
from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.files import write_json
from evocnn_bench import trainings
from evocnn_bench.trainings import KEY, Study, Training, better_augmentation, config_of, evolved_network, train_all

GENOME = {"stem": {}, "blocks": [], "heads": {}}
SEARCH = {"experiment": "search", "limits": {"params": 210_000}}
AUGMENTATIONS = {"weak": {"rotation": 15}, "strong": {"rotation": 40}}
TINY = {
    "experiment": "search",
    "dataset": {"input_size": 32},
    "toy": {"train_people": 24, "valid_people": 8},
    "space": "config/spaces/tiny.yaml",
    "evolution": {"generations": 1, "population": 2},
    "training": {"epochs": 1, "batch_size": 8},
    "final": {"finalists": 1},
}
NETWORKS = [("evolved", 40), ("hourglass", 40), ("evolved", 80)]


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """Targets of runs, which write what they are asked for: evolved networks are better with strong augmentation."""
    targets_of_runs = []

    def run(config, targets, cores=2, folder=tmp_path):
        targets_of_runs.append((config["experiment"], [str(target) for target in targets], cores))
        for target in targets:
            _write(folder / target, config)

    monkeypatch.setattr(trainings, "run_workflow", run)
    monkeypatch.setattr(trainings, "REPOSITORY", tmp_path)
    return targets_of_runs


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path / "page.csv", SEARCH, {"evolved": tmp_path / "page.yaml"}, ["hourglass"], AUGMENTATIONS, 40)


def _write(path, config):
    if path.name == "finalists.json":
        worse = {"genome": {}, "network_id": "1" * 12}
        write_json(path, "offspring", {"individuals": [worse, {"genome": GENOME, "network_id": "0" * 12}]})
        return
    strong = config.get("training") == {**AUGMENTATIONS["strong"], "epochs": 1, "patience": 2}
    score = 30.0 + config.get("seed", 0) + (5 if strong == (path.parent.name == "final") else 0)
    of_training = {"epochs": config.get("final", {}).get("epochs", 1), "best_epoch": 40, "seconds": {"fit": 100.0}}
    ran_on = {"network_id": "0" * 12, "processor": "CPU", "device": "cpu", "versions": {"keras": "3"}}
    cost = {"params": 1000, "macs": 2_000_000, "memory_mb": 800}
    fitness = Fitness("ok", {"score": score}, {}, cost, {**of_training, "peak_memory_mb": 900}, ran_on)
    write_fitness(path.with_name("fitness.json"), fitness)
    if path.name == "score.json":
        write_json(path, "score", {"metric": "PCKh", "test": {"mean": score, "standard_error": 1.0}})


def test_further_seeds_have_the_augmentation_that_is_better_for_the_first(ran, study):
    rows = better_augmentation(study, NETWORKS, seeds=(1, 2, 3))
    better = {("evolved", 40): "strong", ("hourglass", 40): "weak", ("evolved", 80): "strong"}
    assert list(rows[["network", "epochs", "augmentation", "seed"]].itertuples(index=False, name=None)) == [
        (*network, better[network], seed) for seed in (1, 2, 3) for network in sorted(better)
    ]
    assert len(ran) == 3 * 2 + 3 * 2  # seed 1 with both augmentations, then seeds 2 and 3
    assert len(pd.read_csv(study.rows)) == 12


def test_long_trainings_start_first_and_each_has_a_core(ran, study, monkeypatch):
    monkeypatch.setattr(trainings.os, "sched_getaffinity", lambda _: {0})
    train_all(study, [Training(network, "weak", 1, epochs) for network, epochs in NETWORKS])
    assert [(experiment, cores) for experiment, _, cores in ran] == [
        ("evolved-weak-1-80", 1),
        ("evolved-weak-1-40", 1),
        ("hourglass-weak-1-40", 1),
    ]
    assert ran[2][1] == ["results/hourglass-weak-1-40/baselines/hourglass/score.json"]


def test_a_training_that_has_a_row_is_not_repeated(ran, study):
    rows = better_augmentation(study, NETWORKS, seeds=(1, 2))
    pd.read_csv(study.rows, dtype=str).query("network != 'hourglass' or seed != '2'").to_csv(study.rows, index=False)
    ran.clear()
    again = better_augmentation(study, NETWORKS, seeds=(1, 2))
    assert [experiment for experiment, _, _ in ran] == ["hourglass-weak-2-40"]
    pd.testing.assert_frame_equal(again[[*KEY, "score"]], rows[[*KEY, "score"]])


def test_rows_of_trainings_before_a_failure_are_kept(ran, study, monkeypatch):
    write = trainings.run_workflow

    def fail(config, targets, **how):
        if config["final"]["epochs"] == 40:
            raise ValueError("the run has not finished")
        write(config, targets, **how)

    monkeypatch.setattr(trainings, "run_workflow", fail)
    monkeypatch.setattr(trainings.os, "sched_getaffinity", lambda _: {0})
    with pytest.raises(ValueError, match="has not finished"):
        train_all(study, [Training(network, "weak", 1, epochs) for network, epochs in NETWORKS])
    assert list(pd.read_csv(study.rows)["epochs"]) == [80]


def test_rows_of_another_configuration_are_refused(ran, study):
    train_all(study, [Training("evolved", "weak", 1, 40)])
    other = Study(study.rows, {**SEARCH, "limits": {"params": 1000}}, study.evolved, ["hourglass"], AUGMENTATIONS, 40)
    with pytest.raises(ValueError, match="code or configuration have changed"):
        train_all(other, [Training("evolved", "weak", 1, 40)])


def test_a_search_runs_once_for_its_final_network(ran, tmp_path):
    for _ in range(2):
        assert yaml.safe_load(evolved_network(SEARCH, tmp_path / "page.yaml").read_text()) == [GENOME]
    assert ran == [("search", [f"results/search/final/{name}.json" for name in ("finalists", "fitness")], 2)]


@pytest.mark.parametrize("augmentation", AUGMENTATIONS)
def test_evolved_networks_and_baselines_have_equal_settings(study, augmentation):
    config = config_of(study, Training("evolved", augmentation, 3, 80), Path("evolved.yaml"))
    settings = Configuration.model_validate(config)
    assert settings.final_training.epochs == settings.final_training.patience == settings.baselines.epochs == 80
    assert settings.final_training.rotation == AUGMENTATIONS[augmentation]["rotation"]
    assert settings.seed == 3


@pytest.mark.slow
def test_the_workflow_trains_evolved_networks_and_baselines_side_by_side(tmp_path, monkeypatch):
    monkeypatch.setattr(trainings, "REPOSITORY", tmp_path)
    whole = trainings.run_workflow
    monkeypatch.setattr(trainings, "run_workflow", lambda *what, **how: whole(*what, **{"folder": tmp_path, **how}))
    evolved = {"evolved": evolved_network(TINY, tmp_path / "page.yaml")}
    study = Study(tmp_path / "page.csv", TINY, evolved, ["mobilenet_v2"], AUGMENTATIONS, 2)
    rows = train_all(study, [Training("evolved", "weak", 1, 3), Training("mobilenet_v2", "weak", 1, 2)])
    assert list(rows["network"]) == ["evolved", "mobilenet_v2"]
    assert list(rows["best_epoch"] <= rows["epochs"]) == [True, True]
    assert rows["network_id"].nunique() == 2
    assert rows["macs"][0] < rows["macs"][1]
    assert rows["score"].between(0, 100).all()
