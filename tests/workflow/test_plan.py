"""What Snakemake plans, and what it says when it cannot."""

import re
from pathlib import Path

import pytest
import yaml
from workflow_runs import planned_jobs, snakemake


def overlay(folder: Path, **content: object) -> Path:
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


def test_a_dry_run_lists_every_job(tmp_path: Path, tiny: Path) -> None:
    jobs = planned_jobs(snakemake(tmp_path, "--dry-run", configfiles=(tiny,)).stdout)
    assert jobs["breed"] == jobs["select"] == 2
    assert jobs["train"] == 3 + 2  # founders and offspring
    assert jobs["write_shard"] == 3  # one per split
    assert jobs["train_final"] == jobs["evaluate_final"] == jobs["score_floors"] == 1


def test_overlap_plans_the_same_trainings(tmp_path: Path, tiny: Path) -> None:
    mine = overlay(tmp_path, evolution={"overlap": 1, "generations": 4})
    jobs = planned_jobs(snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine)).stdout)
    assert jobs["train"] == 3 + 3 * 2


def test_a_comparison_plans_whole_searches_on_the_same_records(tmp_path: Path, tiny: Path) -> None:
    mine = overlay(tmp_path, compare={"seeds": [1, 2], "strategies": ["random", "aging"]})
    finished = snakemake(tmp_path, "compare", "--dry-run", configfiles=(tiny, mine))
    found = re.findall(r"^(\w+) +(\d+)$", finished.stdout, re.MULTILINE)
    jobs = {rule: int(count) for rule, count in found}
    searches = [f"compare_{strategy}_{seed}" for strategy in ("predictor", "random", "aging") for seed in (1, 2)]
    assert all(jobs[f"{search}_train"] == 3 + 2 and jobs[f"{search}_train_final"] == 1 for search in searches)
    assert (jobs["compare"], jobs["write_shard"], jobs["decode_records"]) == (1, 3, 3)
    assert "train" not in jobs  # the run itself is not part of it


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"evolution": {"generatons": 3}}, "'evolution.generatons' is unknown; did you mean 'generations'?"),
        ({"training": {"epochs": 0}}, "training.epochs is 0, expected 1 or more"),
        ({"dataset": {"root": "nowhere"}}, "there is no nowhere/annot/train.json"),
        ({"space": "config/spaces/none.yaml"}, "there is no such file"),
    ],
)
def test_a_wrong_configuration_is_one_line(tmp_path: Path, tiny: Path, content: dict[str, object], said: str) -> None:
    finished = snakemake(tmp_path, "--dry-run", configfiles=(tiny, overlay(tmp_path, **content)))
    assert finished.returncode != 0
    lines = [line for line in finished.stdout.splitlines() if line.startswith("evocnn: ")]
    assert len(lines) == 1
    assert said in lines[0]
    assert "Traceback" not in finished.stdout


def test_missing_annotations_are_named(tmp_path: Path, tiny: Path) -> None:
    (tmp_path / "mine" / "images").mkdir(parents=True)
    mine = overlay(tmp_path, dataset={"root": str(tmp_path / "mine")})
    finished = snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine))
    assert re.search(r"dataset.train is annot/train.json, and there is no .*/annot/train\.json", finished.stdout)


@pytest.mark.slow
def test_600_generations_of_20_are_planned(tmp_path: Path, tiny: Path) -> None:
    mine = overlay(tmp_path, evolution={"generations": 600, "population": 20, "offspring": 20})
    finished = snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout[-2000:]
    assert planned_jobs(finished.stdout)["train"] == 600 * 20
