"""Networks of the literature with several seeds: who is trained, with which augmentation, and what the page says."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from evocnn.configuration.model import Configuration
from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.files import write_json
from evocnn_bench import literature
from evocnn_bench.literature import AUGMENTATIONS, NETWORKS, bench_literature, config_of, train_all

GENOME = {"stem": {}, "blocks": [], "heads": {}}
CONFIG = {"experiment": "search", "limits": {"params": 210_000}}


@pytest.fixture
def trainings(tmp_path, monkeypatch):
    """Targets of each run, in a folder where a run writes what it is asked for: the hourglass is better if weak."""
    ran = []

    def run(config, targets):
        ran.append({"experiment": config["experiment"], "targets": sorted(map(str, targets))})
        for target in targets:
            path = tmp_path / target
            if path.name == "finalists.json":
                write_json(path, "offspring", {"individuals": [{"genome": GENOME}]})
                continue
            name = path.parent.name
            weak = config["training"]["scale"] == AUGMENTATIONS["weak"]["scale"]
            score = {"final": 30.0, "hourglass": 32.0}.get(name, 20.0) + config["seed"]
            better = weak == (name == "hourglass")
            of_training = {"epochs": 40, "best_epoch": 40, "seconds": {"fit": 100.0}, "peak_memory_mb": 900}
            cost = {"params": 1000, "macs": 2_000_000 if name == "final" else 8_000_000, "memory_mb": 800}
            ran_on = {"network_id": "0" * 12, "processor": "CPU", "device": "cpu", "versions": {"keras": "3"}}
            valid = {"score": score if better else score - 5}
            write_fitness(
                path.with_name("fitness.json"), Fitness("ok", valid, {"latency_ms": 2.0}, cost, of_training, ran_on)
            )
            write_json(path, "score", {"metric": "PCKh", "test": {"mean": score, "standard_error": 1.0}})

    monkeypatch.setattr(literature, "run_workflow", run)
    monkeypatch.setattr(literature, "REPOSITORY", tmp_path)
    monkeypatch.setattr(literature, "PAGES", tmp_path)
    return ran


def test_a_second_and_third_seed_are_trained_with_the_better_augmentation(trainings, tmp_path):
    rows = train_all(CONFIG, "page")
    assert len(rows) == 3 * len(NETWORKS)
    assert {*rows["augmentation"][rows["network"] == "hourglass"]} == {"weak"}
    assert {*rows["augmentation"][rows["network"] != "hourglass"]} == {"strong"}
    assert [run["experiment"] for run in trainings] == [
        "search",
        *(f"literature-{name}" for name in ("weak-1", "strong-1", "weak-2", "strong-2", "weak-3", "strong-3")),
    ]
    assert trainings[3]["targets"] == ["results/literature-weak-2/baselines/hourglass/score.json"]
    assert len(trainings[4]["targets"]) == len(NETWORKS) - 1
    assert yaml.safe_load((tmp_path / "page.yaml").read_text()) == [GENOME]


def test_what_is_kept_is_not_trained_again(trainings, tmp_path):
    rows = train_all(CONFIG, "page")
    kept = tmp_path / "page.csv"
    pd.read_csv(kept).query("network != 'mobilenet_v2' or seed != 2").to_csv(kept, index=False)
    trainings.clear()
    again = train_all(CONFIG, "page")
    assert [run["targets"] for run in trainings] == [["results/literature-strong-2/baselines/mobilenet_v2/score.json"]]
    assert bench_literature(again) == bench_literature(rows)


def test_the_page_has_a_row_and_a_sentence_for_each_network(trainings):
    text = bench_literature(train_all(CONFIG, "page"))
    # Seeds 1, 2, 3 add as many points; the evolved network has 30 and a quarter of the multiply–accumulates.
    assert "| **evolved** | 32.0 ± 1.0 | 32.0 ± 1.0 | strong | 1,000 | 2.0 | 900 | 2.0 | 100 |" in text
    assert "| Hourglass, 1 stack | 34.0 ± 1.0 | 34.0 ± 1.0 | weak | 1,000 | 8.0 | 900 | 2.0 | 100 |" in text
    assert "Hourglass, 1 stack: no clear difference, -2.0 points with 25% of the multiply–accumulates (p = 0.07" in text
    assert "- MobileNetV2, 3 deconvolutions: the evolved network is better, +10.0 points" in text
    assert "All trainings with CPU, keras 3." in text


@pytest.mark.parametrize("augmentation", AUGMENTATIONS)
def test_all_networks_have_the_same_epochs(augmentation):
    settings = Configuration.model_validate(config_of(CONFIG, augmentation, 3, Path("found.yaml")))
    assert settings.final_training.epochs == settings.baselines.epochs == literature.EPOCHS
    assert settings.final_training.scale == AUGMENTATIONS[augmentation]["scale"]
    assert settings.seed == 3
