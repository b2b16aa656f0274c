"""A space with operations in a file of its own: what depends on that file."""

import os
from pathlib import Path

import pytest
import yaml
from workflow_runs import REPOSITORY, planned_jobs, refusal, snakemake

from evocnn.space.space_file import read_space

OPERATIONS = """
from evocnn.space.operations import Operation

OPERATIONS = {"pointwise": Operation(lambda graph, x, genes: graph.conv(x, genes["filters"], 1), ("filters",))}
"""


@pytest.fixture
def space(tmp_path: Path) -> Path:
    """The tiny space with one operation more, in a folder of its own."""
    folder = tmp_path / "spaces"
    folder.mkdir()
    (folder / "mine.py").write_text(OPERATIONS)
    content = yaml.safe_load((REPOSITORY / "config/spaces/tiny.yaml").read_text())
    content["operations"] = "mine.py"
    content["genes"]["operation"]["categorical"].append("pointwise")
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


def planned(folder: Path, tiny: Path, space: Path) -> dict[str, int]:
    mine = folder / "mine.yaml"
    mine.write_text(yaml.safe_dump({"space": str(space)}))
    finished = snakemake(folder, "--dry-run", configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout[-2000:]
    return planned_jobs(finished.stdout)


def test_a_run_with_own_operations_is_planned(tmp_path: Path, tiny: Path, space: Path) -> None:
    assert planned(tmp_path, tiny, space)["train"] == 5


def test_damaged_operations_are_one_line(tmp_path: Path, tiny: Path, space: Path) -> None:
    (space.parent / "mine.py").write_text("OPERATIONS = {")
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({"space": str(space)}))
    refused = refusal(snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine)))
    assert "mine.py: expected Python that runs, found SyntaxError: " in refused


@pytest.mark.slow
def test_an_edit_of_own_operations_breeds_again(tmp_path: Path, tiny: Path, space: Path) -> None:
    """Bred, with nothing left to do for the first generation; then the file of the operations is touched."""
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({"space": str(space)}))
    target = "results/tiny/generation-000/offspring.json"
    assert snakemake(tmp_path, target, configfiles=(tiny, mine)).returncode == 0
    assert "Nothing to be done" in snakemake(tmp_path, target, "--dry-run", configfiles=(tiny, mine)).stdout
    later = (tmp_path / target).stat().st_mtime + 10
    (space.parent / "mine.py").write_text(OPERATIONS + "\n# edited\n")
    os.utime(space.parent / "mine.py", (later, later))
    assert planned_jobs(snakemake(tmp_path, target, "--dry-run", configfiles=(tiny, mine)).stdout) == {
        "copy_space": 1,
        "breed": 1,
    }


def test_copies_of_a_space_and_its_operations_work_without_the_originals(
    tmp_path: Path, tiny: Path, space: Path
) -> None:
    original = space.parent / "code/mine.py"
    original.parent.mkdir()
    (space.parent / "mine.py").rename(original)
    space.write_text(space.read_text().replace("operations: mine.py", "operations: code/mine.py"))
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({"space": str(space)}))
    finished = snakemake(tmp_path, "results/tiny/space/mine.yaml", configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout
    original.unlink()
    assert "pointwise" in read_space(tmp_path / "results/tiny/space/mine.yaml").operations


@pytest.mark.parametrize("name", ["../mine.py", "../spaces/mine.py", "WHOLE/mine.py"])
def test_operations_elsewhere_are_one_line(tmp_path: Path, tiny: Path, space: Path, name: str) -> None:
    (tmp_path / "mine.py").write_text(OPERATIONS)
    named = name.replace("WHOLE", str(space.parent))
    space.write_text(space.read_text().replace("operations: mine.py", f"operations: {named}"))
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({"space": str(space)}))
    assert "expected a file inside of" in refusal(snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine)))
