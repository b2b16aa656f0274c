"""Ways to start a training's process."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from evocnn.jobs.child import Work, carry_out
from evocnn.jobs.guard import SIGNALS


class Running(Protocol):
    """A process that was started.

    Attributes:
        pid: its number.
    """

    pid: int

    def fileno(self) -> int:
        """Descriptor that becomes readable when the process has ended."""
        ...

    def kill(self) -> None:
        """End it with SIGKILL; nothing happens where it has ended already."""
        ...

    def wait(self) -> int:
        """Wait for its end: its exit code, or minus the signal that it died of."""
        ...


Start = Callable[[Work, int, Sequence[int]], Running]
"""From work, the descriptor that it reports to, and those of locks that it is to hold, to the process that does it."""


class Forked:
    """A child by plain fork, which costs no second start of Python, and inherits every descriptor."""

    def __init__(self, work: Work, report: int, holding: Sequence[int]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        threads = len(list(Path("/proc/self/task").iterdir()))
        if threads > 1:
            raise RuntimeError(f"the supervisor has {threads} threads, expected 1: a fork would not take them along")
        parent = os.getpid()
        # Until the child has its own, a signal would make it do what the supervisor does.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        self.pid = os.fork()
        if self.pid == 0:
            carry_out(work, report, parent)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._pidfd = os.pidfd_open(self.pid)
        self._code: int | None = None

    def fileno(self) -> int:
        """See `Running`."""
        return self._pidfd

    def kill(self) -> None:
        """See `Running`."""
        if self._code is None:
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def wait(self) -> int:
        """See `Running`."""
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            os.close(self._pidfd)
        return self._code
