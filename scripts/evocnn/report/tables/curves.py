"""Learning curves of a search, and after which epoch the order of networks is settled."""

from collections.abc import Iterable, Sequence

import pandas as pd

from evocnn.report.run import Training
from evocnn.report.tables.probe import Agreement, agreement, settled_after

FEWEST = 8
"""Complete trainings below which nothing is said about their order."""


def learning_curves(trainings: Iterable[tuple[int, Training]]) -> pd.DataFrame:
    """A row per epoch of trainings that ended well: `key`, `generation`, `epoch` from 1, `score` in percent.

    Args:
        trainings: each with its key.
    """
    rows = [
        {"key": key, "generation": training.individual.generation, "epoch": int(row["epoch"]), "score": row["score"]}
        for key, training in trainings
        if training.fitness.status == "ok"
        for row in training.history()
    ]
    return pd.DataFrame(rows, columns=["key", "generation", "epoch", "score"])


def order_by_epoch(curves: pd.DataFrame) -> list[Agreement]:
    """Rank correlation of the scores after each epoch but the last with those at the end, of complete trainings.

    Returns:
        An empty list where fewer than `FEWEST` trainings are complete.
    """
    table = curves.pivot_table(index="key", columns="epoch", values="score").dropna()
    if len(table) < FEWEST:
        return []
    last = table.iloc[:, -1].tolist()
    return [agreement(table[epoch].tolist(), last) for epoch in table.columns[:-1]]


def settled(orders: Sequence[Agreement]) -> str:
    """What the orders after each epoch mean, as a sentence; "" where there are none."""
    if not orders:
        return ""
    epochs = len(orders) + 1
    first = settled_after(orders)
    if first is None:
        return (
            f"The order of networks is not settled before the end: after epoch {epochs - 1} of {epochs}, scores have a "
            f"rank correlation of {orders[-1]} with those of the last epoch. Longer trainings may give another order."
        )
    return (
        f"After epoch {first} of {epochs} the order of networks is settled: the rank correlation with the last "
        f"epoch is {orders[first - 1]}."
    )
