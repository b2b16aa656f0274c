"""The main job on real photographs: Leeds Sports Pose Extended in the layout of MPII."""

import json
from pathlib import Path

import pytest
import yaml
from workflow_runs import HERE, snakemake

pytestmark = pytest.mark.slow


def test_a_search_on_photographs(tmp_path: Path, shared_data: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({"dataset": {"root": str(shared_data / "lspet")}}))
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
