"""A predictor of objectives from genomes: a Gaussian process (Rasmussen & Williams, 2006, algorithm 2.1).

It ranks candidates by expected improvement (Jones, Schonlau & Welch, 1998), as predictor-guided evolution does (White,
Neiswanger & Savani, BANANAS, AAAI 2021; Wei et al., NPENAS, 2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import erf, pi, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from evocnn.evolution.real_coded import encode_value
from evocnn.space.genes import Choice, Genome
from evocnn.space.space import Space

Array = NDArray[np.floating]
DECAYS = (1.0, 2.0, 4.0)
"""How fast likeness falls: its logarithm at the mean distance between genomes, negative."""
NOISES = (0.05, 0.2)
"""Variance of the noise of a score, relative to that of scores."""
MEMORY = 300
"""Genomes that a predictor learns from, the best ones."""


@dataclass(frozen=True)
class Predictor:
    """What was learned; see `learn`.

    Attributes:
        known: genomes as numbers, (n, genes).
        decay: per unit of distance.
        factor: lower Cholesky factor of their covariance, (n, n).
        weights: of each known genome in a prediction, (n,).
        variance: of normal scores.
        best: highest normal score.
    """

    known: Array
    decay: float
    factor: Array
    weights: Array
    variance: float
    best: float


def learn(genomes: Sequence[Genome], objectives: Sequence[float], space: Space) -> Predictor:
    """Fit to normal scores, the ranks as quantiles of a normal distribution: the long tail of bad ones counts less.

    Args:
        genomes: 2 or more.
        objectives: of each.
        space: of the genomes.

    Returns:
        The most likely of predictors with several decays and noises.
    """
    known = _numbers(genomes, space)
    scores = _normal_scores(objectives)
    distance = _distance(known, known, space)
    unit = max(float(distance.mean()), 1e-12)
    fitted = []
    for decay, noise in product(DECAYS, NOISES):
        covariance = np.exp(-decay / unit * distance) + noise * np.eye(len(known))
        factor = np.linalg.cholesky(covariance)
        weights = np.linalg.solve(covariance, scores)
        variance = float(scores @ weights) / len(scores)
        likelihood = -0.5 * len(scores) * np.log(variance) - np.log(np.diag(factor)).sum()
        fitted.append((likelihood, Predictor(known, decay / unit, factor, weights, variance, float(scores.max()))))
    return max(fitted, key=lambda pair: pair[0])[1]


def expected_improvement(predictor: Predictor, genomes: Sequence[Genome], space: Space) -> Array:
    """By how much each genome's normal score may be expected to exceed the best so far, (n,)."""
    likeness = np.exp(-predictor.decay * _distance(_numbers(genomes, space), predictor.known, space))
    mean = likeness @ predictor.weights
    explained = (np.linalg.solve(predictor.factor, likeness.T) ** 2).sum(axis=0)
    deviation = np.sqrt(predictor.variance * np.maximum(1 - explained, 1e-9))
    gain = (mean - predictor.best) / deviation
    below = 0.5 * (1 + np.array([erf(x / sqrt(2)) for x in gain]))
    return deviation * (gain * below + np.exp(-0.5 * gain**2) / sqrt(2 * pi))


def _numbers(genomes: Sequence[Genome], space: Space) -> Array:
    """Genes as `encode` has them, (n, genes), a column at a time."""
    columns = zip(space.genes, zip(*genomes, strict=True), strict=True)
    places = [{value: encode_value(gene, value) for value in set(column)} for gene, column in columns]
    return np.array([[place[value] for place, value in zip(places, genome, strict=True)] for genome in genomes])


def _distance(a: Array, b: Array, space: Space) -> Array:
    """Sum over genes: how far apart numbers and ordinal values are, 0 to 1, and 1 for different categories."""
    ordered = np.array([not isinstance(gene, Choice) or gene.ordered for gene in space.genes])
    far = np.zeros((len(a), len(b)))
    for column in np.flatnonzero(ordered):  # one at a time: all at once would be as many matrices
        far += np.abs(np.subtract.outer(a[:, column], b[:, column]))
    for column in np.flatnonzero(~ordered):
        far += np.not_equal.outer(a[:, column], b[:, column])
    return far


def _normal_scores(objectives: Sequence[float]) -> Array:
    ranks = np.argsort(np.argsort(objectives, kind="stable"), kind="stable")
    normal = NormalDist()
    return np.array([normal.inv_cdf((rank + 0.5) / len(ranks)) for rank in ranks])
