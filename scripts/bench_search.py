"""Measure how many trainings every strategy needs: make bench-search NB201=nb201.csv.gz."""

import os
import sys
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/benchmarks.md"
SEEDS = 200

if __name__ == "__main__":
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_file():
        sys.exit(
            "expected the table of NAS-Bench-201, as docs/benchmarks.md describes it: make bench-search NB201=FILE"
        )
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported: every search has a process of its own
    from evocnn.bench.document import machine, write_section
    from evocnn.bench.search import bench_search

    text = bench_search(Path(sys.argv[1]), SEEDS, os.cpu_count() or 1)
    print(text)
    if "--keep" in sys.argv:
        write_section(DOCUMENT, "make bench-search", f"{machine()}\n\n{text}")
