"""A run that is interrupted and killed in every way, as a user would see it."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pandas as pd
import pytest
import yaml
from job_runs import LONG, wait_for
from workflow_runs import REPOSITORY, snakemake, snakemake_command

pytestmark = pytest.mark.slow

TARGET = "results/tiny/generation-000/individual-00/fitness.json"
EPOCHS = 40


class Run:
    """A folder in which one training of many epochs is left to do."""

    def __init__(self, folder: Path, tiny: Path) -> None:
        self.folder = folder
        mine = folder / "mine.yaml"
        mine.write_text(yaml.safe_dump({"training": {"epochs": EPOCHS, "patience": EPOCHS}}))
        self.configfiles = (tiny, mine)
        self.state = (folder / TARGET).parent / "state"

    def start(self) -> subprocess.Popen[str]:
        command, environment = snakemake_command(self.folder, TARGET, configfiles=self.configfiles)
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=REPOSITORY,
            env=environment,
            start_new_session=True,
            # Ctrl-C reaches it as from a terminal, even where the tests themselves run in the background.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def finish(self) -> str:
        finished = snakemake(self.folder, TARGET, configfiles=self.configfiles)
        assert finished.returncode == 0, finished.stdout[-4000:]
        return finished.stdout

    def epochs(self) -> int:
        path = self.state / "progress.json"
        return len(json.loads(path.read_text())["rows"]) if path.exists() else 0

    def until(self, epochs: int, process: subprocess.Popen[str]) -> None:
        wait_for(lambda: process.poll() is not None or self.epochs() >= epochs)
        assert process.poll() is None, process.stdout.read()

    def trainings(self) -> set[int]:
        """Processes that have something of the run open: supervisor and child."""
        lock = self.state.with_suffix(".lock")
        links = (link for link in Path("/proc").glob("[0-9]*/fd/*"))
        return {int(link.parts[2]) for link in links if _target(link) == str(lock)}

    def until_nobody_is_left(self) -> None:
        wait_for(lambda: not self.trainings())

    def result(self) -> tuple[dict, pd.DataFrame]:
        fitness = json.loads((self.folder / TARGET).read_text())
        history = pd.read_csv((self.folder / TARGET).with_name("history.csv"), dtype=str)
        kept = {name: fitness[name] for name in ("status", "objectives", "metrics", "cost")}
        return kept, history.drop(columns=["seconds", "samples_per_second"], errors="ignore").to_csv()


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


@pytest.fixture
def run(tiny_run: Path, tmp_path: Path, tiny: Path) -> Run:
    return Run(Path(shutil.copytree(tiny_run, tmp_path / "run")), tiny)


@pytest.fixture
def undisturbed(tiny_run: Path, tmp_path: Path, tiny: Path) -> Run:
    return Run(Path(shutil.copytree(tiny_run, tmp_path / "undisturbed")), tiny)


def test_a_training_survives_ctrl_c_and_kills_of_snakemake_and_of_its_process(run: Run, undisturbed: Run) -> None:
    """Three interruptions of one training, and the fitness of one that had none."""
    process = run.start()
    run.until(2, process)
    os.killpg(process.pid, signal.SIGINT)
    run.until_nobody_is_left()
    process.communicate(timeout=LONG)
    assert not (run.folder / TARGET).exists()
    assert not list(run.state.parent.rglob("*.partial*"))

    process = run.start()  # nothing to unlock
    run.until(run.epochs() + 2, process)
    process.kill()
    process.wait()
    process.stdout.close()
    run.until_nobody_is_left()

    # Snakemake could not remove its own lock, and names what to do when it is asked to run.
    refused = snakemake(run.folder, TARGET, configfiles=run.configfiles)
    assert "--unlock" in refused.stdout
    assert snakemake(run.folder, "--unlock", configfiles=run.configfiles).returncode == 0

    process = run.start()
    run.until(run.epochs() + 2, process)
    child = max(run.trainings())
    os.kill(child, signal.SIGKILL)
    output = process.communicate(timeout=LONG)[0]  # training.retries is 1: Snakemake tries again
    assert process.returncode == 0, output[-4000:]
    assert "died of SIGKILL, after epoch" in output
    assert "attempt 1 of 2" in output

    undisturbed.finish()
    assert run.result() == undisturbed.result()
    fitness = json.loads((run.folder / TARGET).read_text())
    assert (fitness["status"], fitness["training"]["epochs"], fitness["training"]["attempts"]) == ("ok", EPOCHS, 4)


def test_trainings_that_a_limit_ended_are_tried_again_with_a_higher_one(tmp_path: Path, tiny: Path) -> None:
    target = "results/tiny/generation-000/population.json"
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({"jobs": {"time_limit": 1}}))
    finished = snakemake(tmp_path, target, configfiles=(tiny, mine))
    assert finished.returncode != 0
    log = tmp_path / "logs/tiny/generation-000/select.log"
    assert '3 ended as "timeout" by jobs.time_limit = 1, after 0 epochs at most; raise the limit' in log.read_text()
    removed = snakemake(tmp_path, target, configfiles=(tiny,))
    assert removed.returncode != 0
    assert "individual-00, individual-01, individual-02 are higher now" in log.read_text()
    finished = snakemake(tmp_path, target, configfiles=(tiny,))
    assert finished.returncode == 0, finished.stdout
    assert json.loads((tmp_path / target).read_text())["statistics"]["outcomes"] == {"ok": 3}
