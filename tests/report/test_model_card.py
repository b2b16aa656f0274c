"""The model card says what is in the files of its run."""

from dataclasses import replace

import numpy as np
import pytest

from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.files import write_json
from evocnn.report.model_card import Origin, write_model_card
from evocnn.tasks.calibration import calibrate, write_calibration
from evocnn.tasks.model_metadata import write_metadata

ORIGIN = Origin(experiment="mine", root="data/mine", licence="CC BY 4.0", seed=3, strategy="aging")
SPLITS = {"train": 800, "valid": 200, "test": 1234}


def trained(network_id):
    return Fitness(
        status="ok",
        objectives={"score": 61.5},
        metrics={"mean": 61.5, "standard_error": 1.25, "groups": {"wrist": 41.0}},
        cost={"params": 123456, "macs": 7_500_000, "memory_mb": 900},
        training={
            **{"epochs": 20, "best_epoch": 17, "samples_per_second": 100.0, "peak_memory_mb": 812},
            "seconds": {"prepare": 10.0, "fit": 3500.0, "score": 90.0},
        },
        provenance={"network_id": network_id, "seed": 11, "versions": {"keras": "3.15.1"}, "device": "cpu"},
    )


@pytest.fixture
def card(run, tables):
    """A function from what the configuration says to the card's text."""

    def write(origin, flip_test=False):
        at = run.folder / "final"
        write_fitness(at / "fitness.json", trained("0123456789ab"))
        test = {"mean": 58.25, "standard_error": 0.75, "per_joint": {}, "groups": {"wrist": 38.0, "knee": None}}
        formats = {"keras": {"file": "model.keras", "bytes": 176_400, "mean": 58.25, "standard_error": 0.75}}
        formats["tflite_int8"] = {"file": "model_int8.tflite", "bytes": 61_000, "mean": 57.5, "standard_error": None}
        write_json(at / "exports.json", "exports", {"metric": "PCKh@0.5", "formats": formats})
        outcomes = np.array([0.2, 0.4, 0.6, 0.8]), np.array([0.0, 1.0, 0.0, 1.0])
        write_calibration(at / "calibration.json", calibrate("PCKh@0.5", outcomes, outcomes))
        write_json(at / "score.json", "score", {"metric": "PCKh@0.5", "flip_test": flip_test, "test": test})
        write_metadata(at / "model.json", labels=run.labels, input_size=64, heads=("heatmap",))
        manifests = {split: run.folder / f"records/{split}/manifest.json" for split in SPLITS}
        for split, people in SPLITS.items():
            document = {
                **{"people": people, "skipped": [{"row": 1, "image": "a.jpg", "reason": "the image is missing"}]},
                **{"copies": [], "in_test": [], "settings": {}, "images": [], "shards": [], "digest": "f" * 64},
                "annotations": [{"file": "valid.json" if split == "test" else "train.json", "digest": "a" * 64}],
            }
            write_json(manifests[split], "manifest", document)
        write_model_card(
            at / "model_card.md",
            fitness=at / "fitness.json",
            score=at / "score.json",
            calibration=at / "calibration.json",
            exports=at / "exports.json",
            trivial=run.trivial,
            individuals=tables[0],
            metadata=at / "model.json",
            manifests=manifests,
            origin=origin,
        )
        return (at / "model_card.md").read_text()

    return write


def test_the_card_says_that_scores_are_of_a_flip_test(card):
    assert "Flip test: scores on test are of the mean" in card(ORIGIN, flip_test=True)
    assert "Flip test" not in card(ORIGIN)


def test_the_card_has_what_is_asked_of_one(card):
    text = card(ORIGIN)
    assert text.startswith("# mine: network 0123456789ab\n")
    for section in ("Data", "Scores: PCKh@0.5 in percent", "Formats", "Cost", "Intended use", "Limits"):
        assert f"\n## {section}\n" in text
    assert "| test: scored once, by this network | 1,234 | 1 | `ffffffffffff` |" in text
    assert "From `data/mine` (train.json, valid.json)." in text
    assert "Licence of the data: CC BY 4.0." in text
    assert "| keras | `model.keras` | 176 | 58.2 ± 0.8 |" in text
    assert "| tflite_int8 | `model_int8.tflite` | 61 | 57.5 |" in text
    assert "fitted to 4 predictions on search-valid. On test they differ" in text
    assert "by 41.7 percentage points on average." in text
    assert "| mean pose (trivial) | 12.5 ± 0.8 | 11.8 ± 0.8 |" in text
    assert "| **this network** | 61.5 ± 1.2 | **58.2 ± 0.8** |" in text
    assert "| wrist | 41.0 | 38.0 |" in text
    assert "| knee | – | – |" in text
    assert "| parameters | 123,456 |" in text
    assert "| multiply–accumulates | 7.50 million |" in text
    assert "| hours on cpu | 1.00 |" in text  # 10 + 3,500 + 90 seconds
    assert "| of the search (aging, seed 3) |" in text
    assert "| networks trained | 6 |" in text


@pytest.mark.parametrize(
    ("root", "said"),
    [("data/mine", "not stated (`dataset.licence`)"), ("data/toy", "this workflow has drawn the data")],
)
def test_a_licence_that_nobody_has_named_is_not_invented(card, root, said):
    assert f"Licence of the data: {said}" in card(replace(ORIGIN, root=root, licence=None)).replace(
        "none is needed: ", ""
    )
