"""Every fault of a training, caused in real ones: each is recognised, and no finished work is lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

import pytest
from job import SETTINGS
from job_runs import Job, fitness, measured, names, wait_for

from evocnn.evolution.fitness import HISTORY
from evocnn.training.job import Baseline, TrainingJob
from evocnn.training.result_cache import load_result
from evocnn.training.settings import TrainingSettings

pytestmark = pytest.mark.slow

TWICE = {"retries": 1}
EPOCHS = SETTINGS["epochs"]
FINISHED = "This training has finished before: its result is taken from result.zip."


def finish(job: Job) -> str:
    output = job.output()
    assert job.process.returncode == 0, output
    kept = {"result.zip"} if fitness(job.individual)["status"] in ("ok", "diverged") else set()
    assert names(job.individual) == {"fitness.json", "history.csv"} | kept
    return output


def fail(job: Job) -> str:
    output = job.output()
    assert job.process.returncode == 1, output
    assert not {"fitness.json", "history.csv"} & names(job.individual)
    return output


def test_a_killed_child_fails_the_job_and_the_next_one_goes_on(start, uninterrupted):
    job = start(limits=TWICE)
    job.after_epochs(2)
    os.kill(job.child(), signal.SIGKILL)
    output = fail(job)
    assert "the training process died of SIGKILL, after epoch" in output
    assert "attempt 1 of 2, the next one continues there" in output
    done = len(job.rows())
    job = start(limits={**TWICE, "attempt": 2})
    assert f"The training goes on after epoch {done}." in finish(job)
    assert measured(job.individual) == measured(uninterrupted)
    training = fitness(job.individual)["training"]
    assert training["attempts"] == 2
    first, second = training["timeline"]
    began, again = (datetime.fromisoformat(attempt["began"]) for attempt in (first, second))
    assert began + timedelta(seconds=first["seconds"]) <= again
    assert again + timedelta(seconds=second["seconds"]) < datetime.now(UTC)
    assert "SIGKILL" in first["ending"]


def test_nothing_is_left_among_temporary_files(start, tmp_path):
    (tmp_path / "temporary").mkdir()
    job = start(variables={"TMPDIR": str(tmp_path / "temporary")})
    job.after_epochs(1)
    os.kill(job.child(), signal.SIGKILL)
    fail(job)
    finish(start(variables={"TMPDIR": str(tmp_path / "temporary")}))
    left = {path.name.split("-")[0] for path in (tmp_path / "temporary").iterdir()}
    assert left <= {"evocnn"}  # locks of devices


def test_a_killed_job_takes_its_child_along_and_the_next_one_goes_on(start, uninterrupted):
    job = start()
    job.after_epochs(2)
    os.kill(job.process.pid, signal.SIGKILL)
    wait_for(job.ended)
    # Whatever the moment: half of a state, or a whole one that nothing refers to yet.
    (job.state / "epoch-00009.npz").write_bytes(b"whole, but not yet the state")
    (job.state / ".epoch-00010.1.partial.npz").write_bytes(b"half")
    (job.state / ".progress.1.partial.json").write_bytes(b"{")
    job = start()
    assert "The training goes on after epoch" in finish(job)
    assert measured(job.individual) == measured(uninterrupted)


def test_when_snakemake_is_killed_its_jobs_end_and_the_next_ones_go_on(start, uninterrupted):
    """With a shell in between, as there may be one."""
    parent = "import subprocess, sys; subprocess.run(['bash', '-c', '\"$@\"; true', '-', *sys.argv[1:]])"
    job = start(prefix=(sys.executable, "-c", parent))
    job.after_epochs(2)
    os.kill(job.process.pid, signal.SIGKILL)
    wait_for(job.ended)
    assert (
        "Snakemake has ended: the training stops; the next start continues from its last saved epoch." in job.output()
    )
    job = start()
    assert "The training goes on after epoch" in finish(job)
    assert measured(job.individual) == measured(uninterrupted)


@pytest.mark.parametrize("how", ["terminal", "scheduler"])
def test_an_interrupted_job_ends_at_once_and_leaves_only_its_state(start, how):
    job = start()
    job.after_epochs(1)
    if how == "terminal":
        os.killpg(job.process.pid, signal.SIGINT)
    else:
        os.kill(job.process.pid, signal.SIGTERM)
    output = fail(job)
    assert 1 <= len(job.rows()) < EPOCHS
    assert f"interrupted by {'SIGINT' if how == 'terminal' else 'SIGTERM'}" in output
    assert "Traceback" not in output
    assert not job.holders()
    assert not list(job.individual.rglob("*.partial*"))


def test_a_segmentation_fault_is_an_outcome_where_it_is_tolerated(start):
    job = start(limits={"tolerate_crashes": True})
    job.after_epochs(1)
    os.kill(job.child(), signal.SIGSEGV)
    finish(job)
    actual = fitness(job.individual)
    assert actual["status"] == "crashed"
    assert actual["objectives"] == {"score": 0.0}
    assert actual["training"]["signal"] == "SIGSEGV"
    assert actual["training"]["exit_code"] is None
    assert actual["training"]["epochs"] == len((job.individual / "history.csv").read_text().splitlines()) - 1 >= 1
    assert actual["training"]["peak_memory_mb"] > 300


def test_beyond_the_memory_limit_it_is_tried_again_and_then_out_of_memory(start):
    limits = {"retries": 1, "memory_limit_mb": 150}
    output = fail(start(limits=limits))
    assert "MB were in use, expected at most 150 MB, after epoch 0; attempt 1 of 2" in output
    job = start(limits={**limits, "attempt": 2})
    finish(job)
    actual = fitness(job.individual)
    assert actual["status"] == "out_of_memory"
    assert actual["training"]["exit_code"] == 77
    assert actual["training"]["attempts"] == 2
    assert actual["training"]["epochs"] == 0
    assert (job.individual / "history.csv").read_text() == ",".join(HISTORY) + "\n"


def test_the_time_limit_counts_interrupted_attempts_and_keeps_the_metrics_so_far(start, interrupted, tmp_path):
    shutil.copytree(interrupted, tmp_path / "run/individual-00")
    state = tmp_path / "run/individual-00/state"
    used = sum(a["seconds"] for a in json.loads((state / "attempts.json").read_text())["attempts"])
    job = start(limits={"time_limit": ceil(used + 0.5)})
    done = job.rows()
    finish(job)
    actual = fitness(job.individual)
    assert actual["status"] == "timeout"
    assert actual["objectives"] == {"score": 0.0}
    assert actual["training"]["epochs"] >= len(done) >= 2
    assert actual["metrics"]["mean"] >= max(row["score"] for row in done) > 0
    assert actual["training"]["attempts"] == 2


def test_a_loss_that_is_not_finite_has_diverged_after_one_epoch(start):
    job = start(settings={"learning_rate": 1e30})
    finish(job)
    actual = fitness(job.individual)
    assert (actual["status"], actual["objectives"], actual["metrics"]) == ("diverged", {"score": 0.0}, {})
    assert actual["training"]["epochs"] == 1
    assert actual["training"]["best_epoch"] is None


@pytest.fixture
def mounted(tmp_path):
    """A function that mounts a file system at a folder; it is gone after the test."""
    done = []

    def mount(folder: Path, *arguments: str) -> None:
        folder.mkdir(parents=True)
        finished = subprocess.run(["mount", *arguments, str(folder)], capture_output=True, text=True, check=False)
        if finished.returncode:
            pytest.skip(f"mounting is impossible here: {finished.stderr.strip()}")
        done.append(folder)

    yield mount
    for folder in done:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_fails_the_job_loudly(start, tmp_path, mounted):
    individual = tmp_path / "run/individual-00"
    mounted(individual, "-t", "tmpfs", "-o", "size=16k", "tmpfs")
    job = start()
    output = fail(job)
    assert "No space left on device" in output.splitlines()[-1]
    assert not list(individual.rglob("*.partial*"))


def test_a_read_only_folder_fails_the_job_loudly(start, tmp_path, mounted):
    individual = tmp_path / "run/individual-00"
    mounted(individual, "-t", "tmpfs", "-o", "ro", "tmpfs")
    output = fail(start())
    assert "Read-only file system" in output.splitlines()[-1]
    assert str(individual) in output.splitlines()[-1]


@pytest.mark.parametrize("file", ["train.npy", "valid.npz"])
def test_crops_that_cannot_be_read_fail_the_job_and_are_named(start, tmp_path, file):
    path = tmp_path / "run" / file
    path.write_bytes(path.read_bytes()[:1000])
    assert f"{path}: " in fail(start()).splitlines()[-1]


def test_a_flipped_byte_in_a_genome_fails_the_job_and_names_the_file(start, tmp_path):
    path = tmp_path / "run/offspring.json"
    content = bytearray(path.read_bytes())
    at = content.index(b'"kernel": 3') + 10
    content[at] ^= 2
    assert content[at : at + 1] == b"1"
    path.write_bytes(content)
    last = fail(start()).splitlines()[-1]
    assert f"{path}: its content does not match its sha256: damaged, or changed by hand; delete {path}" in last


def test_a_damaged_state_is_said_and_the_training_starts_again(start, interrupted, uninterrupted, tmp_path):
    shutil.copytree(interrupted, tmp_path / "run/individual-00")
    path = next((tmp_path / "run/individual-00/state").glob("epoch-*.npz"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    job = start()
    output = finish(job)
    assert f"The saved state cannot be used, the training starts again: {path}: found " in output
    assert "goes on" not in output
    assert measured(job.individual) == measured(uninterrupted)


def test_the_state_of_another_configuration_is_not_gone_on_from(start, interrupted, tmp_path):
    shutil.copytree(interrupted, tmp_path / "run/individual-00")
    job = start(settings={"epochs": 2})
    output = finish(job)
    assert "found the state of training" in output
    assert "goes on" not in output
    assert fitness(job.individual)["training"]["epochs"] == 2


def test_a_second_job_waits_for_a_living_one_and_takes_its_result_over(start, uninterrupted):
    first = start()
    first.after_epochs(1)
    os.killpg(first.process.pid, signal.SIGSTOP)  # or it might have ended before the second one has begun
    second = start()
    assert "is at work here" in second.until_it_says(f"process {first.process.pid} on ")
    os.killpg(first.process.pid, signal.SIGCONT)
    # The second job may be at work in the folder when the first one has ended: what is left is looked at afterwards.
    assert FINISHED not in first.output()
    output = finish(second)
    assert first.process.returncode == 0
    assert FINISHED in output
    assert measured(second.individual) == measured(uninterrupted)


def test_a_finished_training_is_not_done_again_where_its_outputs_are_lost(start, uninterrupted, tmp_path):
    individual = shutil.copytree(uninterrupted, tmp_path / "run/individual-00")
    (individual / "fitness.json").unlink()
    (individual / "history.csv").unlink()
    assert FINISHED in finish(start())
    for name in names(uninterrupted):
        assert (individual / name).read_bytes() == (uninterrupted / name).read_bytes()


@pytest.mark.parametrize("why", ["damaged", "another configuration"])
def test_what_is_kept_of_a_training_is_not_taken_where_it_is(start, uninterrupted, tmp_path, why):
    path = shutil.copytree(uninterrupted, tmp_path / "run/individual-00") / "result.zip"
    if why == "damaged":
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 1
        path.write_bytes(content)
    output = finish(start(settings={"epochs": 2} if why != "damaged" else {}))
    assert FINISHED not in output
    assert (f"{path} is damaged" in output) == (why == "damaged")


@pytest.mark.parametrize("place", range(0, 100, 7))
def test_no_flipped_byte_of_what_is_kept_goes_unnoticed(uninterrupted, tmp_path, place):
    """What is left may be whole, such as names and dates that nobody reads, but it is never something else."""
    content = bytearray((uninterrupted / "result.zip").read_bytes())
    content[len(content) * place // 100] ^= 1 << place % 8
    folder = tmp_path / "individual-00"
    folder.mkdir()
    (folder / "result.zip").write_bytes(content)
    outputs = {name: folder / file for name, file in (("fitness", "fitness.json"), ("history", "history.csv"))}
    key = fitness(uninterrupted)["provenance"]["key"]
    job = TrainingJob(Baseline("", 1, 32), None, TrainingSettings(), 0, outputs, "0123456789ab", {}, key)
    if load_result(job) is not None:
        for name, path in job.results.items():
            assert path.read_bytes() == (uninterrupted / outputs[name].name).read_bytes()


def test_a_second_job_goes_on_where_a_living_one_is_killed(start, uninterrupted):
    first = start()
    first.after_epochs(2)
    os.killpg(first.process.pid, signal.SIGSTOP)
    second = start()
    second.until_it_says(f"process {first.process.pid} on ")
    os.kill(first.process.pid, signal.SIGKILL)
    assert "The training goes on after epoch" in finish(second)
    assert measured(second.individual) == measured(uninterrupted)
