"""What others need to find, cite and contribute: files agree with each other and with the Makefile."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from evocnn.commands.main import main

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text())
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_there_is_one_version(capsys):
    assert CITATION["version"] == PROJECT["version"]
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"evocnn {PROJECT['version']}\n"


def test_the_licence_is_the_same_everywhere():
    assert CITATION["license"] == PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


def test_the_newest_section_of_the_changelog_is_that_of_the_version_or_of_none():
    newest = re.search(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1]
    assert newest == "Unreleased" or newest.startswith(f"[{PROJECT['version']}]")


@pytest.mark.parametrize("path", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda path: path.name)
def test_files_for_contributors_are_yaml(path):
    assert yaml.safe_load(path.read_text())["name"]


def test_continuous_integration_runs_targets_of_the_makefile_and_misses_none_that_ci_has():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    targets = set(workflow["jobs"]["test"]["strategy"]["matrix"]["target"])
    others = {step.get("run", "") for step in workflow["jobs"]["screenshot"]["steps"]}
    assert targets | {run.removeprefix("make ") for run in others if run.startswith("make ")} <= TARGETS
    assert set(re.findall(r"^make (\S+)", (ROOT / ".ci/run").read_text(), re.MULTILINE)) <= targets


def test_the_catalog_of_workflows_is_told_what_there_is():
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert usage["software-stack-deployment"]["conda"] is (ROOT / "envs/evocnn.yaml").exists()
    assert (ROOT / "config/README.md").exists()
