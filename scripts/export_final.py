"""Save the best network as a SavedModel."""

import os
from pathlib import Path

from evocnn.jobs.devices import on_device
from evocnn.jobs.process import limit_threads, logged_to

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]), on_device(os.environ, snakemake.resources.jobs_per_gpu):
        from evocnn.network.steps import export

        export(Path(snakemake.output[0]), model=Path(snakemake.input[0]))
