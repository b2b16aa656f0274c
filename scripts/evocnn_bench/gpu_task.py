"""What a process of the benchmark of GPUs is asked to do, and what it answers; both travel as JSON."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evocnn.space.baselines import SPACES, simple_baselines
from evocnn.space.decode import decode
from evocnn.space.network import Network
from evocnn.space.space_file import read_space

JOINTS = 16
SEED = 3
"""Of the random networks: 0.2 and 0.9 G multiply–accumulates at 256×256."""
R50 = "Simple Baselines R50"


@dataclass(frozen=True)
class Task:
    """A training to time.

    Attributes:
        network: `R50`, or the name of a space, of which a random network is taken.
        width: of the R50; see `Baseline`.
        side: of the input in pixels.
        batch_size: people per step.
        steps: that are timed, after as many that are not.
        precision: see `TrainingSettings`.
        xla: see `TrainingSettings`; it excludes `deterministic`.
        deterministic: whether operations have to be.
        threads: of the training.
        pipeline: whether to time the same steps through the input pipeline too.
        folder: where trainings wait for each other before the timed steps.
        together: how many wait for each other.
        profile: whether to record what the GPU does in a step.
    """

    network: str
    width: float
    side: int
    batch_size: int
    steps: int
    precision: str = "float32"
    xla: bool = False
    deterministic: bool = True
    threads: int = 1
    pipeline: bool = False
    folder: str = ""
    together: int = 1
    profile: bool = False


@dataclass(frozen=True)
class Speed:
    """How fast a training was.

    Attributes:
        device: name of the GPU; "" for the CPU.
        loading: seconds to load the libraries.
        first: seconds from the empty process to the end of the first step.
        began: time at which the timed steps began, in seconds since 1970.
        ended: time at which they had ended.
        in_memory: people per second where a step has nothing to wait for.
        pipeline: people per second through the input pipeline; None where not asked for.
        peak_mb: most memory of the GPU in MB (10⁶ bytes); None for the CPU.
        version: of the library.
        operations: what the GPU does in a step, rows of `evocnn_bench.gpu_profile`; empty where not asked for.
    """

    device: str
    loading: float
    first: float
    began: float
    ended: float
    in_memory: float
    pipeline: float | None
    peak_mb: float | None
    version: str
    operations: Sequence[Sequence[Any]] = ()


def network_of(task: Task) -> Network:
    """The network to train."""
    if task.network == R50:
        return simple_baselines(task.width, task.side, JOINTS, 0)
    space = read_space(SPACES / f"{task.network}.yaml")
    return decode(space.draw(random.Random(SEED)), space, input_size=task.side, outputs=JOINTS)
