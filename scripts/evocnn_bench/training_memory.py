"""Peak memory of trainings, each in a process of its own."""

import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evocnn.processes.log import limit_threads
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.network import Network

STEPS = 3
EVERY = 0.01
"""Seconds between two looks at a process."""


@dataclass(frozen=True)
class Measured:
    """What a training took.

    Attributes:
        memory: peak of anonymous memory in MB, over that of training an empty network; None where it went beyond.
        step: seconds of a training step; None where it went beyond.
        start: seconds from building the model to the end of the first step, which compiles; None where it went beyond.
    """

    memory: float | None
    step: float | None
    start: float | None


def measure(
    network: Network,
    batch_size: int,
    base: float,
    *,
    remat: bool = False,
    precision: str = "float32",
    xla: bool = False,
    limit: float = 20_000,
    threads: int = 1,
    steps: int = STEPS,
) -> Measured:
    """Train a few steps and end the process if it takes more than `limit` MB.

    Args:
        network: what to train.
        batch_size: people per step.
        base: what an empty training takes, in MB; see `empty_training`.
        remat: whether to recompute.
        precision: see `Training`.
        xla: see `Training`.
        limit: of anonymous memory, in MB.
        threads: of the training.
        steps: 2 or more.

    Raises:
        RuntimeError: the training failed.
    """
    peak, seconds = _train_apart(network, batch_size, limit, (remat, precision, xla, threads, steps))
    return Measured(None, None, None) if seconds is None else Measured(peak - base, *seconds)


def empty_training() -> float:
    """Anonymous memory in MB that the training of a network of one convolution takes."""
    graph = GraphBuilder((32, 32, 3))
    return _train_apart(
        canonical(graph.layers, [graph.head("heatmap", graph.conv(0, 1, 1, bias=True), 0)]),
        8,
        float("inf"),
        (False, "float32", False, 1, STEPS),
    )[0]


def _train_apart(
    network: Network, batch_size: int, limit: float, settings: tuple[bool, str, bool, int, int]
) -> tuple[float, tuple[float, float] | None]:
    """Peak in MB, and seconds of a step and of the start; see `_steps` for the settings."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_steps, args=(sender, network, batch_size, *settings))
    process.start()
    sender.close()
    peak = 0.0
    while process.is_alive() and peak <= limit:
        peak = max(peak, _anonymous(process.pid))
        time.sleep(EVERY)
    if peak > limit:
        process.kill()  # it alone: it has no children
    process.join()
    if peak <= limit and process.exitcode != 0:
        raise RuntimeError(f"a training ended with exit code {process.exitcode}; run it by itself to see why")
    return peak, receiver.recv() if peak <= limit else None


def _anonymous(pid: int | None) -> float:
    """Memory in MB that belongs to a process alone; 0 where it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return max((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("RssAnon")), default=0.0)


def _steps(
    sender: Any, network: Network, batch_size: int, remat: bool, precision: str, xla: bool, threads: int, steps: int
) -> None:
    """Train as `train` does, on one random batch."""
    limit_threads(threads)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import numpy as np
    import tensorflow as tf

    from evocnn.network.normalisation import fused_normalisation
    from evocnn_bench.compiled import compiled

    timer = Timer()
    model, plain = compiled(network, batch_size, remat=remat, precision=precision, xla=xla, deterministic=not xla)
    size, joints = network.layers[0].shape[0], network.layers[-1].shape[2]
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (batch_size, size, size, 3), dtype=np.uint8)
    places = rng.random((batch_size, joints, 2), dtype=np.float32)
    batch = images, places, np.ones((batch_size, joints), np.float32)
    dataset = tf.data.Dataset.from_tensors(batch).repeat()
    with fused_normalisation(plain):
        model.fit(dataset, steps_per_epoch=steps, verbose=0, shuffle=False, callbacks=[timer.callback()])
    sender.send((timer.seconds / (steps - 1), timer.ends[0] - timer.started))


class Timer:
    """Seconds from the end of the first step, which compiles, to the end of the last."""

    def __init__(self) -> None:
        self.started = time.time()
        self.ends: list[float] = []

    def callback(self) -> Any:
        """For `fit`."""
        import keras

        return keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: self.ends.append(time.time()))

    @property
    def seconds(self) -> float:
        """See the class."""
        return self.ends[-1] - self.ends[0]
