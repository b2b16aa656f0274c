"""The best network of a search beside networks of the literature, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from evocnn.csv_files import read_csv
from evocnn.evolution.fitness import read_fitness
from evocnn.files import read_json, replacing


@dataclass(frozen=True)
class Measured:
    """A trained network: what it is called, its fitness, and its score on test (a file of kind "score")."""

    name: str
    fitness: Path
    score: Path


def write_baselines(output: Path, networks: Sequence[Measured]) -> None:
    """Write a row per network as CSV: score on test in percent, cost, and what its training took.

    Raises:
        ValueError: a file is damaged.
    """
    table = pd.DataFrame(map(row_of, networks))
    with replacing(output) as temporary:
        table.to_csv(temporary, index=False, float_format="%.3f")


def read_baselines(path: Path) -> pd.DataFrame:
    """Read a table of `write_baselines`, network ids as text."""
    return read_csv(path, ["network", "network_id"], {"network_id": str})


def row_of(network: Measured) -> dict[str, Any]:
    """What the table says of a network, by column: scores in percent, memory in MB, latency in ms.

    Raises:
        ValueError: a file is damaged.
    """
    fitness, score = read_fitness(network.fitness), read_json(network.score, "score", ("metric", "test"))
    training = fitness.training
    return {
        "network": network.name,
        "network_id": fitness.provenance["network_id"],
        "metric": score["metric"],
        "score": score["test"]["mean"],
        "standard_error": score["test"]["standard_error"],
        "valid_score": fitness.objectives["score"],
        "params": fitness.cost["params"],
        "macs": fitness.cost["macs"],
        "memory_mb": fitness.cost["memory_mb"],
        "peak_memory_mb": training["peak_memory_mb"],
        "peak_gpu_memory_mb": training.get("peak_gpu_memory_mb"),
        "latency_ms": fitness.metrics.get("latency_ms"),
        "epochs": training["epochs"],
        "best_epoch": training["best_epoch"],
        "seconds": sum(training["seconds"].values()),
    }
