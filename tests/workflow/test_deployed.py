"""Another workflow has this one out of a git repository, as snakedeploy writes it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import git_repository
from workflow_runs import HERE, planned_jobs, snakemake_command

pytestmark = pytest.mark.slow


ADDRESS = "https://github.com/example/evocnn"
"""An address for which git looks in a local repository."""


@pytest.fixture(scope="module")
def upstream(repository, tmp_path_factory) -> Path:
    """The project as a git repository."""
    return git_repository(repository, tmp_path_factory.mktemp("upstream") / "evocnn")


def run(upstream: Path, folder: Path, program: str, *arguments: str) -> str:
    """Run a program of the environment, for which the address leads to the repository; what it prints."""
    git = {"COUNT": "1", "KEY_0": f"url.{upstream.as_uri()}.insteadOf", "VALUE_0": ADDRESS}
    _, environment = snakemake_command(folder, configfiles=())
    done = subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        cwd=folder,
        env={**environment, **{f"GIT_CONFIG_{name}": value for name, value in git.items()}},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_deployed_workflow_plans_and_trains(upstream, tmp_path):
    run(upstream, tmp_path, "snakedeploy", "deploy-workflow", ADDRESS, "mine", "--tag", "v0")
    folder = tmp_path / "mine"
    search = ("--cores", "2", "--resources", "gpu=2")
    assert planned_jobs(run(upstream, folder, "snakemake", *search, "--dry-run"))["train"] == 3 + 7 * 4
    (folder / "tiny.yaml").write_text((HERE / "tiny.yaml").read_text())
    target = "results/tiny/generation-000/population.json"
    run(upstream, folder, "snakemake", *search, "--configfile", "tiny.yaml", "--", target)
    assert (folder / "results/tiny/generation-000/individual-00/fitness.json").is_file()
    (copy,) = (folder / ".snakemake/evocnn").iterdir()
    assert re.fullmatch(r"[0-9a-f]{40}", copy.name)
