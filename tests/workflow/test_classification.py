"""Another task, data set and head by configuration alone: handwritten digits in class folders."""

import json
from pathlib import Path

import cv2
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from workflow_runs import HERE, snakemake

pytestmark = pytest.mark.slow


def write_digits(folder: Path) -> None:
    """1,797 images of 8×8 grey pixels, as PNG in a folder per class."""
    digits = load_digits()
    for number, (pixels, digit) in enumerate(zip(digits.images, digits.target, strict=True)):
        path = folder / str(digit) / f"{number:04d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), (pixels * 15.9375).astype("uint8"))


def test_a_search_on_digits(tmp_path: Path) -> None:
    write_digits(tmp_path / "data/digits/images")
    finished = snakemake(tmp_path, configfiles=(HERE / "digits.yaml",))
    assert finished.returncode == 0, finished.stdout
    run = tmp_path / "results" / "digits"
    print((run / "summary.txt").read_text())
    manifests = [
        json.loads((run / f"records/{split}/manifest.json").read_text()) for split in ("train", "valid", "test")
    ]
    assert sum(manifest["people"] for manifest in manifests) == 1797
    trivial = json.loads((run / "baselines/trivial.json").read_text())
    assert trivial["metric"] == "accuracy"
    trivial_score = trivial["trivial"]["most frequent class"]["test"]["mean"]
    score = json.loads((run / "final/score.json").read_text())["test"]
    assert trivial_score < 20
    assert score["mean"] > 90
    assert set(score["per_class"]) == set("0123456789")
    predictions = pd.read_csv(run / "final/predictions.csv", dtype={"class": str, "predicted": str})
    assert 100 * (predictions["class"] == predictions["predicted"]).mean() == pytest.approx(score["mean"])
    assert "accuracy on search-valid" in (run / "plots/fitness.svg").read_text()
