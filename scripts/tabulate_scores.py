"""Gather the scores of everybody who was scored."""

from pathlib import Path

from evocnn.jobs.process import logged_to
from evocnn.report.standings import write_standings

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        write_standings(Path(snakemake.output[0]), Path(snakemake.input.config).parent)
