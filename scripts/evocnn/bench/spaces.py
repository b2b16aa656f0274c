"""How good random networks of spaces are: each trained as an individual of a search, by the workflow itself."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, median, stdev
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from evocnn.bench.document import table
from evocnn.evolution.fitness import Fitness, read_fitness

REPOSITORY = Path(__file__).resolve().parents[3]
SPACES: Mapping[str, Mapping[str, int]] = {
    "default": {"params": 500_000, "macs": 12_000_000},
    "evopose2d": {"params": 5_000_000, "macs": 96_000_000},
}
"""Limits of each space: of `default` those of the demo, of `evopose2d` the least that one in thirty networks keeps."""
EXTRA_MB = 4000


def bench_spaces(networks: int, cores: int, overlay: Mapping[str, Any] | None = None) -> str:
    """Train random networks of every space on the toy data set; the result as Markdown.

    Args:
        networks: of each space.
        cores: that train side by side.
        overlay: of the demo's configuration, laid over what the benchmark sets.
    """
    with TemporaryDirectory() as folder:
        found = {space: _train(Path(folder), space, networks, cores, overlay or {}) for space in SPACES}
    head = [
        "random networks of",
        "score, mean ± sd",
        "best",
        "median parameters",
        "median MACs",
        "seconds of a training",
    ]
    return table([head, *([space, *_describe(trained)] for space, trained in found.items())])


def _train(folder: Path, space: str, networks: int, cores: int, overlay: Mapping[str, Any]) -> list[Fitness]:
    configuration = {
        "experiment": space,
        "space": f"config/spaces/{space}.yaml",
        "evolution": {"strategy": "random", "generations": 1, "population": networks},
        "limits": {**SPACES[space], "memory_mb": EXTRA_MB},
    }
    files = []
    for name, content in (("space", configuration), ("overlay", overlay)):
        files.append(folder / f"{name}.yaml")
        files[-1].write_text(yaml.safe_dump(dict(content)))
    generation = f"results/{space}/generation-000"
    command = [sys.executable, "-m", "snakemake", f"{generation}/population.json", "--quiet", "all"]
    command += ["--cores", str(cores), "--resources", f"gpu={cores}", "--snakefile", str(REPOSITORY / "Snakefile")]
    command += ["--directory", str(folder), "--configfile", *map(str, files)]
    subprocess.run(command, check=True)
    return [read_fitness(path) for path in sorted((folder / generation).glob("individual-*/fitness.json"))]


def _describe(trained: Sequence[Fitness]) -> list[str]:
    scores = [fitness.objectives["score"] for fitness in trained]
    middle = {name: median(fitness.cost[name] for fitness in trained) for name in ("params", "macs")}
    seconds = [sum(fitness.training["seconds"].values()) for fitness in trained]
    return [
        f"{fmean(scores):.1f} ± {stdev(scores):.1f}",
        f"{max(scores):.1f}",
        f"{middle['params']:,.0f}",
        f"{middle['macs'] / 1e6:,.1f} M",
        f"{fmean(seconds):.0f}",
    ]
