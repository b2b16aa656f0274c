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

        individual = Evolved(
            Path(snakemake.input.offspring),
            int(snakemake.wildcards.individual),
            space_files=(Path(snakemake.input.space), *map(Path, snakemake.input.operations)),
            inherited=tuple(map(Path, snakemake.input.inherited)),
        )
        settings = TrainingSettings(**{**snakemake.params.training, "threads": snakemake.threads})
        data, outputs = Data.of(snakemake.input), named_paths(snakemake.output)
        start = next(map(Path, snakemake.input.get("start", [])), None)
        job = TrainingJob(individual, data, settings, snakemake.params.seed, outputs, start)
        run_training(job, JobLimits.of(snakemake.resources), os.environ)
