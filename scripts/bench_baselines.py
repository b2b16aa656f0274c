"""Search on photographs, and hold the result against networks of the literature: make bench-baselines LSPET=FOLDER."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from evocnn.bench.baselines import bench_baselines
from evocnn.bench.document import machine, write_section

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs/benchmarks.md"
RUN = ROOT / "results/lspet"

if __name__ == "__main__":
    if len(sys.argv) < 2 or not (Path(sys.argv[1]) / "annot/train.json").is_file():
        sys.exit("expected the folder that config/lspet.yaml describes: make bench-baselines LSPET=FOLDER")
    with tempfile.TemporaryDirectory() as folder:
        mine = Path(folder) / "mine.yaml"
        mine.write_text(yaml.safe_dump({"dataset": {"root": str(Path(sys.argv[1]).resolve())}}))
        # One job per core, on one thread each: seconds of trainings can be compared. Continues what was interrupted.
        cores = len(os.sched_getaffinity(0))
        where = ["--cores", str(cores), "--resources", f"gpu={cores}"]
        command = [sys.executable, "-m", "snakemake", *where, "--configfile"]
        finished = subprocess.run([*command, str(ROOT / "config/lspet.yaml"), str(mine)], cwd=ROOT, check=False)
    if finished.returncode:
        sys.exit("the run has not finished; see above, and type the same command again to continue it")
    text = bench_baselines(RUN)
    print(text)
    if "--keep" in sys.argv:
        write_section(DOCUMENT, "make bench-baselines", f"{machine()}\n\n{text}")
