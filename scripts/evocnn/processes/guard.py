"""When a job has to end before its work is done: by a signal, or because nobody is left who wants the result."""

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SHELLS = ("bash", "sh", "dash")


class Interrupted(BaseException):
    """The job has to end."""


class Guard:
    """Looks after the Snakemake that a job belongs to."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._snakemake = _process(snakemake_pid())
        if self._snakemake is not None:
            self._poll.register(self._snakemake, select.POLLIN)

    @property
    def alone(self) -> bool:
        """Whether nobody is left who wants the result."""
        return bool(self._poll.poll(0))

    def check(self) -> None:
        """Say when the job has to end.

        Raises:
            Interrupted: nobody is left who wants the result.
        """
        if self.alone:
            raise Interrupted("Snakemake has ended")


@contextmanager
def guarded() -> Iterator[Guard]:
    """Turn signals that end a process into `Interrupted`, once: what then cleans up is not interrupted in turn."""

    def interrupt(number: int, frame: Any) -> None:
        for name in SIGNALS:
            signal.signal(name, signal.SIG_IGN)
        raise Interrupted(f"interrupted by {signal.Signals(number).name}")

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield Guard()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def snakemake_pid() -> int | None:
    """The process that has started this one; a shell in between, which would not notice its end, is passed over."""
    pid = os.getppid()
    try:
        while pid > 1 and Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() in SHELLS:
            pid = int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1])
    except OSError:  # ended meanwhile, or not for us to see
        return None
    return pid if pid > 1 else None


def _process(pid: int | None) -> int | None:
    """Descriptor that becomes readable when a process ends; None where there is none."""
    try:
        return None if pid is None else os.pidfd_open(pid)
    except OSError:
        return None
