"""The versions that a job is given are those that are locked."""

import re
import tomllib

import pytest
import yaml

PYTHON = "3.11"


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def holds(marker):
    """Whether a lock's line holds for the Python of the environment on Linux."""
    return not marker or marker.strip() == "python_full_version < '3.12'"


@pytest.fixture(scope="module")
def environment(repository):
    return yaml.safe_load((repository / "envs/evocnn.yaml").read_text())


@pytest.fixture(scope="module")
def pinned(environment):
    pip = next(part["pip"] for part in environment["dependencies"] if isinstance(part, dict))
    return {normalised(name): version for name, version in (line.split("==") for line in pip)}


@pytest.fixture(scope="module")
def locked(repository):
    lines = (repository / "requirements.txt").read_text().splitlines()
    matches = (re.match(r"([\w.-]+)==([^\s;]+)\s*(?:;(.*))?$", line) for line in lines)
    return {normalised(m[1]): m[2] for m in matches if m and holds(m[3])}


def test_the_environment_has_the_python_that_the_lock_is_read_for(environment):
    assert f"python ={PYTHON}" in environment["dependencies"]


def test_the_environment_has_the_versions_of_the_lock(pinned, locked):
    assert pinned == {name: locked.get(name) for name in pinned}


def test_the_environment_has_every_dependency_of_the_project(repository, pinned):
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    declared = {normalised(re.match(r"[\w.-]+", line)[0]) for line in project["dependencies"]}
    assert set(pinned) == declared


def test_the_image_is_built_from_the_lock(repository):
    """Syntax as far as it can be checked without a container engine: known instructions, files that exist."""
    text = re.sub(r"\\\n", " ", (repository / "envs/Dockerfile").read_text())
    instructions = [line.split(maxsplit=1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert [name for name, _ in instructions] == ["FROM", "COPY", "RUN", "WORKDIR"]
    base, copied, run = (rest for _, rest in instructions[:3])
    assert base == f"python:{PYTHON}-slim"
    *sources, folder = copied.split()
    assert all((repository / source).is_file() for source in sources)
    assert {"requirements.txt", "pyproject.toml"} <= set(sources)
    assert f"--constraint {folder}requirements.txt" in run
    extras = set(re.search(rf"{folder.rstrip('/')}\[([\w,]+)\]", run)[1].split(","))
    declared = tomllib.loads((repository / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert extras <= set(declared)
