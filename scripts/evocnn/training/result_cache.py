"""The result of a finished training in one file beside its outputs, so that no training is repeated.

Snakemake deletes a job's outputs before it runs the job again, although the job may give the same again, for example
where a damaged file that it depends on was replaced.
"""

import shutil
import zlib
from zipfile import BadZipFile, ZipFile

from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.files import replacing
from evocnn.inheritance.files import RESULT
from evocnn.training.job import CHECKPOINT, TrainingJob

REPEATABLE = ("ok", "diverged")
"""Statuses that a training has each time. Others come from limits and faults, and may differ in another attempt."""


def store_result(job: TrainingJob, fitness: Fitness) -> bool:
    """Store the results of a training under its key.

    Returns:
        Whether they are stored: see `REPEATABLE`.
    """
    if fitness.status not in REPEATABLE:
        return False
    results = job.state / "result"
    with replacing(job.outputs["fitness"].with_name(RESULT)) as temporary, ZipFile(temporary, "w") as archive:
        archive.comment = job.key.encode()
        # Without the state at its end, which is large: who misses it trains from the beginning, to the same result.
        for path in sorted(set(results.rglob("*")) - set((results / CHECKPOINT).glob("*"))):
            archive.write(path, path.relative_to(results))
    return True


def load_result(job: TrainingJob) -> Fitness | None:
    """Put the results that are stored under a training's key into its state; None without any, or damaged ones."""
    path = job.outputs["fitness"].with_name(RESULT)
    results = job.state / "result"
    try:
        with ZipFile(path) as archive:
            if archive.comment != job.key.encode():
                return None
            shutil.rmtree(results, ignore_errors=True)
            archive.extractall(results)
        if CHECKPOINT in job.results:
            job.results[CHECKPOINT].mkdir(exist_ok=True)
        complete = all(result.exists() for result in job.results.values())  # other outputs may be wanted now
        return read_fitness(job.results["fitness"]) if complete else None
    except FileNotFoundError:
        return None
    except (BadZipFile, ValueError, zlib.error, NotImplementedError, EOFError) as error:
        print(f"{path} is damaged ({error}), the training is repeated.", flush=True)
        return None


__all__ = ["REPEATABLE", "RESULT", "load_result", "store_result"]
