"""Measure what children gain by their parents' weights: make bench-inherit."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from evocnn.bench.document import machine, write_section
from evocnn.jobs.process import limit_threads

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/benchmarks.md"

if __name__ == "__main__":
    limit_threads(1)
    from evocnn.bench.inherit import bench_inherit

    with TemporaryDirectory() as folder:
        text = bench_inherit(Path(folder))
    print(text)
    if "--keep" in sys.argv:
        write_section(DOCUMENT, "make bench-inherit", f"{machine()}\n\n{text}")
