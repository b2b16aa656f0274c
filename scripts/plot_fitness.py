"""Plot scores over generations."""

from pathlib import Path

from evocnn.jobs.process import logged_to
from evocnn.report.plots import plot_fitness

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        plot_fitness(
            Path(snakemake.output[0]),
            individuals=Path(snakemake.input.individuals),
            generations=Path(snakemake.input.generations),
            floors=Path(snakemake.input.floors),
        )
