"""A training job: one training, in a process of its own, however often it takes, and its outcome in files."""

import platform
import shutil
from collections.abc import Mapping
from dataclasses import replace
from tempfile import TemporaryDirectory

from evocnn.evolution.fitness import WORST, Fitness, Status, read_fitness, write_fitness
from evocnn.evolution.inheritance import KEPT
from evocnn.jobs.attempts import Attempts
from evocnn.jobs.child import Work
from evocnn.jobs.devices import Lease, devices, leased
from evocnn.jobs.guard import Guard, Interrupted, guarded
from evocnn.jobs.keep import keep, restore
from evocnn.jobs.locks import Held, held
from evocnn.jobs.progress import Progress, read_progress, write_history
from evocnn.jobs.start import Forked
from evocnn.jobs.supervise import Ending, supervise
from evocnn.jobs.terms import FOLDERS, Rules, Training
from evocnn.jobs.warm import warm

RETRIED: tuple[Status, ...] = ("out_of_memory", "crashed")


def run_training(training: Training, rules: Rules, environment: Mapping[str, str]) -> Fitness:
    """Train, or go on with what an interrupted job has left, or take over what was finished before.

    Args:
        training: what to train.
        rules: what it may take.
        environment: of the job.

    Returns:
        The fitness, which is in its file.

    Raises:
        RuntimeError: the training failed in a way that is no outcome, or will be tried again.
        SystemExit: the job was interrupted.
    """
    try:
        with guarded() as guard:
            training.state.parent.mkdir(parents=True, exist_ok=True)
            lock_file = training.state.with_suffix(".lock")
            with held(lock_file, guard) as lock:
                fitness = _train(training, rules, environment, guard, lock)
                lock_file.unlink()
                return fitness
    except Interrupted as interruption:
        print(f"{interruption}: the training ends, and goes on from its last saved epoch next time.", flush=True)
        raise SystemExit(1) from None


def _train(training: Training, rules: Rules, environment: Mapping[str, str], guard: Guard, lock: Held) -> Fitness:
    fitness = restore(training)
    kept = fitness is not None
    if fitness is not None:
        print(f"This training was finished before: its result is taken from {KEPT}.", flush=True)
    else:
        attempts = _attempts(training)
        with leased(devices(environment), rules.jobs_per_gpu, guard=guard) as lease, TemporaryDirectory() as temporary:
            work = Work(
                module="evocnn.network.steps",
                function=training.function,
                arguments={
                    **training.arguments,
                    "outputs": training.results,
                    "state": training.state,
                    "key": training.key,
                    "gpu_memory_mb": lease.memory_limit_mb,
                },
                # The child leaves without tidying up, and may be killed.
                environment={**lease.environment, "TMPDIR": temporary},
                memory_limit_mb=rules.memory_limit_mb or (rules.requested_mb if lease.device is None else None),
            )
            holding = [lock.descriptor, *([] if lease.descriptor is None else [lease.descriptor])]
            ending = supervise(
                work,
                warm if rules.warm_start_server else Forked,
                attempts,
                guard,
                time_limit=rules.time_limit,
                holding=holding,
            )
        fitness = _outcome(training, rules, ending, attempts, lease)
        kept = keep(training, fitness)
    if "model" in training.outputs and fitness.status != "ok":
        raise RuntimeError(f"the training of the network to keep ended as {fitness.status}; see final.* and training.*")
    _publish(training, fitness)
    if kept or not guard.alone:  # or Snakemake will not have heard of it, and ask again
        shutil.rmtree(training.state)
    return fitness


def _attempts(training: Training) -> Attempts:
    """Notes of the attempts of before. State that is damaged, or of another training, is removed."""
    try:
        attempts = Attempts(training.state, training.key)
    except (ValueError, FileNotFoundError) as error:
        print(f"The saved state cannot be used, the training starts again: {error}", flush=True)
        shutil.rmtree(training.state)
        attempts = Attempts(training.state, training.key)
    for partial in training.state.rglob(".*.partial*"):
        partial.unlink()
    return attempts


def _outcome(training: Training, rules: Rules, ending: Ending, attempts: Attempts, lease: Lease) -> Fitness:
    """The fitness, where the ending is an outcome."""
    try:
        progress = read_progress(training.state, training.key)
    except ValueError:
        progress = Progress()
    where = f"{ending.reason}, after epoch {len(progress.rows)}"
    if ending.status is None:
        raise RuntimeError(where)
    if ending.status in RETRIED and rules.attempt <= rules.retries:
        raise RuntimeError(f"{where}; attempt {rules.attempt} of {rules.retries + 1}, the next one goes on from there")
    if ending.status == "crashed" and not rules.tolerate_crashes:
        raise RuntimeError(f"{where}; set training.tolerate_crashes to take this for the outcome")
    if ending.status == "ok":
        fitness = read_fitness(training.results["fitness"])
    else:
        print(f"{ending.status}: {where}.", flush=True)
        write_history(training.results["history"], progress.rows)
        for name in {*FOLDERS} & {*training.results}:
            training.results[name].mkdir(exist_ok=True)
        fitness = Fitness(
            status=ending.status,
            objectives={"score": WORST},
            metrics=progress.metrics,
            cost=dict(training.cost),
            training=progress.measurements,
            provenance={"network_id": training.network_id, "key": training.key, "host": platform.node()},
        )
    measured = {
        "peak_memory_mb": round(max(attempts.peak_mb, fitness.training.get("peak_memory_mb", 0))),
        "attempts": len(attempts),
        "exit_code": ending.exit_code,
        "signal": ending.signal,
        "reason": ending.reason if ending.status != "ok" else None,
    }
    device = lease.device.name if lease.device else None
    fitness = replace(
        fitness,
        training={**fitness.training, **measured},
        provenance={**fitness.provenance, "device_id": device},
    )
    write_fitness(training.results["fitness"], fitness)
    return fitness


def _publish(training: Training, fitness: Fitness) -> None:
    """Give the files their names, the fitness last."""
    for name, path in training.results.items():
        if name != "fitness":
            path.replace(training.outputs[name])
    write_fitness(training.outputs["fitness"], fitness)
