"""The warm-start server: it has imported TensorFlow, and forks a child for each training that asks for one.

It stays single-threaded and touches no device, or its children would hang; it looks before each fork. It ends when the
Snakemake that it belongs to does, or when nobody has asked for a while.
"""

import argparse
import gc
import importlib
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evocnn.jobs.child import carry_out
from evocnn.jobs.messages import REFUSED, receive_request, send_number

PATIENCE = 10.0
"""Seconds that a caller may take to say what it wants, while others wait."""
MODULE = "evocnn.network.steps"
"""What is imported beforehand."""


@dataclass(frozen=True)
class Served:
    """A child, and who has asked for it."""

    pid: int
    ended: int
    caller: socket.socket


class Server:
    """Serves callers, one child for each.

    Args:
        listening: where they connect.
        snakemake: process to end with.
        idle: seconds without a child after which it ends.
    """

    def __init__(self, listening: socket.socket, snakemake: int, idle: float) -> None:
        self._listening, self._idle = listening, idle
        self._snakemake = os.pidfd_open(snakemake)
        self._served: list[Served] = []

    def serve(self) -> None:
        """Until there is nobody left to serve."""
        last = time.monotonic()
        while self._served or time.monotonic() - last < self._idle:
            ready = self._wait(self._idle)
            if self._snakemake in ready:
                break
            for served in list(self._served):
                if served.ended in ready:
                    self._end(served)
                elif served.caller.fileno() in ready:  # it says nothing more: it went away
                    signal.pidfd_send_signal(served.ended, signal.SIGKILL)
                    self._end(served)
            if self._listening.fileno() in ready:
                self._accept()
            if self._served or ready:
                last = time.monotonic()
        for served in list(self._served):
            signal.pidfd_send_signal(served.ended, signal.SIGKILL)
            self._end(served)

    def _wait(self, seconds: float) -> set[int]:
        watched = [self._listening.fileno(), self._snakemake]
        watched += [descriptor for served in self._served for descriptor in (served.ended, served.caller.fileno())]
        poll = select.poll()
        for descriptor in watched:
            poll.register(descriptor, select.POLLIN)
        return {descriptor for descriptor, _ in poll.poll(seconds * 1000)}

    def _accept(self) -> None:
        caller, _ = self._listening.accept()
        caller.settimeout(PATIENCE)
        try:
            request, descriptors = receive_request(caller)
        except (EOFError, OSError):
            caller.close()
            return
        try:
            check_forkable()
        except RuntimeError as error:
            print(error, flush=True)
            _say(caller, REFUSED)
            caller.close()
            for descriptor in descriptors:
                os.close(descriptor)
            return
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._forget(caller)
            output, errors, report, *_ = descriptors
            os.dup2(output, 1)
            os.dup2(errors, 2)
            os.chdir(request.directory)
            os.umask(request.umask)
            os.environ.clear()
            os.environ.update(request.environment)
            carry_out(request.work, report, server)
        for descriptor in descriptors:
            os.close(descriptor)
        self._served.append(Served(pid, os.pidfd_open(pid), caller))
        _say(caller, pid)

    def _forget(self, caller: socket.socket) -> None:
        """In a child: what belongs to the server."""
        for connection in (self._listening, caller, *(served.caller for served in self._served)):
            connection.close()
        for descriptor in (self._snakemake, *(served.ended for served in self._served)):
            os.close(descriptor)

    def _end(self, served: Served) -> None:
        code = os.waitstatus_to_exitcode(os.waitpid(served.pid, 0)[1])
        _say(served.caller, code)
        served.caller.close()
        os.close(served.ended)
        self._served.remove(served)


def _say(caller: socket.socket, number: int) -> None:
    with suppress(OSError):  # where it went away, which is noticed as well when it is listened to
        send_number(caller, number)


def check_forkable() -> None:
    """Look whether a fork would go well.

    Raises:
        RuntimeError: it would hang.
    """
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads > 1:
        raise RuntimeError(f"the warm-start server has {threads} threads, expected 1")
    context: Any = sys.modules["tensorflow.python.eager.context"]
    if context.context_safe() is not None and context.context_safe()._initialized:
        raise RuntimeError("the warm-start server has touched a device")


def main() -> None:
    """Become a server; this process ends as soon as callers can connect, and another one serves them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("socket", type=Path)
    parser.add_argument("snakemake", type=int)
    parser.add_argument("idle", type=float)
    arguments = parser.parse_args()
    importlib.import_module(MODULE)
    gc.freeze()  # children would copy what the collector marks
    check_forkable()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(arguments.socket))
        listening.listen(128)
        if os.fork():  # the server is nobody's child: a job's benchmark would count it
            os._exit(0)
        os.setsid()
        try:
            Server(listening, arguments.snakemake, arguments.idle).serve()
        finally:
            for path in (arguments.socket, arguments.socket.with_suffix(".log")):
                path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
