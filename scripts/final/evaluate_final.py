"""Score the best network on the test split."""

import os
from pathlib import Path

from evocnn.processes.leases import on_device
from evocnn.processes.log import limit_threads, logged_to

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]), on_device(os.environ, snakemake.resources.jobs_per_gpu):
        from evocnn.network.evaluation import evaluate

        evaluate(
            Path(snakemake.output.score),
            Path(snakemake.output.predictions),
            model=Path(snakemake.input.model),
            test_files=tuple(map(Path, snakemake.input.test)),
            labels=Path(snakemake.input.labels),
            space=Path(snakemake.input.space),
            batch_size=snakemake.params.batch_size,
            flip_test=snakemake.params.flip_test,
            calibration=Path(snakemake.output.calibration),
            valid_files=tuple(map(Path, snakemake.input.valid)),
        )
