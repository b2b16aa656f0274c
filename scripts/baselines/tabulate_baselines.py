"""Put the best network beside the networks of the literature."""

from pathlib import Path

from evocnn.processes.log import logged_to
from evocnn.report.tables.baselines import Measured, write_baselines

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        files = zip(snakemake.params.names, snakemake.input.fitness, snakemake.input.scores, strict=True)
        write_baselines(
            Path(snakemake.output[0]),
            [
                Measured("evolved", *map(Path, snakemake.input.final)),
                *(Measured(name, Path(fitness), Path(score)) for name, fitness, score in files),
            ],
        )
