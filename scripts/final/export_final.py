"""Save the best network in several formats."""

import os
from pathlib import Path

from evocnn.processes.leases import on_device
from evocnn.processes.log import limit_threads, logged_to, named_paths

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]), on_device(os.environ, snakemake.resources.jobs_per_gpu):
        from evocnn.network.export import Exports, export

        export(
            Exports(**named_paths(snakemake.output)),
            model=Path(snakemake.input.model),
            labels=Path(snakemake.input.labels),
            train_files=tuple(map(Path, snakemake.input.train)),
        )
