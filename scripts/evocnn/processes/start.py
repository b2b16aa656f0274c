"""The start of a training's process: a plain fork."""

import os
import signal
import sys
from pathlib import Path

from evocnn.processes.child import Work, carry_out
from evocnn.processes.guard import SIGNALS


class Forked:
    """A forked child: it costs no second start of Python, and inherits every descriptor, those of locks included.

    Args:
        work: what the child does.
        report: descriptor that it writes to why it failed.

    Attributes:
        pid: its number.

    Raises:
        RuntimeError: this process has several threads.
    """

    def __init__(self, work: Work, report: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        threads = len(list(Path("/proc/self/task").iterdir()))
        if threads > 1:
            raise RuntimeError(f"the supervisor has {threads} threads, expected 1: a fork would not copy the others")
        parent = os.getpid()
        # Until the child has its own handlers, a signal would call those of the supervisor.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        self.pid = os.fork()
        if self.pid == 0:
            carry_out(work, report, parent)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._pidfd = os.pidfd_open(self.pid)
        self._code: int | None = None

    def fileno(self) -> int:
        """Descriptor that becomes readable when the process has ended."""
        return self._pidfd

    def kill(self) -> None:
        """End it with SIGKILL; nothing happens where it has ended already."""
        if self._code is None:
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end: its exit code, or minus the signal that ended it."""
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            os.close(self._pidfd)
        return self._code
