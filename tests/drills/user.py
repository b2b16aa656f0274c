"""A user who types one command, again and again, and does what its error messages say, nothing else."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

REPOSITORY = Path(__file__).resolve().parents[2]
TRAINING_SCRIPTS = (".train.py",)
DELETE = re.compile(r"(\S*/\S+): [^\n]*delete (it|the file|\S+) and run snakemake again")
PATIENCE = 8
"""Commands in a row that fail without having finished a training before the user despairs."""
LONG = 600
"""Seconds without an event that nobody would wait for."""


@dataclass
class User:
    """Somebody with a search in a folder.

    Attributes:
        folder: where the search is.
        configfiles: of the search.
        commands: how often the command was typed.
        unlocked: how often `--unlock` was, because Snakemake asked for it.
        deleted: what was deleted because a message said so.
        started: individuals whose training's process was seen to start, as often as it was.
        repeated: those of them that had been finished before.
    """

    folder: Path
    configfiles: Sequence[Path]
    commands: int = 0
    unlocked: int = 0
    deleted: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None
    _seen: set[int] = field(default_factory=set)
    _fruitless: tuple[int, int] = (0, 0)

    def until(self, condition: Callable[[], object]) -> bool:
        """See the search through until something is so; False where it is done before."""
        deadline = time.monotonic() + LONG
        while not condition():
            assert time.monotonic() < deadline, f"{LONG} s have passed; {self.output()[-3000:]}"
            if self.process is None:
                self.type_command()
            elif self.process.poll() is not None:
                if self.process.returncode == 0:
                    return False
                self.obey(self.output())
                self.process = None
            self.look()
            time.sleep(0.05)
        return True

    def type_command(self) -> None:
        """The one command."""
        self.commands += 1
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                self.snakemake(),
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=REPOSITORY,
                env=self.environment(),
                start_new_session=True,
                # Ctrl-C reaches it as from a terminal, even where this runs in the background.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def obey(self, output: str) -> None:
        """Do what a failed command has asked for."""
        finished, count = self._fruitless
        self._fruitless = (self.finished(), count + 1 if self.finished() == finished else 0)
        assert count < PATIENCE, f"the command fails again and again: {output[-5000:]}"
        if "--unlock" in output:
            self.unlocked += 1
            self.ask("--unlock")
        for about, named in dict.fromkeys(DELETE.findall(output)):
            path = self.folder / (about if named in ("it", "the file") else named)
            if path.exists():
                path.unlink()
                self.deleted.append(path.relative_to(self.folder).as_posix())

    def ask(self, option: str) -> str:
        """The command with an option that runs no jobs, and what it prints."""
        asked = subprocess.run(
            self.snakemake(option),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=REPOSITORY,
            env=self.environment(),
            check=False,
        )
        assert asked.returncode == 0, asked.stdout
        return asked.stdout

    def press_ctrl_c(self) -> None:
        """End the command as a terminal does."""
        if self.process is not None:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGINT)
            self.process.wait(timeout=60)

    def look(self) -> None:
        """Notice trainings that have started."""
        for process in self.trainings():
            if process.pid not in self._seen and (individual := self._individual(process)) is not None:
                self._seen.add(process.pid)
                self.started.append(individual.name)
                if (individual / "result.zip").exists():
                    self.repeated.append(individual.relative_to(self.folder).as_posix())

    def jobs(self) -> list[psutil.Process]:
        """Processes of training jobs, those that supervise."""
        actual = self._processes()
        return [process for process, parent in actual.values() if parent not in actual]

    def trainings(self) -> list[psutil.Process]:
        """Processes that train."""
        actual = self._processes()
        return [process for process, parent in actual.values() if parent in actual]

    def finished(self) -> int:
        """How many trainings have been finished; no damage makes it less."""
        places = ("generation-*/individual-*", "final/finalist-*")
        return sum(len(list(self.folder.glob(f"results/*/{place}/result.zip"))) for place in places)

    def output(self) -> str:
        """What the last command has printed."""
        return self._log.read_text(errors="replace")

    def snakemake(self, *arguments: str) -> list[str]:
        """The command."""
        where = ["--snakefile", str(REPOSITORY / "Snakefile"), "--directory", str(self.folder)]
        how = ["--cores", "2", "--resources", "gpu=2", "--configfile", *map(str, self.configfiles)]
        return [sys.executable, "-m", "snakemake", *arguments, *where, *how]

    def environment(self) -> dict[str, str]:
        """Of the command: a scripts/ on the path would hide a library's module of the same name."""
        own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return {**own, "XDG_CACHE_HOME": str(self.folder / ".cache")}

    @property
    def _log(self) -> Path:
        return self.folder.with_suffix(".log")

    def _processes(self) -> dict[int, tuple[psutil.Process, int]]:
        """Python processes of training jobs, each with its parent's number, by their own."""
        actual: dict[int, tuple[psutil.Process, int]] = {}
        try:
            below = psutil.Process(self.process.pid).children(recursive=True) if self.process else []
        except psutil.NoSuchProcess:
            return actual
        for process in below:
            try:
                words, parent = process.cmdline(), process.ppid()
            except psutil.Error:
                continue
            if words and "python" in words[0] and words[-1].endswith(TRAINING_SCRIPTS):
                actual[process.pid] = (process, parent)
        return actual

    def _individual(self, process: psutil.Process) -> Path | None:
        """Whose lock it holds."""
        for link in Path(f"/proc/{process.pid}/fd").glob("*"):
            try:
                target = link.readlink()
            except OSError:
                continue
            if target.name == "state.lock":
                return target.parent
        return None
