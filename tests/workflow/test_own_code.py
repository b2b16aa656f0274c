"""A search whose strategy, head, data format and metric come from files of the user's own."""

import json
import shutil
import sys
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from evocnn_command import evocnn
from workflow_runs import HERE, planned_jobs, snakemake

PEOPLE = 40
SIDE = 48
TARGETS = tuple(f"results/own_code/final/{name}" for name in ("score.json", "model.json"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the files of the user's own, and pictures of a red and a blue dot."""
    folder = Path(shutil.copytree(HERE / "own_code", tmp_path / "project"))
    (folder / "dots/images").mkdir(parents=True)
    rng, lines = np.random.default_rng(0), []
    for number in range(PEOPLE):
        image = np.full((SIDE, SIDE, 3), 255, np.uint8)
        places = rng.integers(6, SIDE - 6, (2, 2))
        for (x, y), colour in zip(places.tolist(), ((0, 0, 255), (255, 0, 0)), strict=True):
            cv2.circle(image, (x, y), 4, colour, -1)
        cv2.imwrite(str(folder / f"dots/images/{number}.png"), image)
        lines.append(f"{number}.png {' '.join(map(str, places.ravel()))}")
    (folder / "dots/people.txt").write_text("\n".join(lines))
    return folder


def run(project: Path, *arguments: str) -> str:
    finished = snakemake(project, *arguments, configfiles=(project / "config.yaml",))
    assert finished.returncode == 0, finished.stdout
    return finished.stdout


def appended(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")


@pytest.mark.slow
def test_a_search_with_code_of_its_own(project: Path, tmp_path: Path) -> None:
    run(project, *TARGETS)
    results = project / "results/own_code"
    offspring = json.loads((results / "generation-001/offspring.json").read_text())
    assert [individual["lineage"]["operator"] for individual in offspring["individuals"]] == ["climb", "climb"]
    score = json.loads((results / "final/score.json").read_text())
    assert score["metric"] == "closeness"
    assert 0 < score["test"]["mean"] < 100
    assert json.loads((results / "final/model.json").read_text())["heads"] == ["offsets"]
    predictions = pd.read_csv(results / "final/predictions.csv")
    assert set(predictions.joint) == {"red", "blue"}
    pictures = ("--model", results / "final/model.keras", "--images", project / "dots/images")
    refused = evocnn("predict", *pictures, "--output", tmp_path / "refused")
    assert (
        "its head offsets is not built in for its labels; name the Python file that has it with --heads"
        in refused.stderr
    )
    predicted = evocnn("predict", *pictures, "--output", tmp_path / "predicted", "--heads", project / "heads.py")
    assert predicted.returncode == 0, predicted.stderr
    # What a file makes is made again when it changes, and nothing else.
    for name, expected in (
        ("strategies.py", {"breed", "select"}),
        ("metrics.py", {"train", "evaluate_final"}),
        ("formats.py", {"read_people"}),
    ):
        content = (project / name).read_text()
        appended(project / name)
        planned = planned_jobs(run(project, "--dry-run", *TARGETS))
        assert expected <= planned.keys(), (name, planned)
        assert ("read_people" in planned) == (name == "formats.py"), (name, planned)
        (project / name).write_text(content)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("strategies.py", None, "strategies.py: there is no such file; correct the path"),
        ("strategies.py", "STRATEGIES = {}", "STRATEGIES has nothing, expected 'hill_climbing'"),
        (
            "formats.py",
            "FORMATS = {'lines': 3}",
            "found FORMATS {'lines': 3}; expected a mapping from names to functions",
        ),
        ("heads.py", "HEADS = {'offsets': 3}", "expected a mapping from names to Head with a loss"),
        ("heads.py", "1 / 0", "expected Python that runs, found ZeroDivisionError"),
        ("metrics.py", None, "metrics.py: there is no such file"),
    ],
)
def test_bad_files_are_refused_before_anything_runs(
    project: Path, name: str, content: str | None, message: str
) -> None:
    (project / name).unlink()
    if content is not None:
        (project / name).write_text(content)
    finished = snakemake(project, "--dry-run", configfiles=(project / "config.yaml",))
    assert finished.returncode != 0
    assert message in " ".join(finished.stdout.split())
    assert "Traceback" not in finished.stdout
    assert sys.executable not in finished.stdout
