"""The main job on real photographs: Leeds Sports Pose Extended in the layout of MPII."""

import json
import shutil
from pathlib import Path

import pytest
import yaml
from workflow_runs import HERE, snakemake

pytestmark = pytest.mark.slow


def test_a_search_on_photographs(tmp_path: Path, shared_data: Path) -> None:
    # The images are read from a zip in place.
    root = tmp_path / "lspet"
    root.mkdir()
    (root / "annot").symlink_to(shared_data / "lspet/annot")
    shutil.make_archive(str(root / "images"), "zip", shared_data / "lspet/images")
    mine = tmp_path / "mine.yaml"
    images = {"train_images": "images.zip", "test_images": "images.zip"}
    mine.write_text(yaml.safe_dump({"dataset": {"root": str(root), **images}}))
    finished = snakemake(tmp_path, configfiles=(HERE / "lspet.yaml", mine))
    assert finished.returncode == 0, finished.stdout
    run = tmp_path / "results" / "lspet"
    print((run / "summary.txt").read_text())
    manifests = [
        json.loads((run / f"records/{split}/manifest.json").read_text()) for split in ("train", "valid", "test")
    ]
    assert [manifest["skipped"] for manifest in manifests] == [[], [], []]
    assert manifests[0]["people"] + manifests[1]["people"] == 823
    assert manifests[2]["people"] == 279
    score = json.loads((run / "final" / "score.json").read_text())["test"]
    assert 0 < score["mean"] < 100
    assert score["standard_error"] > 0
