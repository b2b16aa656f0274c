"""Train one individual."""

import os
from pathlib import Path

from evocnn.processes.log import limit_threads, logged_to, named_paths

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.training.job import Evolved, TrainingJob
        from evocnn.training.key import Data
        from evocnn.training.limits import JobLimits
        from evocnn.training.run import run_training
        from evocnn.training.settings import TrainingSettings
        from evocnn.training.stage import enter

        number, stage = int(snakemake.wildcards.individual), None
        if rung := snakemake.wildcards.get("rung"):
            number, stage = enter(
                int(rung),
                number,
                snakemake.params.ends,
                next(map(Path, snakemake.input.promoted), None),
                [Path(path) for path in snakemake.input.checkpoints],
            )
        individual = Evolved(
            Path(snakemake.input.offspring),
            number,
            space_files=(Path(snakemake.input.space), *map(Path, snakemake.input.operations)),
            inherited=tuple(map(Path, snakemake.input.inherited)),
        )
        settings = TrainingSettings(**{**snakemake.params.training, "threads": snakemake.threads})
        data, outputs = Data.of(snakemake.input), named_paths(snakemake.output)
        start = next(map(Path, snakemake.input.get("start", [])), None)
        job = TrainingJob(individual, data, settings, snakemake.params.seed, outputs, start, stage)
        run_training(job, JobLimits.of(snakemake.resources), os.environ)
