"""Jobs of a training that pauses at rungs: what a stage leaves to the next, and what it does not take."""

import json
import shutil
import signal
from pathlib import Path

import pytest
from job_runs import fitness, measured

pytestmark = pytest.mark.slow

ENDS = [4, 12]


def stage(place: str, until: int, begun: Path | None = None) -> dict:
    return {"ends": ENDS, "until": until, "place": place, "begun": begun and str(begun)}


def finished(job):
    output = job.output()
    assert job.process.returncode == 0, output
    return job.individual


@pytest.fixture
def paused(start):
    """The folder of a place of rung 0 whose training has ended there."""
    return finished(start(stage=stage("rung-0/00", 4)))


@pytest.fixture
def whole(start, paused):
    """The folder of a place of rung 1 that went on from there, undisturbed."""
    return finished(start(stage=stage("rung-1/00", 12, paused / "checkpoint")))


def test_a_stage_goes_on_from_the_state_that_the_one_before_has_left(paused, whole):
    assert {path.suffix for path in (paused / "checkpoint").iterdir()} == {".json", ".npz"}
    assert [fitness(place)["training"]["epochs"] for place in (paused, whole)] == [4, 12]
    assert (whole / "history.csv").read_text().startswith((paused / "history.csv").read_text())  # its seconds, too
    assert fitness(whole)["provenance"]["settings"]["rungs"] == [4]
    assert not (whole / "state").exists()


@pytest.mark.parametrize("damage", ["of another individual", "empty", "damaged"])
def test_a_state_that_is_not_its_own_is_not_gone_on_from(start, paused, whole, damage):
    """It trains from the beginning instead, to the same result."""
    begun = paused / "checkpoint"
    if damage == "of another individual":
        begun = finished(start(1, stage=stage("rung-0/01", 4))) / "checkpoint"
    elif damage == "empty":
        for path in begun.glob("*.npz"):
            path.unlink()
    else:
        (begun / "progress.json").write_text("{}")
    again = finished(start(stage=stage("rung-1/02", 12, begun)))
    assert measured(again) == measured(whole)


def test_an_interrupted_stage_goes_on_where_it_was(start, paused, whole):
    job = start(stage=stage("rung-1/03", 12, paused / "checkpoint"))
    job.after_epochs(6)
    job.process.send_signal(signal.SIGTERM)
    assert "the next start continues from its last saved epoch" in job.output()
    again = start(stage=stage("rung-1/03", 12, paused / "checkpoint"))
    assert "The training goes on after epoch" in again.output()
    assert measured(again.individual) == measured(whole)


def test_results_of_a_stage_are_not_taken_for_those_of_another(start, paused):
    """The same place and network, and a training of more epochs."""
    place = paused.parent.with_name("rung-1") / "04"
    place.mkdir(parents=True)
    shutil.copy(paused / "result.zip", place)
    longer = finished(start(stage=stage("rung-1/04", 12)))
    assert fitness(longer)["training"]["epochs"] == 12


def test_a_stored_result_of_a_stage_has_no_state_and_is_enough(start, paused):
    kept = json.loads((paused / "fitness.json").read_text())["objectives"]
    for name in ("fitness.json", "history.csv"):
        (paused / name).unlink()
    shutil.rmtree(paused / "checkpoint")
    again = start(stage=stage("rung-0/00", 4))
    assert "its result is taken from result.zip" in again.output()
    assert fitness(paused)["objectives"] == kept
    assert list((paused / "checkpoint").iterdir()) == []
