"""Runs that several tests look at."""

from pathlib import Path

import pytest
from workflow_runs import HERE, snakemake


@pytest.fixture(scope="session")
def tiny() -> Path:
    return HERE / "tiny.yaml"


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Path:
    """The folder of a finished tiny run."""
    folder = tmp_path_factory.mktemp("tiny")
    finished = snakemake(folder, configfiles=(tiny,))
    assert finished.returncode == 0, finished.stdout
    return folder
