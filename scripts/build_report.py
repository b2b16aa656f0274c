"""Build the report of a run: for its rule, and as a command of its own on whatever there is of a run."""

import argparse
import sys
from pathlib import Path

from evocnn.jobs.process import logged_to
from evocnn.report.html import build_report

if "snakemake" in globals():
    with logged_to(snakemake.log[0]):
        build_report(Path(snakemake.output[0]).parent, Path(snakemake.output[0]))
elif __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the report of a run, finished or in progress.")
    parser.add_argument("run", type=Path, help="its folder, such as results/demo")
    parser.add_argument("--output", type=Path, help="report.html in that folder if not given")
    given = parser.parse_args()
    try:
        build_report(given.run, given.output or given.run / "report.html")
    except (OSError, ValueError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        sys.exit(2)
