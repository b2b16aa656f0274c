"""Train in so many threads, and print which have computed: python thread_use.py THREADS FOLDER."""

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

from evocnn.processes.log import limit_threads

SHARE = 0.05
"""Of the CPU time: who has less does not compute, but waits for others."""


def ticks():
    """Thread id to its name and its CPU time."""
    actual = {}
    for path in Path("/proc/self/task").iterdir():
        text = (path / "stat").read_text()
        user, system = text[text.rindex(")") + 2 :].split()[11:13]
        actual[int(path.name)] = text[text.index("(") + 1 : text.rindex(")")], int(user) + int(system)
    return actual


def main(threads, folder):
    limit_threads(threads)
    import numpy as np

    started = len(ticks())
    np.ones((500, 500)) @ np.ones((500, 500))
    blas = 1 + len(ticks()) - started
    import cv2
    from dots import DOTS, TRAINING, dots, network

    from evocnn.network.train import train

    training = TRAINING.model_copy(update={"epochs": 4})
    wall, cpu, before = time.perf_counter(), time.process_time(), ticks()
    train(network("heatmap"), dots(512, seed=0), dots(64, seed=1), DOTS, training, seed=3, history=folder / "h.csv")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    spent = {pid: (name, used - before.get(pid, (name, 0))[1]) for pid, (name, used) in ticks().items()}
    least = SHARE * sum(used for _, used in spent.values())
    names = Counter(name for pid, (name, used) in spent.items() if used > least and pid != os.getpid())
    actual = {"wall": wall, "cpu": cpu, "opencv": cv2.getNumThreads(), "blas": blas}
    print(json.dumps({**actual, "running operations": names.pop("tf_Compute", 0), "helping": names.total()}))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
