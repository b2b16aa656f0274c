"""Show how far a run is, until its final network is scored. It only reads the run's files.

example: evocnn progress results/demo
"""

import argparse
from contextlib import suppress
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", type=Path, help="folder of the run, such as results/demo")
    parser.add_argument("--once", action="store_true", help="show it a single time")
    parser.add_argument("--seconds", type=float, default=5.0, help="time between two updates (default: 5)")


def run(given: argparse.Namespace) -> int:
    """Show the progress; Ctrl-C ends it."""
    from rich.console import Console

    from evocnn.report.progress_view import show_progress

    with suppress(KeyboardInterrupt):
        show_progress(given.run, once=given.once, seconds=given.seconds, console=Console())
    return 0
