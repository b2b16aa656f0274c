"""Gather individuals and generations in tables."""

from pathlib import Path

from evocnn.processes.log import logged_to
from evocnn.report.tables.individuals import write_tables

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        write_tables(
            Path(snakemake.output.individuals),
            Path(snakemake.output.generations),
            space=Path(snakemake.input.space),
            offspring=[Path(path) for path in snakemake.input.offspring],
            populations=[Path(path) for path in snakemake.input.populations],
            fitness=[Path(path) for path in snakemake.input.fitness],
        )
