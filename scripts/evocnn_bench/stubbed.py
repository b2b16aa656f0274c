"""The workflow with trainings of 10 ms, and what Snakemake takes to run it."""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

WORKFLOW = Path(__file__).resolve().parents[2]
STUB = WORKFLOW / "scripts/evocnn_bench/stub_training.py"
PARTS = ("rules", "scripts", "config", "envs", "profiles", "report")
GPUS = 32
GENERATION = 100
"""Individuals of each generation."""
TABLE = "results/scale/tables/individuals.csv"
BEFORE = (
    "results/scale/generation-000/offspring.json",
    *(f"results/scale/records/{split}/crops.npy" for split in ("train", "valid")),
)
"""What a timed run begins with: the crops, and the founders."""
INTERVAL = 0.2
"""Seconds between two looks at the process."""


@dataclass(frozen=True)
class Command:
    """A `snakemake` command that has ended; CPU time and memory are of its own process, not of its jobs.

    Attributes:
        jobs: planned or done; 0 where the command is for something else.
        seconds: wall time.
        cpu_seconds: user and system.
        peak_mb: resident memory at its highest, in MB.
    """

    jobs: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


def stubbed_workflow(folder: Path) -> Path:
    """Copy the workflow with a stub in place of the script that trains; all rules are as they are."""
    for name in PARTS:
        shutil.copytree(WORKFLOW / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(WORKFLOW / "Snakefile", folder)
    shutil.copy(STUB, folder / "scripts/evolution/train.py")
    return folder


def snakemake(workflow: Path, folder: Path, trainings: int, *arguments: str) -> Command:
    """Run a search of so many trainings in a folder of its own, on simulated GPUs.

    Raises:
        RuntimeError: it failed; the text is the end of what it printed.
    """
    folder.mkdir(exist_ok=True)
    size = {"population": GENERATION, "offspring": GENERATION, "generations": trainings // GENERATION}
    configuration = {
        "experiment": "scale",
        "dataset": {"input_size": 32},
        "toy": {"train_people": 20, "valid_people": 10},
        "evolution": {**size, "strategy": "genetic"},
    }
    (folder / "scale.yaml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "snakemake",
        *arguments,
        "--quiet",
        "rules",
        "--snakefile",
        f"{workflow}/Snakefile",
    ]
    command += ["--directory", str(folder), "--configfile", str(folder / "scale.yaml")]
    command += ["--cores", str(GPUS), "--resources", f"gpu={GPUS}"]
    output = folder / "output.txt"
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / ".cache")}
    started = time.perf_counter()
    with output.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, cwd=workflow, env=environment)
    peak, cpu = _watch(process)
    seconds, text = time.perf_counter() - started, output.read_text(encoding="utf-8")
    if process.returncode:
        raise RuntimeError(f"snakemake failed: {text[-2000:]}")
    total = re.search(r"^total +(\d+)", text, re.MULTILINE)
    return Command(int(total[1]) if total else 0, seconds, cpu, peak)


def _watch(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Highest memory in MB and CPU seconds of a process that runs, from looking at it until its end."""
    peak = cpu = 0.0
    seen = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            peak, times = max(peak, seen.memory_info().rss / 1e6), seen.cpu_times()
            cpu = times.user + times.system
        except psutil.Error:
            break
        time.sleep(INTERVAL)
    process.wait()
    return peak, cpu
