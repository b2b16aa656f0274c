"""Take the picture of a report that the README shows."""

import argparse
from pathlib import Path

from evocnn.bench.browser import take_screenshot

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take a picture of the upper part of a report.")
    parser.add_argument("page", type=Path, help="a report, such as results/demo/report.html")
    parser.add_argument("output", type=Path, help="PNG to write")
    given = parser.parse_args()
    take_screenshot(given.page, given.output)
