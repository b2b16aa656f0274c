"""Profiles, shipped and documented: a run is planned with each, and the documented commands are understood."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from workflow_runs import REPOSITORY, planned_jobs, snakemake

SHIPPED = sorted(path.parent.name for path in (REPOSITORY / "profiles").glob("*/config.yaml"))
RECIPES = ("lsf", "pbs", "kubernetes")
DOCUMENT = (REPOSITORY / "docs/cluster.md").read_text()


def recipe(name: str) -> str:
    """The YAML block that docs/cluster.md gives for `profiles/<name>/config.yaml`."""
    return DOCUMENT.split(f"`profiles/{name}/config.yaml`")[1].split("```yaml\n")[1].split("```")[0]


def planned(folder: Path, tiny: Path, profile: Path) -> None:
    finished = snakemake(folder, "--dry-run", "--profile", str(profile), configfiles=(tiny,))
    assert finished.returncode == 0, finished.stdout[-3000:]
    assert planned_jobs(finished.stdout)["train"] == 5


@pytest.mark.parametrize("name", SHIPPED)
def test_a_run_is_planned_with_a_shipped_profile(name: str, tmp_path: Path, tiny: Path) -> None:
    planned(tmp_path, tiny, REPOSITORY / "profiles" / name)


@pytest.mark.parametrize("name", RECIPES)
def test_a_run_is_planned_with_a_documented_recipe(name: str, tmp_path: Path, tiny: Path) -> None:
    (tmp_path / "config.yaml").write_text(recipe(name))
    planned(tmp_path / "run", tiny, tmp_path)


def test_the_slurm_profile_is_edited_in_two_lines() -> None:
    text = (REPOSITORY / "profiles/slurm/config.yaml").read_text()
    assert len(re.findall(r"^  (?:# )?slurm_(?:partition|account): ", text, re.MULTILINE)) == 2


def stand_in(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def said(folder: Path, command: str, argument: str) -> str:
    """What a command of a recipe prints, run as the executor does, with stand-ins on PATH."""
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    return subprocess.run(
        f"{command} '{argument}'", shell=True, check=True, capture_output=True, text=True, env=environment, cwd=folder
    ).stdout.strip()


@pytest.mark.parametrize(
    ("qstat", "state"),
    [
        ("    job_state = R", "running"),
        ("    job_state = Q", "running"),
        ("    job_state = F\n    Exit_status = 0", "success"),
        ("    job_state = F\n    Exit_status = 271", "failed"),
        ("", "failed"),
    ],
)
def test_pbs_is_asked_for_a_job(tmp_path: Path, qstat: str, state: str) -> None:
    stand_in(tmp_path, "qstat", f'test "$2" = 12.server && echo "Job Id: $2" && echo "{qstat}"')
    assert said(tmp_path, yaml.safe_load(recipe("pbs"))["cluster-generic-status-cmd"], "12.server") == state


@pytest.mark.parametrize(("counts", "state"), [("/", "running"), ("1/", "success"), ("/1", "failed")])
def test_kubernetes_is_asked_for_a_job(tmp_path: Path, counts: str, state: str) -> None:
    stand_in(tmp_path, "kubectl", f'test "$2" = job.batch/evocnn-1 && echo "{counts}"')
    command = yaml.safe_load(recipe("kubernetes"))["cluster-generic-status-cmd"]
    assert said(tmp_path, command, "job.batch/evocnn-1") == state


def test_kubernetes_is_given_a_job(tmp_path: Path) -> None:
    """As Snakemake fills it in for a training: threads, memory, and one GPU."""
    manifest = DOCUMENT.split("and beside it `job.yaml`")[1].split("```yaml\n")[1].split("```")[0]
    (tmp_path / "profiles/kubernetes").mkdir(parents=True)
    (tmp_path / "profiles/kubernetes/job.yaml").write_text(manifest)
    stand_in(tmp_path, "kubectl", "cat > given.yaml; echo job.batch/evocnn-1")
    command = yaml.safe_load(recipe("kubernetes"))["cluster-generic-submit-cmd"]
    for wanted, value in (("{threads}", "2"), ("{resources.mem_mb}", "900"), ("{resources.gpu}", "1")):
        command = command.replace(wanted, value)
    assert said(tmp_path, command, "/shared/run/.snakemake/tmp.x/snakejob.train.4.sh") == "job.batch/evocnn-1"
    container = yaml.safe_load((tmp_path / "given.yaml").read_text())["spec"]["template"]["spec"]["containers"][0]
    assert container["command"] == ["sh", "/shared/run/.snakemake/tmp.x/snakejob.train.4.sh"]
    assert container["resources"] == {
        "requests": {"cpu": 2, "memory": "900M"},
        "limits": {"memory": "900M", "nvidia.com/gpu": 1},
    }
