"""Save the best network in several formats."""

import os
from pathlib import Path

from evocnn.jobs.devices import on_device
from evocnn.jobs.process import limit_threads, logged_to

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]), on_device(os.environ, snakemake.resources.jobs_per_gpu):
        from evocnn.network.export import export

        export(
            Path(snakemake.output.saved_model),
            Path(snakemake.output.tflite),
            Path(snakemake.output.onnx),
            Path(snakemake.output.facts),
            model=Path(snakemake.input.model),
            labels=Path(snakemake.input.labels),
        )
