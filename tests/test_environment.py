"""The versions that a job is given are those that are locked."""

import re
import tomllib
from importlib.metadata import distribution, distributions

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement

PYTHON = "3.11"


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def holds(marker):
    """Whether a lock's line holds for the Python of the environment on Linux."""
    place = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.9", "sys_platform": "linux"}
    return not marker or Marker(marker).evaluate({**place, "implementation_name": "cpython"})


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
    matches = (re.match(r"([\w.-]+)==([^\s;]+)\s*(?:;(.*?))?\s*\\?$", line) for line in lines)
    return {normalised(m[1]): m[2] for m in matches if m and holds(m[3])}


def test_the_environment_has_the_python_that_the_lock_is_read_for(environment):
    assert f"python ={PYTHON}" in environment["dependencies"]


def test_the_environment_has_the_versions_of_the_lock(pinned, locked):
    assert pinned == {name: locked.get(name) for name in pinned}


def test_the_environment_has_every_dependency_of_the_project_and_theirs(repository, pinned):
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    wanted = {normalised(re.match(r"[\w.-]+", line)[0]) for line in project["dependencies"]}
    while more := {needed for name in wanted for needed in required(name)} - wanted:
        wanted |= more
    assert set(pinned) == wanted


def required(name):
    """What an installed package requires on this machine, without its extras."""
    requirements = (Requirement(text) for text in distribution(name).requires or ())
    return {
        normalised(requirement.name)
        for requirement in requirements
        if not requirement.marker or requirement.marker.evaluate({"extra": ""})
    }


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-gpu.txt"])
def test_every_package_of_a_lock_has_hashes(repository, name):
    entries = re.split(r"\n(?=\S)", (repository / name).read_text())
    packages = [entry for entry in entries if not entry.startswith("#")]
    assert len(packages) > 100
    assert all("--hash=sha256:" in entry for entry in packages)


def test_the_lock_for_gpus_has_the_versions_of_the_other_one(repository):
    def versions(name):
        return set(re.findall(r"^([\w.-]+==[^\s;]+)", (repository / name).read_text(), re.MULTILINE))

    cuda = {line for line in versions("requirements-gpu.txt") if line.startswith("nvidia-")}
    assert len(cuda) >= 10
    assert versions("requirements-gpu.txt") - cuda <= versions("requirements.txt")


def test_the_licence_of_every_locked_package_is_listed(repository, locked):
    page = (repository / "docs/licences.md").read_text()
    rows = re.findall(r"^\| *([\w.-]+) *\| *([\w.+]+) *\| *[^ |]", page, re.MULTILINE)
    listed = {(normalised(name), version) for name, version in rows}
    installed = {normalised(package.metadata["Name"]) for package in distributions()}  # some are for other systems
    assert {(name, version) for name, version in locked.items() if name in installed} <= listed


def test_the_image_is_built_from_the_lock(repository):
    """Syntax as far as it can be checked without a container engine: known instructions, files that exist."""
    text = re.sub(r"\\\n", " ", (repository / "envs/Dockerfile").read_text())
    instructions = [line.split(maxsplit=1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert [name for name, _ in instructions] == ["FROM", "COPY", "RUN", "ENV", "USER", "WORKDIR"]
    base, copied, run, _, user, _ = (rest for _, rest in instructions)
    assert base == f"python:{PYTHON}-slim"
    *sources, folder = copied.split()
    assert sources == ["requirements-gpu.txt"]
    assert (repository / sources[0]).is_file()
    assert f"--require-hashes --requirement {folder}{sources[0]}" in run
    assert user != "root"
    assert f"useradd --create-home {user}" in run
