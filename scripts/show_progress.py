"""Show how far a run is, until it has ended: a command of its own that reads the run's files."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from evocnn.report.progress_view import show_progress

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Show how far a run is, until its final network is scored.")
    parser.add_argument("run", type=Path, help="its folder, such as results/demo")
    parser.add_argument("--once", action="store_true", help="show it a single time")
    parser.add_argument("--seconds", type=float, default=5.0, help="between two looks; 5 if not given")
    given = parser.parse_args()
    try:
        show_progress(given.run, once=given.once, seconds=given.seconds, console=Console())
    except KeyboardInterrupt:
        sys.exit(0)
    except (OSError, ValueError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        sys.exit(2)
