"""Measure how much memory the training of deep networks takes: make bench-memory."""

import sys
from pathlib import Path

from evocnn.bench.document import machine, write_section

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/benchmarks.md"

if __name__ == "__main__":
    from evocnn.bench.memory import bench_memory

    text = bench_memory()
    print(text)
    if "--keep" in sys.argv:
        write_section(DOCUMENT, "make bench-memory", f"{machine()}\n\n{text}")
