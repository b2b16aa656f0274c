"""What the tests share."""

import os
from pathlib import Path

import pytest

from evocnn.labels import read_skeleton
from evocnn.pose.skeleton import Skeleton
from evocnn.space.space import Space
from evocnn.space.space_file import read_space

pytest_plugins = ["hand_made_run", "training_jobs"]

ROOT = Path(__file__).resolve().parent.parent
WHOLE_RUNS = ("drills", "workflow")
"""Folders of tests that run the workflow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, whole runs before all others: processes that share the tests end at about the same time."""
    items.sort(key=lambda item: (item.get_closest_marker("slow") is None, item.path.parent.name not in WHOLE_RUNS))


@pytest.fixture(scope="session")
def repository() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def skeleton() -> Skeleton:
    return read_skeleton(ROOT / "config/skeletons/mpii.yaml")


@pytest.fixture(scope="session")
def tiny_space() -> Space:
    return read_space(ROOT / "config/spaces/tiny.yaml")


@pytest.fixture(scope="session")
def default_space() -> Space:
    return read_space(ROOT / "config/spaces/weighted.yaml")


@pytest.fixture(params=sorted((ROOT / "config/spaces").glob("*.yaml")), ids=lambda path: path.stem)
def shipped_space(request) -> Path:
    """The file of each space that is shipped."""
    return request.param


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that the repository does not hold."""
    path = Path(os.environ.get("EVOCNN_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"no real data in {path}; name their folder in EVOCNN_SHARED_DATA")
    return path
