"""Take a picture of the upper part of a report, with Debian's Chromium.

example: evocnn screenshot results/demo/report.html docs/report.png
"""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("page", type=Path, help="a report, such as results/demo/report.html")
    parser.add_argument("output", type=Path, help="PNG to write")


def run(given: argparse.Namespace) -> int:
    """Take the picture."""
    from evocnn_bench.browser import take_screenshot

    take_screenshot(given.page, given.output)
    return 0
