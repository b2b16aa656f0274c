"""Measure what a search of thousands of trainings costs besides them: make bench-scale."""

import sys
from pathlib import Path

from evocnn.bench.document import machine, write_section

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/benchmarks.md"

if __name__ == "__main__":
    from evocnn.bench.scale import bench_scale

    text = bench_scale()
    print(text)
    if "--keep" in sys.argv:
        write_section(DOCUMENT, "make bench-scale", f"{machine()}\n\n{text}")
