"""A model that predicts scores from genes, learned in folds so that it is judged by networks it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import KFold

FEWEST = 20
"""Networks below which nothing is said about genes."""
MOST = 600
"""Networks that the model learns from; of more, the best and as many others, evenly drawn."""
FOLDS, TREES = 5, 100


@dataclass(frozen=True)
class GeneModel:
    """Random forests (Breiman, Machine Learning 45, 2001), each of which has not seen a fifth of the networks.

    Attributes:
        genomes: a row per network, a column per place of the genome.
        inputs: the same as numbers, (N, places).
        scores: of the networks, (N,), in percent.
        forests: one per fold.
        held: rows of the networks that each forest has not seen.
    """

    genomes: pd.DataFrame
    inputs: NDArray[np.float64]
    scores: NDArray[np.float64]
    forests: tuple[RandomForestRegressor, ...]
    held: tuple[NDArray[np.intp], ...]

    @property
    def places(self) -> list[int]:
        """Columns that the forests use, the most used first: by the mean decrease of impurity."""
        used = np.mean([forest.feature_importances_ for forest in self.forests], axis=0)
        return [int(at) for at in np.argsort(-used, kind="stable") if used[at] > 0]


def learn(genomes: pd.DataFrame, scores: Sequence[float]) -> GeneModel | None:
    """Learn a model.

    Args:
        genomes: a row per network, a column per place of the genome.
        scores: of the networks, (N,), in percent.

    Returns:
        None where fewer than `FEWEST` networks are known, or all scores are equal.
    """
    values = np.asarray(scores, np.float64)
    if len(values) < FEWEST or np.ptp(values) == 0:
        return None
    rows = _chosen(values)
    values, inputs = values[rows], _numbers(genomes.iloc[rows])
    forests, held = [], []
    for fold, (known, unseen) in enumerate(KFold(FOLDS, shuffle=True, random_state=0).split(inputs)):
        forest = RandomForestRegressor(TREES, min_samples_leaf=2, max_features=1 / 3, random_state=fold)
        forests.append(forest.fit(inputs[known], values[known]))
        held.append(unseen)
    return GeneModel(genomes.iloc[rows], inputs, values, tuple(forests), tuple(held))


def _chosen(scores: NDArray[np.float64]) -> NDArray[np.intp]:
    """Rows of at most `MOST` networks."""
    if len(scores) <= MOST:
        return np.arange(len(scores))
    order = np.argsort(-scores, kind="stable")
    others = order[MOST // 2 :]
    return np.sort(np.concatenate([order[: MOST // 2], others[:: len(others) // (MOST // 2)][: MOST // 2]]))


def _numbers(genomes: pd.DataFrame) -> NDArray[np.float64]:
    """Genomes as numbers: those that are numbers, and the places of other values in their order."""
    columns = [
        pd.to_numeric(column, errors="coerce") if _numeric(column) else pd.Categorical(column.astype(str)).codes
        for _, column in genomes.items()
    ]
    return np.column_stack(columns).astype(np.float64)


def _numeric(column: pd.Series) -> bool:
    return bool(pd.to_numeric(column, errors="coerce").notna().all())
