"""How far a run is: the run of conftest.py with trainings that run, were interrupted, or wait."""

import io
import os
import subprocess
from pathlib import Path

import pytest
import yaml
from evocnn_command import COMMAND, evocnn
from rich.console import Console

from evocnn.files import read_json, write_json
from evocnn.report.progress_view import render
from evocnn.report.run_progress import SILENT, read_progress

ROOT = Path(__file__).parents[2]
NOW = 2_000_000_000.0


@pytest.fixture
def going(run) -> Path:
    """The run before its last two trainings have ended."""
    run.population_files[1].unlink()
    for path in run.fitness_files[4:]:
        path.unlink()
    return run.folder


def write(path: Path, seconds_ago: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (NOW - seconds_ago, NOW - seconds_ago))
    return path


def log(folder: Path, generation: int, number: int, seconds_ago: float) -> Path:
    logs = folder.parent.parent / "logs/hand_made"
    return write(logs / f"generation-{generation:03d}/individual-{number:02d}.log", seconds_ago)


def lock(folder: Path) -> Path:
    return write(folder.parent.parent / ".snakemake/locks/0.output.lock", 0)


def names(places) -> list[tuple[int, int]]:
    return [(place.generation, place.number) for place in places]


def text(folder: Path) -> str:
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(render(read_progress(folder, NOW)))
    return console.export_text()


def test_counts(going):
    lock(going)
    log(going, 1, 1, seconds_ago=10)
    actual = read_progress(going, NOW)
    assert (len(actual.places), len(actual.ended)) == (6, 4)
    assert (actual.bred, actual.selected, actual.final) == (2, 1, False)
    assert actual.outcomes == {"ok": 3, "diverged": 1}
    assert names(actual.running) == [(1, 1)]
    assert actual.interrupted == ()
    assert names([actual.best]) == [(0, 0)]


def test_a_search_that_goes_on_longer_has_not_ended(run):
    """The final network of two generations is there, and the configuration says three."""
    write(run.folder / "final/score.json", 0)
    assert read_progress(run.folder, NOW).final
    config = yaml.safe_load((run.folder / "config.yaml").read_text())
    config["evolution"]["generations"] = 3
    (run.folder / "config.yaml").write_text(yaml.safe_dump(config))
    actual = read_progress(run.folder, NOW)
    assert (actual.final, actual.selected) == (False, 2)
    assert "2 of 3 selected, 2 bred" in text(run.folder)


def test_a_search_that_was_made_shorter_says_what_is_left_out(run):
    config = yaml.safe_load((run.folder / "config.yaml").read_text())
    config["evolution"]["generations"] = 1
    (run.folder / "config.yaml").write_text(yaml.safe_dump(config))
    assert "1 of 1 selected, 1 bred; 1 more of a longer search are left out" in text(run.folder)


def test_data_that_are_being_prepared_are_named(going):
    for path in going.glob("generation-*/offspring.json"):
        path.unlink()
    lock(going)
    assert "being prepared" in text(going)


def test_time_left(going):
    """Trainings of 12.25 s: one waits, one is half done, one at a time; two finalists have three times the epochs."""
    lock(going)
    log(going, 1, 1, seconds_ago=10)
    actual = read_progress(going, NOW)
    assert actual.seconds_left == pytest.approx(12.25 * 1.5 + 2 * 12.25 * 3)
    assert actual.samples_per_second == pytest.approx(150.5)
    log(going, 1, 2, seconds_ago=10)
    actual = read_progress(going, NOW)
    assert actual.seconds_left == pytest.approx(12.25 * 1 / 2 + 12.25 * 3)
    assert actual.samples_per_second == pytest.approx(2 * 150.5)


def test_the_start_of_a_job_takes_time_too(going):
    for number in range(3):
        path = going.parent.parent / f"benchmarks/hand_made/generation-000/individual-{number:02d}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("s\th:m:s\n20.25\t0:00:20\n")
    assert read_progress(going, NOW).seconds_left == pytest.approx((3 * 20.25 + 12.25) / 4 * (2 + 2 * 3))


def test_after_snakemake_has_ended_nothing_runs(going):
    held = lock(going)
    held.unlink()
    held.parent.rmdir()
    log(going, 1, 1, seconds_ago=1)
    actual = read_progress(going, NOW)
    assert actual.running == ()
    assert names(actual.interrupted) == [(1, 1)]


def test_what_has_been_silent_for_long_was_interrupted_although_the_lock_is_still_there(going):
    lock(going)
    log(going, 1, 1, seconds_ago=SILENT + 10)
    log(going, 1, 2, seconds_ago=SILENT - 10)
    actual = read_progress(going, NOW)
    assert names(actual.interrupted) == [(1, 1)]
    assert names(actual.running) == [(1, 2)]


def test_a_saved_state_says_that_a_training_runs(going):
    lock(going)
    log(going, 1, 1, seconds_ago=SILENT + 10)
    write(going / "generation-001/individual-01/state/latest.json", 5)
    assert names(read_progress(going, NOW).running) == [(1, 1)]


def test_where_epochs_are_long_silence_may_last(run, going):
    lock(going)
    for path in run.fitness_files[:4]:
        fitness = read_json(path, "fitness")
        fitness["training"]["seconds"] = {"fit": 3000.0}  # 3 epochs
        write_json(path, "fitness", {k: v for k, v in fitness.items() if k not in ("schema_version", "kind")})
    log(going, 1, 1, seconds_ago=3500)
    log(going, 1, 2, seconds_ago=4500)
    actual = read_progress(going, NOW)
    assert (names(actual.running), names(actual.interrupted)) == ([(1, 1)], [(1, 2)])


def test_a_log_of_a_training_that_has_ended_is_no_running_one(going):
    lock(going)
    log(going, 0, 0, seconds_ago=1)
    actual = read_progress(going, NOW)
    assert (actual.running, actual.interrupted) == ((), ())


def test_a_run_that_has_only_begun(run):
    for folder in run.folder.glob("generation-*"):
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    actual = read_progress(run.folder, NOW)
    assert (actual.best, actual.seconds_left, actual.samples_per_second) == (None, None, None)
    assert "unknown before the first training has ended" in text(run.folder)


def test_the_picture(going):
    lock(going)
    log(going, 1, 1, seconds_ago=10)
    said = " ".join(text(going).split())
    for expected in (
        "generations 1 of 2 selected, 2 bred",
        "individuals 4 of 6 done, 1 running, 1 failed (1 diverged)",
        "running 1-01",
        "best so far 40.0 ± 1.2 % by 0-00",
        "speed 150 samples/s",
        "time left about 0:01:32",
    ):
        assert expected in said, said


def test_a_finished_run(finished):
    said = " ".join(text(finished.folder).split())
    assert "6 of 6 done, 0 running" in said
    assert "none: the final network is scored" in said


def test_the_command(finished, tmp_path):
    shown = evocnn("progress", finished.folder, "--once")
    assert "6 of 6 done" in shown.stdout
    failed = evocnn("progress", tmp_path)
    assert failed.returncode == 2
    assert "no config.yaml" in failed.stderr


def test_the_command_looks_again_until_the_run_has_ended(finished):
    score = finished.folder / "final/score.json"
    kept = score.read_text()
    score.unlink()
    command = [*COMMAND, "progress", str(finished.folder), "--seconds", "0.1"]
    variables = {**os.environ, "FORCE_COLOR": "1"}  # as on a terminal, each look is shown
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables) as watching:
        looks = (line for line in watching.stdout if "6 of 6 done" in line)
        assert next(looks)
        assert next(looks)
        score.write_text(kept)
        assert "none: the final network is scored" in watching.stdout.read()
        assert watching.wait() == 0
