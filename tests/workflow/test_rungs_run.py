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


@pytest.fixture(scope="module")
def run(tmp_path_factory, tiny):
    """A folder where the founders were selected, and the configuration files."""
    folder = tmp_path_factory.mktemp("rungs")
    mine = folder / "mine.yaml"
    mine.write_text(yaml.safe_dump({"evolution": {"rungs": [1, 2], "population": 4}, "training": {"epochs": 4}}))
    finished = snakemake(folder, TARGET, f"{RUN}/config.yaml", configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout[-3000:]
    return folder, (tiny, mine)


def founders(folder: Path) -> list[Path]:
    return sorted((folder / RUN / "generation-000").glob("individual-*"))


def test_three_of_four_founders_are_trained_to_the_end_and_compete(run):
    folder, _ = run
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


def test_progress_counts_individuals_and_not_their_stages(run):
    progress = read_progress(run[0] / RUN)
    assert (len(progress.ended), progress.selected, len(progress.running)) == (4, 1, 0)


def test_a_lost_training_is_repeated_alone_and_gives_the_same(run):
    """From the beginning, because the state that it had gone on from is not kept."""
    folder, configfiles = run
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
