"""Measure how good random networks of the shipped spaces are: make bench-spaces."""

import os
import sys
from pathlib import Path

from evocnn.bench.document import machine, write_section
from evocnn.bench.spaces import bench_spaces

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/benchmarks.md"
NETWORKS = 12

if __name__ == "__main__":
    text = bench_spaces(NETWORKS, os.cpu_count() or 1)
    print(text)
    if "--keep" in sys.argv:
        write_section(DOCUMENT, "make bench-spaces", f"{machine()}\n\n{text}")
