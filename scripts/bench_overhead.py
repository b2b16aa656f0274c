"""Measure what it costs that every training is a job of its own: make bench-overhead."""

import sys
import tempfile
from pathlib import Path

from evocnn.bench.document import REPOSITORY, machine, write_section
from evocnn.bench.overhead import bench_overhead

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        text = bench_overhead(Path(folder))
    print(text)
    if "--keep" in sys.argv:
        write_section(REPOSITORY / "docs/benchmarks.md", "make bench-overhead", f"{machine()}\n\n{text}")
