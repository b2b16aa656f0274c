"""One Slurm for the session, and one search through it that has to survive everything."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from search_on_slurm import Story, live_through, search_locally
from slurm_cluster import Slurm, UnavailableError, install


@pytest.fixture(scope="session")
def slurm() -> Iterator[Slurm]:
    """A running Slurm; skips where there can be none."""
    # Not pytest's folder, whose path is longer than that of a socket may be.
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))
    cluster = Slurm(folder)
    try:
        install()
        cluster.start()
        yield cluster
    except UnavailableError as error:
        pytest.skip(f"no Slurm here: {error}")
    finally:
        cluster.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def local(slurm: Slurm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the same search, undisturbed and without Slurm."""
    return search_locally(tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="session")
def story(slurm: Slurm, local: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """What happened to a search on the Slurm."""
    return live_through(slurm, local, tmp_path_factory.mktemp("cluster") / "run")
