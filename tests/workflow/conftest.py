"""Runs that several tests look at."""

from pathlib import Path

import pytest
from filelock import FileLock
from workflow_runs import HERE, snakemake


@pytest.fixture(scope="session")
def tiny() -> Path:
    return HERE / "tiny.yaml"


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory, tiny: Path, worker_id: str) -> Path:
    """The folder of a finished tiny run, the same one in all processes of the tests: nothing may change it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "tiny-run"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "finished").exists():
            folder.mkdir(exist_ok=True)
            finished = snakemake(folder, configfiles=(tiny,))
            assert finished.returncode == 0, finished.stdout
            (folder / "finished").touch()
    return folder
