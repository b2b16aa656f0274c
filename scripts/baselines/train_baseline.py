"""Train a network of the literature."""

import os
from pathlib import Path

from evocnn.processes.log import limit_threads, logged_to, named_paths

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.training.job import Baseline, TrainingJob
        from evocnn.training.key import Data
        from evocnn.training.limits import JobLimits
        from evocnn.training.run import run_training
        from evocnn.training.settings import TrainingSettings

        params = snakemake.params
        baseline = Baseline(snakemake.wildcards.baseline, params.width, params.input_size)
        settings = TrainingSettings(**{**params.training, "threads": snakemake.threads})
        start = next(map(Path, snakemake.input.start), None)
        outputs = named_paths(snakemake.output)
        job = TrainingJob(baseline, Data.of(snakemake.input), settings, params.seed, outputs, start)
        run_training(job, JobLimits.of(snakemake.resources), os.environ)
