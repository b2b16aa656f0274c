"""Supervision of a training's process: it is started and watched, and the ways in which it ends are distinguished.

What is an outcome, and what a failure, is in docs/training.md.
"""

import json
import os
import select
import signal
from dataclasses import dataclass
from pathlib import Path

from evocnn.evolution.fitness import Status
from evocnn.processes.attempts import Attempts
from evocnn.processes.child import FINISHED, OUT_OF_MEMORY, Work, peak_mb, resident_mb
from evocnn.processes.guard import Guard, Interrupted
from evocnn.processes.start import Forked

LOOKS = 0.2
"""Seconds between two looks at the child."""
NEAR = 0.9
"""Share of the memory limit from which on a SIGKILL is one for memory."""


@dataclass(frozen=True)
class Ending:
    """How a training's process has ended.

    Attributes:
        status: "ok" where it has done its work, whatever that has shown; None where it is no outcome.
        exit_code: None where it died of a signal.
        signal: its name, such as "SIGKILL"; None where it left by itself.
        reason: in words, for whoever looks into it.
    """

    status: Status | None
    exit_code: int | None
    signal: str | None
    reason: str


def supervise(
    work: Work,
    attempts: Attempts,
    guard: Guard,
    *,
    time_limit: float | None = None,
) -> Ending:
    """Start a process for work and watch it to its end; it never outlives this call.

    Args:
        work: what to do.
        attempts: notes of this and earlier attempts.
        guard: says when the job has to end.
        time_limit: seconds for all attempts; None for no limit.

    Raises:
        Interrupted: see `Guard`.
    """
    if time_limit is not None and attempts.seconds >= time_limit:
        return _timeout(time_limit, None)
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    kills = _kills_for_memory()
    attempts.begin()
    child = Forked(work, writing)
    os.close(writing)
    try:
        timed_out, resident = _watch(child, attempts, time_limit, guard)
    except Interrupted as interruption:
        attempts.end(str(interruption))
        raise
    finally:
        child.kill()
        code = child.wait()
        report = _read(reading)
    if timed_out:
        ending = _timeout(time_limit, code)
    else:
        near = work.memory_limit_mb is not None and resident > NEAR * work.memory_limit_mb
        ending = _interpret(code, report, near, code == -signal.SIGKILL and _kills_for_memory() > kills)
    attempts.end(ending.reason)
    return ending


def _watch(child: Forked, attempts: Attempts, time_limit: float | None, guard: Guard) -> tuple[bool, float]:
    """Until it ends or its time is up: whether that is so, and its last memory in MB."""
    poll = select.poll()
    poll.register(child, select.POLLIN)
    resident = 0.0
    while not poll.poll(LOOKS * 1000):
        guard.check()
        resident = resident_mb(child.pid) or resident
        attempts.note(peak_mb(child.pid))
        if time_limit is not None and attempts.seconds >= time_limit:
            return True, resident
    return False, resident


def _interpret(code: int, report: str, near_limit: bool, killed_for_memory: bool) -> Ending:
    if code >= 0:
        status: Status | None = {FINISHED: "ok", OUT_OF_MEMORY: "out_of_memory"}.get(code)  # type: ignore[assignment]
        return Ending(status, code, None, report or f"the training process left with code {code}")
    name = signal.Signals(-code).name
    if near_limit or killed_for_memory:
        return Ending("out_of_memory", None, name, f"the training process died of {name} because memory ran out")
    return Ending("crashed", None, name, f"the training process died of {name}")


def _timeout(time_limit: float | None, code: int | None) -> Ending:
    name = signal.Signals(-code).name if code is not None and code < 0 else None
    return Ending("timeout", None, name, f"the training has used its {time_limit:g} s (jobs.time_limit)")


def _kills_for_memory() -> int:
    """How often the kernel has ended a process because memory had run out; 0 where it does not say."""
    try:
        counters = dict(line.split() for line in Path("/proc/vmstat").read_text(encoding="utf-8").splitlines())
    except OSError:
        return 0
    return int(counters.get("oom_kill", 0))


def _read(descriptor: int) -> str:
    """The last line of a report."""
    with os.fdopen(descriptor, "rb") as report:
        lines = (report.read() or b"").decode().splitlines()
    return json.loads(lines[-1]) if lines else ""
