"""A process that times one training: python -m evocnn_bench.gpu_worker THREADS, and a `Task` as a line of its input."""

import json
import os
import signal
import sys
import time
from dataclasses import asdict

from evocnn.processes.log import limit_threads

PATIENCE = 40
"""Seconds after which the process ends if its profile is not ready."""


def main(threads: int) -> None:
    """Load TensorFlow, then wait for a task; without one, end."""
    begun = time.time()
    limit_threads(threads)
    from evocnn_bench.gpu_steps import measure
    from evocnn_bench.gpu_task import Task

    loading = time.time() - begun
    if line := sys.stdin.readline():
        for speed in measure(Task(**json.loads(line)), loading):
            print(json.dumps(asdict(speed)), flush=True)
            signal.alarm(PATIENCE)  # a profile that never ends costs no more than the profile
        os._exit(0)  # without the clean-up of its libraries, which may take seconds


if __name__ == "__main__":
    main(int(sys.argv[1]))
