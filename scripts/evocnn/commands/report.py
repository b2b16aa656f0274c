"""Write the report of a run, finished or in progress: one HTML page that works offline.

example: evocnn report results/demo --output demo.html
"""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", type=Path, help="folder of the run, such as results/demo")
    parser.add_argument("--output", type=Path, help="page to write (default: report.html in the folder of the run)")


def run(given: argparse.Namespace) -> int:
    """Build the page."""
    from evocnn.report.page.report_page import build_report
    from evocnn.report.run_files import RunFiles

    build_report(RunFiles.in_folder(given.run), given.output or given.run / "report.html")
    return 0
