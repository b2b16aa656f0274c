"""Build the report of a run."""

from pathlib import Path

from evocnn.processes.log import logged_to
from evocnn.report.page.report_page import build_report
from evocnn.report.run_files import RunFiles

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        build_report(RunFiles.of(snakemake.input), Path(snakemake.output[0]))
