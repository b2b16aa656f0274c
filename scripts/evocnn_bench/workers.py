"""Processes that load their libraries and then wait for a task, so that one can load them while another measures."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import asdict

from evocnn_bench.gpu_tables import OUT_OF_TIME
from evocnn_bench.gpu_task import Speed, Task
from evocnn_bench.processes import python

REASON = 200
"""Letters of a reason at most."""


class Worker:
    """A process for one task.

    Args:
        module: what it runs: it reads a `Task` as one line of JSON, and writes a `Speed` as the last line.
        environment: all variables of the process.
        threads: its argument.
    """

    def __init__(self, module: str, environment: Mapping[str, str], threads: int) -> None:
        self._process = subprocess.Popen(
            python("-m", module, str(threads)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment),
            text=True,
        )

    def ask(self, task: Task, seconds: float) -> Speed:
        """Have it carry out the task.

        Raises:
            RuntimeError: it failed, or needed more than `seconds`.
        """
        try:
            output, errors = self._process.communicate(json.dumps(asdict(task)) + "\n", timeout=max(seconds, 0))
        except subprocess.TimeoutExpired:
            self.stop()
            raise RuntimeError(OUT_OF_TIME) from None
        try:
            return Speed(**json.loads(output.strip().splitlines()[-1]))
        except (IndexError, TypeError, ValueError):
            raise RuntimeError(_reason(errors) or f"exit code {self._process.returncode}") from None

    def kill(self) -> None:
        """End it while another thread waits for its answer."""
        self._process.kill()

    def stop(self) -> None:
        """End it, whatever it does."""
        self.kill()
        self._process.communicate()


def _reason(errors: str) -> str:
    """The exception that ended a process, or else the last line that it has written."""
    lines = errors.strip().splitlines()
    raised = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    return (raised or lines or [""])[-1][:REASON]
