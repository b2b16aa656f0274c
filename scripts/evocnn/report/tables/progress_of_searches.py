"""How fast the searches of a comparison rose: the best score by trainings and by hours."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from evocnn.evolution.fitness import read_fitness
from evocnn.report.run_files import fitness_files


def best_so_far(strategy: str, seed: int, folder: Path) -> pd.DataFrame:
    """A row per training of a search, in the order of breeding.

    Args:
        strategy: of the search.
        seed: of the search.
        folder: of the search, which is finished.

    Returns:
        `strategy`, `seed`, `trainings` so far, `hours` of them, and `best` score on search-valid so far, in percent.
    """
    trained = [read_fitness(path) for of_generation in fitness_files(folder) for path in of_generation]
    seconds = [sum((fitness.training.get("seconds") or {}).values()) for fitness in trained]
    scores = pd.Series([fitness.objectives["score"] for fitness in trained], dtype=float)
    return pd.DataFrame(
        {
            "strategy": strategy,
            "seed": seed,
            "trainings": range(1, len(trained) + 1),
            "hours": pd.Series(seconds, dtype=float).cumsum() / 3600,
            "best": scores.cummax(),
        }
    )


def by_strategy(searches: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Mean and standard deviation of the best score over seeds, by strategy and number of trainings.

    Returns:
        `strategy`, `trainings`, `mean`, `low` and `high`: one standard deviation below and above, none for one seed.
    """
    rows = pd.concat(searches, ignore_index=True).groupby(["strategy", "trainings"], sort=False).best
    table = rows.agg(["mean", "std"]).fillna({"std": 0.0}).reset_index()
    return table.assign(low=table["mean"] - table["std"], high=table["mean"] + table["std"]).drop(columns="std")
