"""Measure how many trainings every strategy needs: make bench-search NB201=nb201.csv.gz."""

import os
import sys
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[1] / "docs/benchmarks.md"
SEEDS, LANDSCAPES = 200, 10

if __name__ == "__main__":
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_file():
        sys.exit(
            "expected the table of NAS-Bench-201, as docs/benchmarks.md describes it: make bench-search NB201=FILE"
        )
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported: every search has a process of its own
    from evocnn.bench.deceptive import bench_deceptive
    from evocnn.bench.document import machine, write_section
    from evocnn.bench.nb201 import bench_nb201

    cores = os.cpu_count() or 1
    for name, bench in (
        ("make bench-search", lambda: bench_nb201(Path(sys.argv[1]), SEEDS, cores)),
        ("make bench-search, deceptive", lambda: bench_deceptive(LANDSCAPES, cores)),
    ):
        text = bench()
        print(text, flush=True)
        if "--keep" in sys.argv:
            write_section(DOCUMENT, name, f"{machine()}\n\n{text}")
