"""What a training job may use, and what happens when it ends badly. Nothing here changes a training's result."""

from typing import Annotated, Any, Literal

from pydantic import Field

from evocnn.section import Section


class JobSettings(Section):
    """The section `jobs`. A changed value trains nothing again."""

    time_limit: int | None = Field(
        None,
        ge=1,
        description="Time limit of an individual's training, all attempts together. When it is reached, the outcome is "
        '"timeout". Whole seconds; null disables the limit.',
    )
    final_time_limit: int | None = Field(
        None,
        ge=1,
        description="Time limit of the final training and of each baseline, all attempts together. When it is reached, "
        "the job fails; with more time it continues. Whole seconds; null disables the limit.",
    )
    memory_limit_mb: int | None = Field(
        None,
        ge=1,
        description="Memory limit of a training, without mapped files. null means what the job requests (see "
        "limits.memory_mb), and no limit where a GPU is used. MB (10⁶ bytes).",
    )
    retries: int = Field(
        1,
        ge=0,
        le=100,
        description="How often a training that runs out of memory, crashes or fails is started again, each time with "
        "50 % more memory. It continues from its last epoch.",
    )
    tolerate_crashes: bool = Field(
        False,
        description='Whether a training whose last attempt was ended by a signal has the outcome "crashed". If false, '
        "its job fails.",
    )
    jobs_per_gpu: Annotated[int, Field(ge=1, le=64)] | Literal["auto"] = Field(
        1,
        description="Number of jobs that share a GPU, and its memory in equal parts. auto shares each GPU among as "
        "many as its memory and utilisation allow, and ignores --resources gpu on one machine (docs/training.md).",
    )


class JobLimits(JobSettings):
    """The limits of one job in one attempt.

    Attributes:
        attempt: number of this attempt, from 1.
        requested_mb: memory that the job has requested, in MB; None for no limit. It limits trainings on a CPU only,
            because memory of a process beside a GPU is not predicted.
        requested_gpu_mb: memory of a GPU that the job has requested, in MB; None for all of it.
    """

    attempt: int = Field(1, ge=1)
    requested_mb: float | None = None
    requested_gpu_mb: float | None = None

    @property
    def effective(self) -> dict[str, float | None]:
        """The limits that can end a training, by key of the section `jobs`; None for no limit."""
        return {
            "time_limit": self.time_limit,
            "memory_limit_mb": self.memory_limit_mb or self.requested_mb,
            "retries": self.retries,
        }

    @classmethod
    def of(cls, resources: Any) -> "JobLimits":
        """From the resources of a Snakemake job, which lack what is null."""
        given = {name: resources.get(name) for name in cls.model_fields}
        return cls(
            **{name: value for name, value in given.items() if value is not None},
            requested_mb=resources.mem_mb,
            requested_gpu_mb=resources.get("gpu_mem_mb"),
        )
