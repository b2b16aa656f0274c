"""Measure how fast people reach a training: make bench-data."""

import sys
import tempfile
from pathlib import Path

from evocnn.bench.document import machine, write_section
from evocnn.jobs.process import limit_threads

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/benchmarks.md"

if __name__ == "__main__":
    limit_threads(1)
    from evocnn.bench.data import bench_data
    from evocnn.bench.records import bench_records

    with tempfile.TemporaryDirectory() as speeds, tempfile.TemporaryDirectory() as records:
        text = f"{bench_data(Path(speeds))}\n\n{bench_records(Path(records))}"
    print(text)
    if "--keep" in sys.argv:
        write_section(DOCUMENT, "make bench-data", f"{machine()}\n\n{text}")
