"""How fast random networks of a search train on this machine: a few steps of each, in processes like those of jobs."""

import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from evocnn.configuration.model import Configuration
from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Requirements, expressed_network, expression
from evocnn.labels import read_labels
from evocnn.planning.schedule import Speed
from evocnn.processes.devices import devices, set_up_devices
from evocnn.processes.leases import leased
from evocnn.processes.log import limit_threads
from evocnn.space.cost import Cost
from evocnn.space.network import Network
from evocnn.space.space_file import read_space

NETWORKS = 3
STEPS = 20
EPOCHS = 2
"""Of a probe: in the first everything is traced, the second is timed."""


@dataclass(frozen=True)
class Probed:
    """A network, and how fast it trains."""

    cost: Cost
    speed: Speed


def probe(settings: Configuration, places: int, locate: Callable[[str], str] = str) -> list[Probed]:
    """Train random networks within the limits for a few steps on noise, as many at the same time as a run does.

    Args:
        settings: the configuration.
        places: how many trainings the run has at the same time.
        locate: from a path of the configuration to where it lies.

    Raises:
        ValueError: the space has no network within the limits.
    """
    space, labels = read_space(Path(locate(settings.space))), read_labels(Path(locate(settings.dataset.labels)))
    how = settings.training
    required = Requirements(
        settings.dataset.input_size, labels.outputs, labels.task, how.batch_size, how.remat, how.precision, how.xla
    )
    express = expression(space, required)
    founders = {"generation": 0, "count": NETWORKS, "seed": settings.seed, "parents": None}
    bred = breed(space, express, settings.limits, settings.evolution, **founders)  # type: ignore[arg-type]
    if not bred.individuals:
        raise ValueError("the space has no network within the limits; raise `limits`, or choose another space")
    networks = [expressed_network(individual.genome, space, required) for individual in bred.individuals]
    spawned = multiprocessing.get_context("spawn")
    labels_file = Path(locate(settings.dataset.labels))
    with ProcessPoolExecutor(min(places, len(networks)), mp_context=spawned, max_tasks_per_child=1) as pool:
        speeds = list(pool.map(partial(_train, settings=settings, labels=labels_file), networks))
    return [Probed(individual.cost, speed) for individual, speed in zip(bred.individuals, speeds, strict=True)]


def _train(network: Network, settings: Configuration, labels: Path) -> Speed:
    """In a process of its own; the time in which it waits for a device is left out."""
    clock = time.perf_counter()
    limit_threads(settings.training.threads)
    from evocnn.dataset.noise import noise_crops
    from evocnn.network.train import train
    from evocnn.tasks.task import read_task

    how, loading = settings.training, time.perf_counter() - clock
    with leased(devices(os.environ), settings.jobs.jobs_per_gpu) as lease, TemporaryDirectory() as folder:
        clock = time.perf_counter()
        os.environ.update(lease.environment)
        set_up_devices(lease.memory_limit_mb)
        task, people = read_task(labels), STEPS * how.batch_size
        joints = 0 if task.labels.task == "classification" else task.labels.outputs
        crops = noise_crops(people, settings.dataset.input_size, joints, settings.seed)
        brief = how.model_copy(update={"epochs": EPOCHS, "patience": EPOCHS, "latency": False})
        history = Path(folder, "history.csv")
        train(network, crops, crops, task, brief, seed=settings.seed, history=history)
        timed = pd.read_csv(history).iloc[-1]
        whole = loading + time.perf_counter() - clock
    step = how.batch_size / timed.samples_per_second
    scoring = max(timed.seconds - STEPS * step, 0) / people
    return Speed(whole - EPOCHS * (STEPS * step + people * scoring), step, scoring)
