"""Searches of a benchmark: what their files hold, and rows of them, which are kept beside the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.files import read_json
from evocnn.report.run_files import fitness_files, read_run_config
from evocnn_bench.document import PAGES, REPOSITORY
from evocnn_bench.kept_rows import add_rows, digest_of, machine_of, read_rows
from evocnn_bench.workflow import run_workflow

FINAL = "final"
"""The part of a search that trains its finalists; the other parts are its generations, "0" the first."""

Kinds = Mapping[str, tuple[str, Mapping[str, Any]]]
"""What is searched, by its name in tables: strategy and configuration."""


@dataclass(frozen=True)
class Searched:
    """A search: its fitness files in the order of its individuals, generation by generation, and of its finalists.

    Attributes:
        strategy: of the search.
        seed: of the search.
        generations: the fitness of each individual, generation by generation.
        finalists: the fitness of their trainings in full.
        test: score of the final network on the test split, in percent.
    """

    strategy: str
    seed: int
    generations: tuple[tuple[Fitness, ...], ...]
    finalists: tuple[Fitness, ...]
    test: float


def search_seeds(page: str, kinds: Kinds) -> pd.DataFrame:
    """Rows of searches with each of `compare.seeds`, see `rows_of`, kept in docs/benchmarks/<page>.csv.

    Raises:
        ValueError: rows there were made by other code or another configuration, or a run failed.
    """
    configs = {config["experiment"]: config for _, config in kinds.values()}
    kept, made_by = PAGES / f"{page}.csv", digest_of(list(configs.values()))
    (seeds,) = {tuple(config["compare"]["seeds"]) for config in configs.values()}
    rows = read_rows(kept, made_by)
    for seed in seeds:
        if seed not in set(rows["seed"]):
            rows = add_rows(kept, rows, _search(kinds, seed, made_by))
    return rows[rows["seed"].isin(seeds)]


def against_random(config: Mapping[str, Any]) -> Kinds:
    """The default strategy and random search."""
    return {strategy: (strategy, config) for strategy in ("predictor", "random")}


def read_search(run: Path, strategy: str, seed: int) -> Searched:
    """A finished search of a comparison, from the folder of the run."""
    score = _last_file(run, strategy, seed)
    at = score.parents[1]
    generations = tuple(tuple(map(read_fitness, of_generation)) for of_generation in fitness_files(at))
    places = range(read_run_config(at / "config.yaml")["final"]["finalists"])
    finalists = tuple(read_fitness(at / f"final/finalist-{place:02d}/fitness.json") for place in places)
    return Searched(strategy, seed, generations, finalists, read_json(score, "score", ("test",))["test"]["mean"])


def score_of(fitness: Fitness) -> float:
    """On search-valid, in percent."""
    return fitness.objectives["score"]


def rows_of(search: Searched, name: str, made_by: str) -> list[dict[str, Any]]:
    """A row for each generation of a search, and one for its finalists.

    Args:
        search: what was searched.
        name: of the strategy in tables.
        made_by: see `digest_of`.

    Returns:
        `epochs` and `seconds` are sums over the trainings, `mean` and `best` of scores on search-valid in percent.
        `test` is the score of the final network, and empty in rows of generations.
    """
    parts = [*((str(number), part) for number, part in enumerate(search.generations)), (FINAL, search.finalists)]
    of_search = {"machine": machine_of(fitness for _, part in parts for fitness in part), "made_by": made_by}
    return [
        {
            "strategy": name,
            "seed": search.seed,
            "part": label,
            "epochs": sum(int(fitness.training.get("epochs", 0)) for fitness in part),  # a failed training lacks them
            "seconds": sum(sum(fitness.training.get("seconds", {}).values()) for fitness in part),
            "mean": float(np.mean([score_of(fitness) for fitness in part])),
            "best": max(map(score_of, part)),
            "test": search.test if label == FINAL else float("nan"),
            **of_search,
        }
        for label, part in parts
    ]


def _search(kinds: Kinds, seed: int, made_by: str) -> list[dict[str, Any]]:
    """Search with one seed; kinds of one configuration at the same time."""
    runs = {name: Path("results") / config["experiment"] for name, (_, config) in kinds.items()}
    for config in {config["experiment"]: config for _, config in kinds.values()}.values():
        scores = [_last_file(runs[name], kind[0], seed) for name, kind in kinds.items() if kind[1] is config]
        run_workflow(config, [path for score in scores for path in (score, score.parents[1] / "config.yaml")])
    return [
        row
        for name, (strategy, _) in kinds.items()
        for row in rows_of(read_search(REPOSITORY / runs[name], strategy, seed), name, made_by)
    ]


def _last_file(run: Path, strategy: str, seed: int) -> Path:
    return run / f"compare/{strategy}-{seed}/final/score.json"
