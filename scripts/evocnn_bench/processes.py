"""What a command takes, with every process that it starts, those included that have left it. Linux only."""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.1
"""Seconds between two looks at the processes."""
PATIENCE = 30.0
"""Seconds that a process may go on after the command that has started it."""
_ADOPT = 36  # PR_SET_CHILD_SUBREAPER
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True)
class Usage:
    """What a command has taken.

    Attributes:
        wall: seconds until it has ended.
        cpu: seconds of all processes.
        memory: peak in MB (10⁶ bytes) of what all processes together have that no file backs.
    """

    wall: float
    cpu: float
    memory: float


def measure_command(
    command: Sequence[str], log: Path, environment: Mapping[str, str], folder: Path | None = None
) -> Usage:
    """Run a command, its output to a file.

    Args:
        command: with its arguments.
        log: file to write.
        environment: variables, besides those of this process.
        folder: to run it in.

    Raises:
        RuntimeError: it fails, or leaves a process behind; the text has the end of the log.
    """
    ctypes.CDLL(None).prctl(_ADOPT, 1, 0, 0, 0)  # whose parent has ended is counted here
    others, cpu, memory = set(descendants(os.getpid())), _cpu(), 0.0
    started = time.perf_counter()
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=subprocess.STDOUT, env={**os.environ, **environment}, cwd=folder
        )
    while process.poll() is None:
        memory = max(memory, sum(map(_private_mb, set(descendants(os.getpid())) - others)))
        time.sleep(EVERY)
    wall = time.perf_counter() - started
    _wait_for_left(others, log)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}:\n{log.read_text(encoding='utf-8')[-3000:]}")
    return Usage(wall, _cpu() - cpu, memory)


def python(*arguments: str) -> list[str]:
    """A command of this Python."""
    return [sys.executable, *arguments]


def descendants(pid: int) -> list[int]:
    """Processes that a process has started, and those that they have."""
    result = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in path.read_text(encoding="utf-8").split()]
        except OSError:  # the thread has ended
            continue
        for child in children:
            result += [child, *descendants(child)]
    return result


def _wait_for_left(others: set[int], log: Path) -> None:
    """Reap adopted processes, so that their time is counted."""
    until = time.monotonic() + PATIENCE
    while left := set(descendants(os.getpid())) - others:
        for pid in left:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:  # another's child, and adopted later
                continue
        if time.monotonic() > until:
            raise RuntimeError(f"processes {sorted(left)} were left behind:\n{log.read_text(encoding='utf-8')[-3000:]}")
        time.sleep(EVERY)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _private_mb(pid: int) -> float:
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1:3]
    except OSError:  # it has ended
        return 0.0
    return (int(resident) - int(shared)) * _PAGE_MB
