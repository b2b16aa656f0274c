"""A space with operations in a file of its own: what depends on that file."""

import os
from pathlib import Path

import pytest
import yaml
from workflow_runs import REPOSITORY, planned_jobs, snakemake

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
    finished = snakemake(tmp_path, "--dry-run", configfiles=(tiny, mine))
    lines = [line for line in finished.stdout.splitlines() if line.startswith("evocnn: ")]
    assert len(lines) == 1
    assert "mine.py: expected Python that runs, found SyntaxError: " in lines[0]
    assert "Traceback" not in finished.stdout


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
    assert planned_jobs(snakemake(tmp_path, target, "--dry-run", configfiles=(tiny, mine)).stdout) == {"breed": 1}
