"""Which genes mattered: how much worse a model predicts scores once the values of a gene are shuffled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import KFold

FEWEST = 20
"""Networks below which nothing is said about genes."""
MOST = 1000
"""Networks that the model learns from; of more, the best and as many others, evenly drawn."""
FOLDS, SHUFFLES, TREES = 5, 4, 100


@dataclass(frozen=True)
class Importance:
    """How much a gene, or a slot, mattered.

    Attributes:
        name: of the gene in all slots together, such as "kernel", or of the slot, such as "block-03".
        importance: rise of the squared error once its values are shuffled, in percent of the variance of scores.
        error: standard error over folds.
    """

    name: str
    importance: float
    error: float


@dataclass(frozen=True)
class Genes:
    """What the genes of a search say about its scores.

    Attributes:
        networks: how many the model has learned from.
        explained: share of the variance of scores that it predicts for networks it has not seen; 1 is everything, 0 or
            less nothing.
        genes: of each gene, all slots together, the most important first.
        slots: of each slot, all its genes together, the most important first.
    """

    networks: int
    explained: float
    genes: tuple[Importance, ...]
    slots: tuple[Importance, ...]


def important_genes(genomes: pd.DataFrame, scores: Sequence[float]) -> Genes | None:
    """The permutation importance of genes in a random forest (Breiman, Machine Learning 45, 2001), cross-validated.

    Args:
        genomes: a row per network, a column per place of the genome, named `part.gene`; see `Space.gene_names`.
        scores: of the networks, (N,), in percent.

    Returns:
        None where fewer than `FEWEST` networks are known, or all scores are equal.
    """
    values = np.asarray(scores, np.float64)
    if len(values) < FEWEST or np.ptp(values) == 0:
        return None
    rows = _chosen(values)
    values, inputs = values[rows], _numbers(genomes.iloc[rows])
    names = [str(name).rpartition(".") for name in genomes.columns]
    by_gene, by_slot = _groups([gene for _, _, gene in names]), _groups([part for part, _, _ in names])
    groups = [*by_gene.values(), *by_slot.values()]
    variance = float(np.var(values))
    errors, rises = [], []
    for fold, (known, held) in enumerate(KFold(FOLDS, shuffle=True, random_state=0).split(inputs)):
        forest = RandomForestRegressor(TREES, min_samples_leaf=2, max_features=1 / 3, random_state=fold)
        forest.fit(inputs[known], values[known])
        rng = np.random.default_rng(fold)
        errors.append(_error(forest, inputs[held], values[held]))
        rises.append([_shuffled(forest, inputs[held], values[held], at, rng) - errors[-1] for at in groups])
    shares = 100 * np.array(rises).T / variance
    return Genes(
        len(values),
        1 - float(np.mean(errors)) / variance,
        _ranked(list(by_gene), shares[: len(by_gene)]),
        _ranked(list(by_slot), shares[len(by_gene) :]),
    )


def _ranked(names: Sequence[str], shares: NDArray[np.float64]) -> tuple[Importance, ...]:
    """From the rises of each (N, folds) to their means and standard errors, the largest first."""
    means, errors = shares.mean(-1), shares.std(-1, ddof=1) / FOLDS**0.5
    of_each = map(Importance, names, means.tolist(), errors.tolist())
    return tuple(sorted(of_each, key=lambda of: -of.importance))


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


def _groups(names: Sequence[str]) -> Mapping[str, list[int]]:
    return {name: [at for at, other in enumerate(names) if other == name] for name in dict.fromkeys(names)}


def _error(forest: RandomForestRegressor, inputs: NDArray[np.float64], scores: NDArray[np.float64]) -> float:
    return float(np.mean((forest.predict(inputs) - scores) ** 2))


def _shuffled(
    forest: RandomForestRegressor,
    inputs: NDArray[np.float64],
    scores: NDArray[np.float64],
    places: Sequence[int],
    rng: np.random.Generator,
) -> float:
    """The squared error once the values of some places have gone to other networks, all of a network together."""
    copies = np.tile(inputs, (SHUFFLES, 1))
    for copy in range(SHUFFLES):
        here = slice(copy * len(inputs), (copy + 1) * len(inputs))
        copies[here][:, places] = inputs[rng.permutation(len(inputs))][:, places]
    return _error(forest, copies, np.tile(scores, SHUFFLES))
