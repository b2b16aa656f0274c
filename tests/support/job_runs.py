"""Start training jobs as Snakemake would, and look at them."""

import json
import os
import subprocess
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LONG = 300
"""Seconds; only a failing test takes so long."""
WARNINGS = ",".join(
    tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["filterwarnings"]
)
"""What pytest turns into errors, for the processes that tests start."""
OF_THE_MACHINE = ("seconds", "samples_per_second")
"""Columns of a history that no two trainings share."""


@dataclass
class Job:
    """A job that was started.

    Attributes:
        process: the supervisor.
        individual: folder of what it trains.
    """

    process: subprocess.Popen[str]
    individual: Path

    @property
    def state(self) -> Path:
        return self.individual / "state"

    def child(self) -> int:
        """The training's process; it holds the lock, and is not the supervisor."""
        return wait_for(lambda: next(iter(self.holders() - {self.process.pid}), None))

    def holders(self) -> set[int]:
        """Processes that have the lock's file open."""
        return processes_with_open(self.state.with_suffix(".lock"))

    def after_epochs(self, epochs: int) -> None:
        """Wait until so many epochs are saved."""
        wait_for(lambda: self.process.poll() is not None or len(self.rows()) >= epochs)
        assert self.process.poll() is None, self.output()

    def rows(self) -> list[dict[str, float]]:
        """Of the epochs that are saved; none where the file is replaced while it is read, which cuts it off here."""
        try:
            return json.loads((self.state / "progress.json").read_text())["rows"]
        except (FileNotFoundError, json.JSONDecodeError):
            return []

    def until_it_says(self, text: str) -> str:
        """Read what it prints up to a line with a text, and return that."""
        assert self.process.stdout
        while text not in (line := self.process.stdout.readline()):
            assert line, "it has ended"
        return line

    def output(self) -> str:
        """What it has printed, once it has ended."""
        return self.process.communicate(timeout=LONG)[0]

    def ended(self) -> bool:
        """Whether nobody is left."""
        return self.process.poll() is not None and not self.holders()


def processes_with_open(path: Path) -> set[int]:
    if not path.exists():
        return set()
    actual, wanted = set(), path.stat()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            opened = descriptor.stat()
        except OSError:
            continue
        if (opened.st_dev, opened.st_ino) == (wanted.st_dev, wanted.st_ino):
            actual.add(int(descriptor.parts[2]))
    return actual


def wait_for(condition: Callable[[], object], seconds: float = LONG):
    """Wait until something is so, and give it."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.01)
    return value


def environment(**more: str) -> dict[str, str]:
    """Of a process that a test starts: no device, the product on its path, and the tests' filters of warnings."""
    plain = {
        name: value for name, value in os.environ.items() if name not in ("EVOCNN_DEVICES", "CUDA_VISIBLE_DEVICES")
    }
    return {**plain, "PYTHONPATH": str(ROOT / "scripts"), "PYTHONWARNINGS": WARNINGS, **more}


def fitness(individual: Path) -> dict:
    return json.loads((individual / "fitness.json").read_text())


def measured(individual: Path) -> tuple:
    """What a training has found, without what it says of the machine and the time."""
    actual = fitness(individual)
    history = pd.read_csv(individual / "history.csv", dtype=str).drop(columns=list(OF_THE_MACHINE))
    effort = {name: actual["training"][name] for name in ("epochs", "best_epoch")}
    kept = [actual[name] for name in ("status", "objectives", "metrics", "cost")]
    return (*kept, effort, history.to_csv())


def names(individual: Path) -> set[str]:
    """Of the files of an individual, if it has any."""
    return {path.name for path in individual.glob("*")}
