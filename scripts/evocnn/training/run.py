"""A training job: one training, in a process of its own, in as many attempts as it needs, and its outcome in files."""

import platform
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from evocnn.evolution.exhaustion import write_exhausted
from evocnn.evolution.fitness import WORST, Fitness, Status, read_fitness, write_fitness
from evocnn.processes.attempts import Attempts
from evocnn.processes.child import Work
from evocnn.processes.devices import devices
from evocnn.processes.guard import Guard, Interrupted, guarded
from evocnn.processes.leases import Lease, leased
from evocnn.processes.locks import held
from evocnn.processes.supervision import Ending, supervise
from evocnn.training.job import CHECKPOINT, FOLDERS, Baseline, TrainingJob, identified
from evocnn.training.key import data_digest
from evocnn.training.limits import JobLimits
from evocnn.training.progress import Progress, read_progress, write_history
from evocnn.training.result_cache import RESULT, load_result, store_result

RETRIED: tuple[Status, ...] = ("out_of_memory", "crashed")


def run_training(job: TrainingJob, limits: JobLimits, environment: Mapping[str, str]) -> None:
    """Train, or continue an interrupted training, or take the result of a finished one; the outputs are then written.

    Where breeding has no network for the place, the outputs say so, and nothing is trained.

    Args:
        job: what to train.
        limits: what it may use.
        environment: of the job.

    Raises:
        RuntimeError: the training failed in a way that is no outcome, or will be tried again, or that of a baseline
            ended as anything but "ok".
        SystemExit: the job was interrupted.
        ValueError: the file of its individual is damaged.
    """
    job = identified(job)
    if not job.network_id:
        folders = [path for name, path in job.outputs.items() if name in FOLDERS]
        write_exhausted(job.outputs["fitness"], job.outputs["history"], *folders, model=job.outputs.get("model"))
        return
    try:
        with guarded() as guard:
            job.state.parent.mkdir(parents=True, exist_ok=True)
            lock_file = job.state.with_suffix(".lock")
            with held(lock_file, guard):
                _run(job, limits, environment, guard)
                lock_file.unlink()
    except Interrupted as interruption:
        print(f"{interruption}: the training stops; the next start continues from its last saved epoch.", flush=True)
        raise SystemExit(1) from None


def _run(job: TrainingJob, limits: JobLimits, environment: Mapping[str, str], guard: Guard) -> None:
    fitness = load_result(job)
    stored = fitness is not None
    if fitness is not None:
        print(f"This training has finished before: its result is taken from {RESULT}.", flush=True)
    else:
        fitness = _trained(job, limits, environment, guard)
        stored = store_result(job, fitness)
    if isinstance(job.source, Baseline) and fitness.status != "ok":
        raise RuntimeError(f"the training of {job.source.name} ended as {fitness.status}; see final.* and baselines.*")
    _publish(job, fitness)
    if stored or not guard.alone:  # otherwise Snakemake may not know the result, and ask again
        shutil.rmtree(job.state)


def _trained(job: TrainingJob, limits: JobLimits, environment: Mapping[str, str], guard: Guard) -> Fitness:
    if job.stage and job.stage.begun and not job.state.joinpath("attempts.json").exists():
        shutil.copytree(job.stage.begun, job.state, dirs_exist_ok=True)
    attempts = _attempts(job)
    with (
        leased(devices(environment), limits.jobs_per_gpu, limits.requested_gpu_mb, guard=guard) as lease,
        TemporaryDirectory() as temporary,
    ):
        work = Work(
            partial(_carry_out, job, lease.memory_limit_mb),
            # The child leaves without cleaning up, and may be killed.
            environment={**lease.environment, "TMPDIR": temporary},
            memory_limit_mb=limits.memory_limit_mb or (limits.requested_mb if lease.device is None else None),
        )
        ending = supervise(work, attempts, guard, time_limit=limits.time_limit)
    return _outcome(job, limits, ending, attempts, lease)


def _carry_out(job: TrainingJob, gpu_memory_mb: int | None) -> None:
    # TensorFlow is imported in the training's process alone: its supervisor stays small and single-threaded.
    from evocnn.network.training_child import carry_out

    carry_out(job, gpu_memory_mb)


def _attempts(job: TrainingJob) -> Attempts:
    """Notes of earlier attempts. A state that is damaged, or of another training, is removed."""
    try:
        attempts = Attempts(job.state, job.state_key)
    except (ValueError, FileNotFoundError) as error:
        print(f"The saved state cannot be used, the training starts again: {error}", flush=True)
        shutil.rmtree(job.state)
        attempts = Attempts(job.state, job.state_key)
    for partial_file in job.state.rglob(".*.partial*"):
        partial_file.unlink()
    return attempts


def _outcome(job: TrainingJob, limits: JobLimits, ending: Ending, attempts: Attempts, lease: Lease) -> Fitness:
    """The fitness, where the ending is an outcome."""
    try:
        progress = read_progress(job.state, job.state_key)
    except ValueError:
        progress = Progress()
    where = f"{ending.reason}, after epoch {len(progress.rows)}"
    if ending.status is None:
        raise RuntimeError(where)
    if ending.status in RETRIED and limits.attempt <= limits.retries:
        raise RuntimeError(f"{where}; attempt {limits.attempt} of {limits.retries + 1}, the next one continues there")
    if ending.status == "crashed" and not limits.tolerate_crashes:
        raise RuntimeError(f"{where}; set jobs.tolerate_crashes to take this for the outcome")
    if ending.status == "ok":
        fitness = read_fitness(job.results["fitness"])
    else:
        print(f"{ending.status}: {where}.", flush=True)
        write_history(job.results["history"], progress.rows)
        for name in {*FOLDERS} & {*job.results}:
            job.results[name].mkdir(exist_ok=True)
        if "model" in job.results:
            job.results["model"].touch()
        fitness = _unfinished(job, ending.status, progress)
    measured = {
        "peak_memory_mb": round(max(attempts.peak_mb, fitness.training.get("peak_memory_mb", 0))),
        "attempts": len(attempts),
        "timeline": attempts.timeline,
        "exit_code": ending.exit_code,
        "signal": ending.signal,
        "reason": ending.reason if ending.status != "ok" else None,
    }
    fitness = replace(
        fitness,
        training={**fitness.training, **measured},
        provenance={
            **fitness.provenance,
            "key": job.key,
            "device_id": lease.device.name if lease.device else None,
            "settings": {
                **job.settings.model_dump(mode="json"),
                **({"rungs": job.stage.ends[:-1]} if job.stage else {}),
                **{"seed": job.seed, "data": data_digest(job.data)},
            },
            "limits": limits.effective,
        },
    )
    write_fitness(job.results["fitness"], fitness)
    if CHECKPOINT in job.results:
        _leave(job.state, job.results[CHECKPOINT])
    return fitness


def _leave(state: Path, checkpoint: Path) -> None:
    """Copy a state for the next stage."""
    checkpoint.mkdir(exist_ok=True)
    for file in state.iterdir():
        if file.is_file():
            shutil.copy2(file, checkpoint)


def _unfinished(job: TrainingJob, status: Status, progress: Progress) -> Fitness:
    """The fitness of a training that did not reach its end."""
    return Fitness(
        status=status,
        objectives={"score": WORST},
        metrics=progress.metrics,
        cost=dict(job.cost or {}),
        training=progress.measurements,
        provenance={"network_id": job.network_id, "key": job.key, "host": platform.node()},
    )


def _publish(job: TrainingJob, fitness: Fitness) -> None:
    """Give the files their names, the fitness last."""
    for name, path in job.results.items():
        if name != "fitness":
            path.replace(job.outputs[name])
    write_fitness(job.outputs["fitness"], fitness)
