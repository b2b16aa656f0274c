"""Results of a run in pandas: `evocnn.results.read("results/demo")`. The run may be in progress."""

from pathlib import Path

import pandas as pd

from evocnn.report.run import read_run
from evocnn.report.run_files import RunFiles
from evocnn.report.tables.individuals import individuals_table


def read(run: str | Path) -> pd.DataFrame:
    """The individuals of a run whose trainings have ended.

    Args:
        run: its folder, such as "results/demo"; a search of a comparison is one, too.

    Returns:
        A row per individual, in the order in which they were bred, and the columns of `tables/individuals.csv`: origin,
        score in percent, effort, cost, and genes. What a training does not have is missing.

    Raises:
        ValueError: the folder holds no run, or a file of it is damaged.
    """
    whole = read_run(RunFiles.in_folder(Path(run)))
    survivors = whole.population.survivors if whole.population else ()
    return individuals_table(
        [(training.individual, training.fitness) for training in whole.trainings],
        {survivor.individual.network_id for survivor in survivors},
        whole.space.gene_names,
    )


def read_curves(run: str | Path) -> pd.DataFrame:
    """The learning curves of the same individuals.

    Args:
        run: see `read`.

    Returns:
        A row per epoch: `network_id`, and the columns of `history.csv`, such as `epoch`, `loss`, and `score` in percent
        on search-valid.

    Raises:
        ValueError: see `read`.
    """
    whole = read_run(RunFiles.in_folder(Path(run)))
    rows = [
        {"network_id": training.individual.network_id, **epoch}
        for training in whole.trainings
        for epoch in training.history()
    ]
    return pd.DataFrame(rows, columns=None if rows else ["network_id", "epoch", "loss", "score"])
