"""Write the report of a run, finished or in progress: one HTML page that works offline.

example: evocnn report results/demo --output demo.html
"""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", type=Path, help="folder of the run, such as results/demo")
    parser.add_argument("--output", type=Path, help="page to write (default: report.html in the folder of the run)")
    parser.add_argument(
        "--watch",
        type=int,
        nargs="?",
        const=8000,
        metavar="PORT",
        help="serve the page to browsers of this machine, always as new as the run, until Ctrl-C; nothing is written",
    )


def run(given: argparse.Namespace) -> int:
    """Build the page, or serve it.

    Raises:
        ValueError: the folder holds no run, or a file is damaged.
    """
    if given.watch is not None:
        from evocnn.report.page.live import live_server

        server = live_server(given.run, given.watch)
        print(f"http://127.0.0.1:{server.server_port}/ shows {given.run}; Ctrl-C ends it", flush=True)
        server.serve_forever()
    from evocnn.report.page.report_page import build_report
    from evocnn.report.run_files import RunFiles

    build_report(RunFiles.in_folder(given.run), given.output or given.run / "report.html")
    return 0
