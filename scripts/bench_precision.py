"""Measure what 16 bits and XLA do to trainings: make bench-precision."""

import sys
from pathlib import Path

from evocnn.bench.document import machine, write_section

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/benchmarks.md"

if __name__ == "__main__":
    from evocnn.bench.precision import bench_precision

    text = bench_precision()
    print(text)
    if "--keep" in sys.argv:
        write_section(DOCUMENT, "make bench-precision", f"{machine()}\n\n{text}")
