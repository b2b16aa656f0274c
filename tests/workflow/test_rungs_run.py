"""A search with rungs, as a user runs it."""

import json
import shutil
import time
from pathlib import Path

import pytest
import yaml
from job_runs import measured
from workflow_runs import snakemake

from evocnn.report.run_progress import read_progress

pytestmark = pytest.mark.slow

RUN = "results/tiny"
TARGET = f"{RUN}/generation-000/population.json"


def founders(folder: Path) -> list[Path]:
    return sorted((folder / RUN / "generation-000").glob("individual-*"))


def test_founders_of_a_search_with_rungs(tmp_path, tiny):
    """One run for all of it, because it takes a minute."""
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({"evolution": {"rungs": [1, 2], "population": 4}, "training": {"epochs": 4}}))
    finished = snakemake(tmp_path, TARGET, f"{RUN}/config.yaml", configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout[-3000:]
    check_that_three_of_four_founders_are_trained_to_the_end_and_compete(tmp_path)
    check_that_progress_counts_individuals_and_not_their_stages(tmp_path)
    check_that_a_lost_training_is_repeated_alone_and_gives_the_same(tmp_path, tiny, mine)


def check_that_three_of_four_founders_are_trained_to_the_end_and_compete(folder: Path) -> None:
    fitness = [json.loads((path / "fitness.json").read_text()) for path in founders(folder)]
    assert sorted(of["training"]["epochs"] for of in fitness) == [1, 4, 4, 4]
    assert sorted(of["training"]["rung"] for of in fitness) == [0, 2, 2, 2]
    for of in fitness:
        ends = [epochs for epochs, _ in of["training"]["rungs"]]
        assert ends == [1, 2, 4][: of["training"]["rung"] + 1]
    assert not list((folder / RUN).rglob("*.npz.*"))
    assert not list((folder / RUN / "generation-000").rglob("checkpoint/*.npz"))  # deleted with the last use
    population = json.loads((folder / TARGET).read_text())
    assert len(population["survivors"]) == 4
    assert {len(course) for course, *_ in population["state"]["known"]} == {1, 3}


def check_that_progress_counts_individuals_and_not_their_stages(folder: Path) -> None:
    progress = read_progress(folder / RUN)
    assert (len(progress.ended), progress.selected, len(progress.running)) == (4, 1, 0)


def check_that_a_lost_training_is_repeated_alone_and_gives_the_same(folder: Path, *configfiles: Path) -> None:
    """From the beginning, because the state that it had gone on from is not kept."""
    before, started = [measured(path) for path in founders(folder)], time.time()
    shutil.rmtree(folder / RUN / "generation-000/rung-1/01")
    shutil.rmtree(folder / RUN / "generation-000/individual-00")
    (folder / TARGET).unlink()
    finished = snakemake(folder, TARGET, "--rerun-triggers", "mtime", configfiles=configfiles)
    assert finished.returncode == 0, finished.stdout[-3000:]
    assert [measured(path) for path in founders(folder)] == before
    log = (folder / "logs/tiny/generation-000/rung-1/01.log").read_text()
    assert "epoch 1/4" in log
    assert "epoch 3/4" not in log
    trained = [path for path in (folder / RUN).rglob("fitness.json") if path.stat().st_mtime > started]
    # The place, the one above it, because that may have gone on from it, and the individuals.
    places = {str(path.parent.relative_to(folder / RUN / "generation-000")) for path in trained}
    assert "rung-1/01" in places
    assert not any(place.startswith("rung-0") or place in ("rung-1/00", "rung-1/02") for place in places)
