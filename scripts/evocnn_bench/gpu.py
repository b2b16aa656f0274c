"""How fast a GPU trains, in every way that the configuration offers, and beside PyTorch."""

import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import product
from tempfile import TemporaryDirectory

from evocnn.processes.devices import devices
from evocnn.processes.leases import leased
from evocnn.space.cost import cost
from evocnn_bench.document import REPOSITORY
from evocnn_bench.gpu_tables import OUT_OF_TIME, Cell, Outcome, describe
from evocnn_bench.gpu_task import R50, Speed, Task, network_of
from evocnn_bench.workers import Worker

LIMIT = 340.0
"""Seconds after which nothing is measured."""
SHORTEST = 15.0
"""Seconds that have to be left for one more training to begin."""
TRAINING, TORCH = "evocnn_bench.gpu_worker", "evocnn_bench.torch_worker"
WAYS: Mapping[str, Mapping[str, str | bool]] = {
    "float32": {},
    "bfloat16": {"precision": "mixed_bfloat16"},
    "float16": {"precision": "mixed_float16"},
    "float32, not deterministic": {"deterministic": False},
    "float32, XLA": {"deterministic": False, "xla": True},
    "bfloat16, XLA": {"deterministic": False, "xla": True, "precision": "mixed_bfloat16"},
}
TORCH_WAYS = {"float32 (TF32)": "float32", "bfloat16, channels last": "mixed_bfloat16"}


@dataclass(frozen=True)
class Sizes:
    """What is measured.

    Attributes:
        sides: of inputs in pixels; the largest first.
        width: of the R50.
        batch_size: people per step.
        steps: that are timed.
        together: numbers of trainings that share the GPU.
        threads: of a training.
        networks: see `Task`; the last also shares the GPU.
        ways: of `WAYS`.
        profiled: sides and ways at which the operations of a step are listed.
    """

    sides: Sequence[int]
    width: float
    batch_size: int
    steps: int
    together: Sequence[int]
    threads: int
    networks: Sequence[str] = (R50, "weighted", "efficient")
    ways: Sequence[str] = tuple(WAYS)
    profiled: Sequence[tuple[int, str]] = ((256, "float32"), (256, "bfloat16"))


ON_GPU = Sizes((256, 128), 1.0, 32, 30, (1, 2, 4, 6, 8), max(1, min(8, len(os.sched_getaffinity(0)) // 2)))
ON_CPU = Sizes((64,), 0.125, 4, 2, (1, 2), 1, ways=("float32", "float32, XLA"))
"""So small that only the command itself is tried."""


def bench_gpu(sizes: Sizes | None = None, limit: float = LIMIT) -> str:
    """Measure on one GPU, or on the CPU where there is none, as Markdown.

    Args:
        sizes: what to measure; None for `ON_GPU` or `ON_CPU`.
        limit: seconds; what is not reached by then is missing from the tables.
    """
    deadline, available = Deadline(limit), devices(os.environ)
    sizes = sizes or (ON_GPU if available else ON_CPU)
    with leased(available) as lease:
        bench = _Bench(sizes, deadline, {**os.environ, **lease.environment})
        first, later = cells_of(sizes)
        alone = bench.one_by_one(first)
        torch = bench.torch()
        packed = bench.packed()
        alone |= bench.one_by_one(later)
    order = product(sizes.networks, sizes.sides, sizes.ways)
    return describe({cell: alone[cell] for cell in order} | torch, packed, lambda cell: predicted_mb(sizes, cell))


def predicted_mb(sizes: Sizes, cell: Cell) -> float | None:
    """Memory of a GPU in MB that a training is predicted to take; None for PyTorch."""
    if cell[0] not in sizes.networks:
        return None
    task = task_of(sizes, cell)
    return cost(network_of(task), sizes.batch_size, precision=task.precision, xla=task.xla).gpu_memory_mb


def cells_of(sizes: Sizes) -> tuple[list[Cell], list[Cell]]:
    """What is measured first, the first network at the first side; and the rest as far as time allows, way by way."""
    cells = [(network, side, way) for way, side, network in product(sizes.ways, sizes.sides, sizes.networks)]
    begin = sizes.networks[0], sizes.sides[0]
    first = [cell for cell in cells if cell[:2] == begin]
    return first, [cell for cell in cells if cell not in first]


def task_of(sizes: Sizes, cell: Cell, **given: object) -> Task:
    """What to time in a cell of the table."""
    network, side, way = cell
    common = {"network": network, "side": side, "width": sizes.width, "batch_size": sizes.batch_size}
    settings = {**common, "steps": sizes.steps, "threads": sizes.threads, **WAYS[way], **given}
    return Task(**settings)  # type: ignore[arg-type]


class Deadline:
    """The seconds that are left of a number of seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until then; below 0 afterwards."""
        return self._end - time.monotonic()


@dataclass(frozen=True)
class _Bench:
    sizes: Sizes
    deadline: Deadline
    environment: Mapping[str, str]

    def one_by_one(self, cells: Sequence[Cell]) -> dict[Cell, Outcome]:
        """Each training has the GPU for itself; the next process loads its libraries meanwhile."""
        outcomes: dict[Cell, Outcome] = {}
        upcoming = self._worker()
        for cell in cells:
            worker, upcoming = upcoming, self._worker()
            task = task_of(self.sizes, cell, pipeline=True, profile=cell[1:] in self.sizes.profiled)
            outcomes[cell] = self._ask(worker, task)
        upcoming.stop()
        return outcomes

    def packed(self) -> dict[int, list[Outcome]]:
        """The last network at the last side, in several processes that begin together, by their number."""
        cell = self.sizes.networks[-1], self.sizes.sides[-1], "float32"
        outcomes: dict[int, list[Outcome]] = {}
        for count in self.sizes.together:
            with TemporaryDirectory() as folder:
                task = task_of(self.sizes, cell, folder=folder, together=count, steps=3 * self.sizes.steps)
                outcomes[count] = self._side_by_side(task)
        return outcomes

    def torch(self) -> dict[Cell, Outcome]:
        """The R50 in PyTorch, at every side, as far as PyTorch can be imported."""
        outcomes: dict[Cell, Outcome] = {}
        for side, (way, precision) in product(self.sizes.sides, TORCH_WAYS.items()):
            task = task_of(self.sizes, (R50, side, "float32"), precision=precision)
            outcome = outcomes[f"{R50}, PyTorch", side, way] = self._in_torch(task)
            if not isinstance(outcome, Speed):
                break
        return outcomes

    def _in_torch(self, task: Task) -> Outcome:
        """With the libraries of PyTorch's own, or else in the environment of TensorFlow."""
        outcome = self._ask(Worker(TORCH, _without_libraries(self.environment), task.threads), task)
        return outcome if isinstance(outcome, Speed) else self._ask(self._worker(TORCH), task)

    def _side_by_side(self, task: Task) -> list[Outcome]:
        """Where one fails the others are ended, because they would wait for it; then only the reason is returned."""
        workers = [self._worker() for _ in range(task.together)]
        with ThreadPoolExecutor(len(workers)) as pool:
            futures = [pool.submit(self._ask, worker, task) for worker in workers]
            for future in as_completed(futures):
                if not isinstance(future.result(), Speed):
                    for worker in workers:
                        worker.kill()
                    return [future.result()]
        return [future.result() for future in futures]

    def _ask(self, worker: Worker, task: Task) -> Outcome:
        if self.deadline.left < SHORTEST:
            worker.stop()
            return OUT_OF_TIME
        try:
            return worker.ask(task, self.deadline.left)
        except RuntimeError as error:
            return str(error)

    def _worker(self, module: str = TRAINING) -> Worker:
        path = os.pathsep.join(filter(None, [str(REPOSITORY / "scripts"), self.environment.get("PYTHONPATH")]))
        return Worker(module, {**self.environment, "PYTHONPATH": path}, self.sizes.threads)


def _without_libraries(environment: Mapping[str, str]) -> dict[str, str]:
    """Variables in which PyTorch has its own libraries instead of those that were set for TensorFlow."""
    mine = {name: value for name, value in environment.items() if name not in ("LD_LIBRARY_PATH", "XLA_FLAGS")}
    return {**mine, "PYTHONPATH": str(REPOSITORY / "scripts")}
