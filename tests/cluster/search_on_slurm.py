"""A search on Slurm that is cancelled, fails, is killed, and loses its node."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from slurm_cluster import Job, Slurm
from workflow_runs import HERE, REPOSITORY, snakemake

TINY = HERE / "tiny.yaml"
SEARCH = "results/tiny/tables/individuals.csv"


@dataclass(frozen=True)
class Stage:
    """One `snakemake` command: what it printed and returned, and the jobs that Slurm had got from it at the end."""

    output: str
    returncode: int
    jobs: tuple[Job, ...]

    def of(self, what: str) -> list[Job]:
        """Its jobs of a rule, or of a rule and wildcards."""
        return [job for job in self.jobs if job.what.startswith(what)]


@dataclass(frozen=True)
class Story:
    """The search's folder, and what happened.

    Attributes:
        folder: of the search.
        failing: the first command: the process that trains individual 01 is killed at every attempt, and the job of 00
            is cancelled at the first.
        killed: the second, whose Snakemake is killed with the trainings of generation 1 running.
        orphans: trainings that went on after that.
        after_recipe: jobs of the killed run that were left after `scancel --name`.
        locked: what the same command said then.
        finishing: the third, which loses its node while a training runs, and gets it back.
        lost: the training of individual 00 while the node was down.
    """

    folder: Path
    failing: Stage
    killed: Stage
    orphans: list[Job]
    after_recipe: list[Job]
    locked: str
    finishing: Stage
    lost: list[Job]


def search_locally(folder: Path) -> Path:
    """The search without Slurm."""
    finished = snakemake(folder, SEARCH, configfiles=(TINY,))
    assert finished.returncode == 0, finished.stdout[-3000:]
    return folder


def live_through(slurm: Slurm, local: Path, folder: Path) -> Story:
    """The same search on Slurm, from the same data but for the crops of search-train.

    These are decoded by a job that goes on when its Snakemake is killed, before anything else happens.
    """
    shutil.copytree(local, folder)
    for path in [*folder.glob("results/tiny/generation-*"), folder / "results/tiny/tables", folder / "logs"]:
        shutil.rmtree(path)
    for path in folder.glob("results/tiny/records/train/crops.*"):
        path.unlink()
    search = Search(slurm, folder)
    search.start()
    search.until_running("decode records train")
    search.end(signal.SIGKILL)
    search.until("the job has ended by itself", lambda: [job.state for job in search.jobs("")] == ["COMPLETED"])
    search.unlock()

    search.start()
    while search.process.poll() is None:
        for job in search.running("train 000 01"):
            slurm.kill(job, ".train.py")
        for job in search.jobs("train 000 00")[:1]:
            if job.state == "RUNNING":
                slurm.run("scancel", str(job.number))
        time.sleep(0.5)
    failing = search.end()

    search.start()
    search.until_running("train 001 00", "train 001 01")
    killed = search.end(signal.SIGKILL)
    orphans = search.running("train 001")
    slurm.run("scancel", "--name", re.search(r"SLURM run ID: (\S+)", killed.output)[1])
    search.until("the jobs are gone", lambda: not search.running(""))
    after_recipe = search.running("")

    search.start()
    locked = search.end().output
    search.unlock()
    search.start()
    search.until_running("train 001 00")
    search.set_node("down")
    search.until("the training is queued again", lambda: not search.running(""))
    lost = search.jobs("train 001 00")
    search.set_node("resume")
    for job in search.jobs("train"):
        if job.restarts and job.state == "PENDING":  # Slurm would wait two minutes
            slurm.run("scontrol", "update", f"jobid={job.number}", "starttime=now")
    return Story(folder, failing, killed, orphans, after_recipe, locked, search.end(), lost)


def start_again_at_once(slurm: Slurm, local: Path, folder: Path) -> tuple[Stage, str]:
    """Kill Snakemake while a training runs, the last one of the search, and start it again before that has ended.

    Returns:
        The second command, and the log of the training.
    """
    shutil.copytree(local, folder)
    individual = folder / "results/tiny/generation-001/individual-00"
    shutil.rmtree(individual)
    shutil.rmtree(folder / "results/tiny/tables")  # Snakemake does not miss files that nothing is made from
    (folder / "results/tiny/generation-001/population.json").unlink()
    log = folder / "logs/tiny/generation-001/individual-00.log"
    search = Search(slurm, folder)
    search.start()
    search.until_running("train 001 00")
    search.until("the training has begun", (individual / "state").exists)
    old = search.jobs("train 001 00")[0]
    slurm.kill(old, ".train.py", signal.SIGSTOP)  # or it might have ended too soon
    search.end(signal.SIGKILL)
    search.unlock()
    search.start()
    search.until("the new job waits for the old one", lambda: "is at work here" in text_of(log))
    slurm.kill(old, ".train.py", signal.SIGCONT)
    return search.end(), text_of(log)


def text_of(log: Path) -> str:
    """What a job has written, nothing while there is no log: Snakemake takes away that of the attempt before."""
    try:
        return log.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


class Search:
    """Starts and ends the `snakemake` command of a search, and asks Slurm about its jobs."""

    def __init__(self, slurm: Slurm, folder: Path) -> None:
        self.slurm, self.folder = slurm, folder

    def start(self, *arguments: str) -> None:
        """Start the command."""
        self.before = len(self.slurm.jobs())
        self.path = self.folder.with_name(f"output-{time.monotonic_ns()}.txt")
        command = [
            sys.executable,
            "-m",
            "snakemake",
            SEARCH,
            *arguments,
            "--profile",
            str(REPOSITORY / "profiles/slurm"),
        ]
        command += ["--slurm-init-seconds-before-status-checks", "1", "--latency-wait", "10"]
        command += ["--directory", str(self.folder), "--configfile", str(TINY)]
        environment = {**self.slurm.environment, "XDG_CACHE_HOME": str(self.folder / ".cache")}
        with self.path.open("w") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, cwd=REPOSITORY, env=environment
            )

    def unlock(self) -> None:
        """Do what Snakemake says when it finds the lock of one that was killed."""
        self.start("--unlock")
        assert self.end().returncode == 0

    def end(self, by: signal.Signals | None = None) -> Stage:
        """Wait for the command's end, or bring it about by a signal."""
        if by:
            self.process.send_signal(by)
        returncode = self.process.wait(timeout=600)
        return Stage(self.path.read_text(), returncode, tuple(self.slurm.jobs()[self.before :]))

    def jobs(self, what: str) -> list[Job]:
        """Jobs that Slurm has got from the command."""
        return [job for job in self.slurm.jobs()[self.before :] if job.what.startswith(what)]

    def running(self, what: str) -> list[Job]:
        """Those that run."""
        return [job for job in self.jobs(what) if job.state == "RUNNING"]

    def set_node(self, state: str) -> None:
        """Tell Slurm that the node is down, or that it may be used again."""
        self.slurm.run("scontrol", "update", f"nodename={self.slurm.host}", f"state={state}", "reason=test")

    def until_running(self, *what: str) -> None:
        """Wait until there are trainings that run."""
        self.until(f"{' and '.join(what)} running", lambda: all(map(self.running, what)))

    def until(self, what: str, holds: Callable[[], bool], seconds: float = 240) -> None:
        """Wait for something, but not longer than a limit, nor after the command's end."""
        limit = time.monotonic() + seconds
        while not holds():
            if self.process.poll() not in (None, -signal.SIGKILL) or time.monotonic() > limit:
                raise AssertionError(f"not {what}:\n{self.path.read_text()[-3000:]}\n{self.slurm.log()}")
            time.sleep(0.5)


def measured(folder: Path) -> dict[str, object]:
    """What each fitness says of the network, without what it says of the machine."""
    documents = {path: json.loads(path.read_text()) for path in folder.glob("results/tiny/generation-*/*/fitness.json")}
    return {
        str(path.relative_to(folder)): [document[key] for key in ("status", "objectives", "metrics", "cost")]
        for path, document in documents.items()
    }
