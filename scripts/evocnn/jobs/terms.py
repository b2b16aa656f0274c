"""The terms of a training job: what is trained, where its files go, and what it may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDERS = ("tensorboard", "weights")
"""Names of outputs that are folders."""


@dataclass(frozen=True)
class Rules:
    """What a training may take, and what becomes of it when it ends badly. None of it changes what it finds.

    Attributes:
        attempt: how often Snakemake has started the job, this time included.
        retries: how often it will start it again.
        time_limit: seconds for all attempts; None for no limit.
        memory_limit_mb: of memory that no file backs, in MB (10⁶ bytes); None for what the job has asked for.
        requested_mb: what the job has asked for; None for no limit. It holds on the CPU only, because nobody predicts
            what a process takes beside a GPU.
        tolerate_crashes: whether a training that died of a signal each time is an outcome, not a failure of the job.
        jobs_per_gpu: how many jobs share a GPU.
        warm_start_server: whether to start from a process that has imported TensorFlow already.
    """

    attempt: int = 1
    retries: int = 0
    time_limit: float | None = None
    memory_limit_mb: float | None = None
    requested_mb: float | None = None
    tolerate_crashes: bool = False
    jobs_per_gpu: int = 1
    warm_start_server: bool = False


def rules_of(resources: Any) -> Rules:
    """From a job's resources."""
    return Rules(
        attempt=resources.attempt,
        retries=resources.retries,
        time_limit=resources.get("time_limit"),
        memory_limit_mb=resources.get("memory_limit_mb"),
        requested_mb=resources.mem_mb,
        tolerate_crashes=bool(resources.tolerate_crashes),
        jobs_per_gpu=resources.jobs_per_gpu,
        warm_start_server=bool(resources.warm_start_server),
    )


@dataclass(frozen=True)
class Training:
    """A training, and where its files go.

    Attributes:
        function: of evocnn.network.steps, which takes `outputs`, `arguments`, `state` and `key` by name.
        outputs: files by name, `fitness` and `history` among them.
        arguments: of the function.
        network_id: of what is trained.
        cost: of it.
        key: of everything that the result depends on.
    """

    function: str
    outputs: Mapping[str, Path]
    arguments: Mapping[str, Any]
    network_id: str
    cost: Mapping[str, Any]
    key: str

    @property
    def state(self) -> Path:
        """Folder, beside the outputs, of what an interrupted training leaves, and a finished one does not."""
        return self.outputs["fitness"].parent / "state"

    @property
    def results(self) -> dict[str, Path]:
        """Where the training's process puts its files, by name, before they become outputs."""
        return {name: self.state / "result" / path.name for name, path in self.outputs.items()}
