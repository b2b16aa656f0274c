"""Gather all scores of a run."""

from pathlib import Path

from evocnn.processes.log import logged_to
from evocnn.report.run_files import RunFiles
from evocnn.report.tables.score_table import write_scores

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        write_scores(Path(snakemake.output[0]), RunFiles.of(snakemake.input))
