"""What Snakemake plans, and what it says when it cannot."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from workflow_runs import REPOSITORY, planned_jobs, refusal, snakemake


def overlay(folder: Path, **content: object) -> Path:
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


def test_a_dry_run_lists_every_job(tmp_path: Path, tiny: Path) -> None:
    jobs = planned_jobs(snakemake(tmp_path, "--dry-run", configfiles=(tiny,)).stdout)
    assert jobs["breed"] == jobs["select"] == 2
    assert jobs["train"] == 3 + 2  # founders and offspring
    assert jobs["write_shard"] == 3  # one per split
    assert jobs["train_final"] == 2  # finalists
    assert jobs["choose_final"] == jobs["evaluate_final"] == jobs["score_trivial_baselines"] == 1


def test_rungs_plan_a_place_for_each_who_goes_on(tmp_path: Path, tiny: Path) -> None:
    """Of 5 founders and 4 offspring, 3 reach each of the two rungs above the first."""
    mine = overlay(tmp_path, evolution={"rungs": [1, 2], "population": 5, "offspring": 4}, training={"epochs": 4})
    jobs = planned_jobs(snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine)).stdout)
    assert jobs["train_rung"] == 5 + 3 + 3 + 4 + 3 + 3
    assert (jobs["promote"], jobs["settle_founders"], jobs["settle"]) == (4, 1, 1)
    assert "train" not in jobs


def test_searches_of_a_comparison_have_rungs_too(tmp_path: Path, tiny: Path) -> None:
    rungs = {"rungs": [1, 2], "population": 4}
    mine = overlay(tmp_path, evolution=rungs, training={"epochs": 4}, compare={"seeds": [1]})
    finished = snakemake(tmp_path, "compare", "--dry-run", configfiles=(tiny, mine))
    actual = re.findall(r"^(\w+) +(\d+)$", finished.stdout, re.MULTILINE)
    jobs = {rule: int(count) for rule, count in actual}
    for search in ("compare_predictor_1", "compare_random_1"):
        assert jobs[f"{search}_train_rung"] == 4 + 3 + 3 + 2 + 2 + 2
        assert f"{search}_train" not in jobs


def test_overlap_plans_the_same_trainings(tmp_path: Path, tiny: Path) -> None:
    mine = overlay(tmp_path, evolution={"overlap": 1, "generations": 4})
    jobs = planned_jobs(snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine)).stdout)
    assert jobs["train"] == 3 + 3 * 2


def test_a_comparison_plans_whole_searches_on_the_same_records(tmp_path: Path, tiny: Path) -> None:
    mine = overlay(tmp_path, compare={"seeds": [1, 2], "strategies": ["random", "aging"]})
    finished = snakemake(tmp_path, "compare", "--dry-run", configfiles=(tiny, mine))
    actual = re.findall(r"^(\w+) +(\d+)$", finished.stdout, re.MULTILINE)
    jobs = {rule: int(count) for rule, count in actual}
    searches = [f"compare_{strategy}_{seed}" for strategy in ("predictor", "random", "aging") for seed in (1, 2)]
    assert all(jobs[f"{search}_train"] == 3 + 2 and jobs[f"{search}_train_final"] == 2 for search in searches)
    assert (jobs["compare"], jobs["write_shard"], jobs["decode_records"]) == (1, 3, 3)
    assert "train" not in jobs  # the run itself is not part of it


def test_a_probe_trains_the_founders_of_the_run_in_full(tmp_path: Path, tiny: Path) -> None:
    jobs = planned_jobs(snakemake(tmp_path, "probe", "--dry-run", configfiles=(tiny,)).stdout)
    assert (jobs["breed"], jobs["train"], jobs["train_probe"], jobs["train_probe_again"]) == (1, 3, 3, 3)
    assert not {"select", "train_final"} & set(jobs)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"evolution": {"generatons": 3}}, "'evolution.generatons' is unknown; did you mean 'generations'?"),
        ({"training": {"epochs": 0}}, "training.epochs is 0, expected 1 or more"),
        ({"dataset": {"root": "nowhere"}}, "there is no nowhere/annot/train.json"),
        ({"space": "config/spaces/none.yaml"}, "there is no such file"),
        (
            {"evolution": {"rungs": [1, 2]}},
            "evolution.rungs is [1, 2], expected increasing numbers below training",
        ),
        ({"evolution": {"rungs": [1, 1]}, "training": {"epochs": 4}}, "expected increasing numbers below"),
        ({"evolution": {"rungs": [1]}, "training": {"inherit": True}}, "training.inherit is true, and evolution.rungs"),
    ],
)
def test_a_wrong_configuration_is_one_line(tmp_path: Path, tiny: Path, content: dict[str, object], said: str) -> None:
    assert said in refusal(snakemake(tmp_path, "--dry-run", configfiles=(tiny, overlay(tmp_path, **content))))


def test_missing_annotations_are_named(tmp_path: Path, tiny: Path) -> None:
    (tmp_path / "mine" / "images").mkdir(parents=True)
    mine = overlay(tmp_path, dataset={"root": str(tmp_path / "mine")})
    finished = snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine))
    assert re.search(r"dataset.train is annot/train.json, and there is no .*/annot/train\.json", finished.stdout)


@pytest.mark.slow
def test_300_generations_are_planned(tmp_path: Path, tiny: Path) -> None:
    mine = overlay(tmp_path, evolution={"generations": 300, "population": 2, "offspring": 2})
    finished = snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout[-2000:]
    assert planned_jobs(finished.stdout)["train"] == 300 * 2


def test_a_workflow_runs_its_own_code_whatever_is_installed(tmp_path: Path, tiny: Path, monkeypatch) -> None:
    other = tmp_path / "installed/evocnn"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("raise RuntimeError('another evocnn was imported')")
    monkeypatch.setenv("PYTHONPATH", str(other.parent))
    finished = snakemake(tmp_path, "results/tiny/config.yaml", configfiles=(tiny,))
    assert finished.returncode == 0, finished.stdout


def test_another_workflow_has_it_as_a_module(tmp_path: Path) -> None:
    (tmp_path / "Snakefile").write_text(f"""
module evocnn:
    snakefile: {str(REPOSITORY / "Snakefile")!r}
    config: {{"experiment": "mine", "evolution": {{"generations": 2}}, "training": {{"epochs": 1}}}}

use rule * from evocnn as evocnn_*
""")
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--cores", "2", "--resources", "gpu=2"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout
    jobs = planned_jobs(finished.stdout)
    assert jobs["evocnn_train"] == 3 + 4
    assert "results/mine/report.html" in finished.stdout


def test_fewer_cores_than_threads_are_refused(tmp_path: Path, tiny: Path) -> None:
    mine = overlay(tmp_path, training={"threads": 3})
    finished = snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine))
    assert finished.returncode != 0
    assert "evocnn: training.threads is 3, and there are 2 cores; Snakemake would train with fewer" in finished.stdout


@pytest.mark.parametrize(("jobs_per_gpu", "counted"), [(2, 1), ("auto", 0)])
def test_gpus_are_counted_unless_jobs_share_them_as_memory_allows(
    tmp_path: Path, tiny: Path, jobs_per_gpu: int | str, counted: int
) -> None:
    mine = overlay(tmp_path, jobs={"jobs_per_gpu": jobs_per_gpu})
    finished = snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine))
    resources = re.findall(r"resources: (.*)", finished.stdout)
    assert {int(n) for line in resources for n in re.findall(r"\bgpu=(\d)", line)} == {counted}


def test_threads_of_a_cluster_are_not_those_of_the_machine_that_submits(tmp_path: Path, tiny: Path) -> None:
    mine = overlay(tmp_path, training={"threads": 3})
    finished = snakemake(
        tmp_path, "--dry-run", "--profile", str(REPOSITORY / "profiles/slurm"), configfiles=(tiny, mine)
    )
    assert finished.returncode == 0, finished.stdout[-2000:]


@pytest.mark.slow
def test_a_cluster_gives_each_training_a_gpu_however_many_could_share_one(
    tmp_path: Path, tiny: Path, tiny_run: Path
) -> None:
    """What a scheduler is asked for is in the job's script; this one runs it at once."""
    folder = Path(shutil.copytree(tiny_run, tmp_path / "run"))
    submit = tmp_path / "submit"
    submit.write_text(
        '#!/bin/sh\ngrep -o \'"rule": "[a-z_]*"\\|"gpu": [0-9]*\' "$1" | paste -s >> asked\nsh "$1" >&2\n'
    )
    submit.chmod(0o755)
    mine = overlay(tmp_path, jobs={"jobs_per_gpu": "auto"})
    generic = ["--executor", "cluster-generic", "--cluster-generic-submit-cmd", str(submit), "--jobs", "2"]
    fitness = "results/tiny/generation-000/individual-00/fitness.json"
    (folder / fitness).unlink()
    finished = snakemake(folder, fitness, *generic, configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout[-2000:]
    assert (folder / "asked").read_text() == '"rule": "train"\t"gpu": 1\n'


@pytest.mark.slow
def test_trainings_share_one_gpu_whatever_is_said_about_gpus(tmp_path: Path, tiny: Path, monkeypatch) -> None:
    """Two at once on one device, where `--resources gpu=1` would let them come one by one."""
    monkeypatch.setenv("EVOCNN_DEVICES", "7:8000")
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # where the leases are
    mine = overlay(tmp_path, jobs={"jobs_per_gpu": "auto"})
    founders = [f"results/tiny/generation-000/individual-0{number}/fitness.json" for number in (0, 1)]
    finished = snakemake(tmp_path, *founders, "--resources", "gpu=1", configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout[-2000:]
    logs = [(tmp_path / f"logs/tiny/generation-000/individual-0{number}.log").read_text() for number in (0, 1)]
    assert not any("waiting for one" in log for log in logs)
    fitness = [json.loads((tmp_path / path).read_text()) for path in founders]
    assert [of["provenance"]["device_id"] for of in fitness] == ["7", "7"]
