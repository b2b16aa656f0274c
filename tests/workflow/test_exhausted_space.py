"""A space with fewer networks than the run has places."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml
from workflow_runs import REPOSITORY, snakemake


@pytest.mark.slow
def test_the_run_ends_cleanly_with_all_networks_trained_once(tmp_path: Path, tiny: Path) -> None:
    """One block, a convolution or a pooling: two networks, of three founders and two offspring."""
    content = yaml.safe_load((REPOSITORY / "config/spaces/tiny.yaml").read_text())
    content["blocks"] = 1
    content["genes"] = {
        "operation": {"categorical": ["conv", "max_pool"]},
        **{"filters": 4, "kernel": 3, "stride": 1, "dilation": 1, "activation": "relu", "normalisation": "batch"},
    }
    (tmp_path / "small.yaml").write_text(yaml.safe_dump(content))
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({"space": str(tmp_path / "small.yaml"), "training": {"epochs": 1}}))
    finished = snakemake(tmp_path, "results/tiny/tables/individuals.csv", configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout[-3000:]
    run = tmp_path / "results/tiny"
    statuses = [json.loads(path.read_text())["status"] for path in sorted(run.glob("generation-*/*/fitness.json"))]
    assert statuses == ["ok", "ok", "exhausted", "exhausted", "exhausted"]
    assert len(pd.read_csv(run / "tables/individuals.csv")) == 2
    assert "the space is exhausted: 2 of 3 individuals" in (tmp_path / "logs/tiny/generation-000/breed.log").read_text()
    assert "nothing is trained" in (tmp_path / "logs/tiny/generation-001/individual-00.log").read_text()
