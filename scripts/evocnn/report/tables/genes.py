"""Which genes mattered: how much worse a model predicts scores once the values of a gene are shuffled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evocnn.report.tables.gene_effects import Effect, Pair, main_effects, pairs
from evocnn.report.tables.gene_model import FOLDS, learn

SHUFFLES = 4


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
        effects: of the single places of the genome that the model uses most.
        pairs: of the first of these places, the one that interacts most first.
    """

    networks: int
    explained: float
    genes: tuple[Importance, ...]
    slots: tuple[Importance, ...]
    effects: tuple[Effect, ...] = ()
    pairs: tuple[Pair, ...] = ()


def important_genes(genomes: pd.DataFrame, scores: Sequence[float]) -> Genes | None:
    """The permutation importance of genes in a random forest (Breiman, Machine Learning 45, 2001), cross-validated.

    Args:
        genomes: a row per network, a column per place of the genome, named `part.gene`; see `Space.gene_names`.
        scores: of the networks, (N,), in percent.

    Returns:
        None where fewer than `FEWEST` networks are known, or all scores are equal.
    """
    model = learn(genomes, scores)
    if model is None:
        return None
    names = [str(name).rpartition(".") for name in model.genomes.columns]
    by_gene, by_slot = _groups([gene for _, _, gene in names]), _groups([part for part, _, _ in names])
    groups = [*by_gene.values(), *by_slot.values()]
    variance = float(np.var(model.scores))
    errors, rises = [], []
    for fold, (forest, held) in enumerate(zip(model.forests, model.held, strict=True)):
        rng = np.random.default_rng(fold)
        inputs = model.inputs[held]
        copies = [inputs, *(_shuffled(inputs, at, rng) for at in groups for _ in range(SHUFFLES))]
        # One call for all: each costs more than the predictions of a fold do.
        predicted = forest.predict(np.concatenate(copies)).reshape(len(copies), -1)
        error, *of_copies = np.mean((predicted - model.scores[held]) ** 2, axis=1)
        errors.append(error)
        rises.append(np.reshape(of_copies, (len(groups), SHUFFLES)).mean(1) - error)
    shares = 100 * np.array(rises).T / variance
    explained = 1 - float(np.mean(errors)) / variance
    return Genes(
        len(model.scores),
        explained,
        _ranked(list(by_gene), shares[: len(by_gene)]),
        _ranked(list(by_slot), shares[len(by_gene) :]),
        main_effects(model) if explained > 0 else (),
        pairs(model) if explained > 0 else (),
    )


def _ranked(names: Sequence[str], shares: NDArray[np.float64]) -> tuple[Importance, ...]:
    """From the rises of each (N, folds) to their means and standard errors, the largest first."""
    means, errors = shares.mean(-1), shares.std(-1, ddof=1) / FOLDS**0.5
    of_each = map(Importance, names, means.tolist(), errors.tolist())
    return tuple(sorted(of_each, key=lambda of: -of.importance))


def _groups(names: Sequence[str]) -> Mapping[str, list[int]]:
    return {name: [at for at, other in enumerate(names) if other == name] for name in dict.fromkeys(names)}


def _shuffled(inputs: NDArray[np.float64], places: Sequence[int], rng: np.random.Generator) -> NDArray[np.float64]:
    """Inputs, the values of some places gone to other networks, all of a network together."""
    copies = inputs.copy()
    copies[:, places] = inputs[rng.permutation(len(inputs))][:, places]
    return copies
