"""A finished training, kept in one file beside its outputs, so that it is never done twice.

Snakemake deletes a job's outputs before it runs the job again, although it may give the same again, as where a damaged
file that it depends on was made anew.
"""

import shutil
import zlib
from zipfile import BadZipFile, ZipFile

from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.evolution.inheritance import KEPT
from evocnn.files import replacing
from evocnn.jobs.terms import Training

REPEATABLE = ("ok", "diverged")
"""Statuses that a training has each time. Others have to do with limits and luck, which another try may better."""


def keep(training: Training, fitness: Fitness) -> bool:
    """Keep the results of a training, under its key.

    Returns:
        Whether they are kept: see `REPEATABLE`.
    """
    if fitness.status not in REPEATABLE:
        return False
    results = training.state / "result"
    with replacing(training.outputs["fitness"].with_name(KEPT)) as temporary, ZipFile(temporary, "w") as archive:
        archive.comment = training.key.encode()
        for path in sorted(results.rglob("*")):
            archive.write(path, path.relative_to(results))
    return True


def restore(training: Training) -> Fitness | None:
    """Put the results of a training back that were kept under its key; None where there are none, or damaged ones."""
    path = training.outputs["fitness"].with_name(KEPT)
    results = training.state / "result"
    try:
        with ZipFile(path) as archive:
            if archive.comment != training.key.encode():
                return None
            shutil.rmtree(results, ignore_errors=True)
            archive.extractall(results)
        complete = all(result.exists() for result in training.results.values())  # others may have been asked for
        return read_fitness(training.results["fitness"]) if complete else None
    except FileNotFoundError:
        return None
    except (BadZipFile, ValueError, zlib.error, NotImplementedError, EOFError) as error:
        print(f"{path} is damaged ({error}), the training is done again.", flush=True)
        return None
