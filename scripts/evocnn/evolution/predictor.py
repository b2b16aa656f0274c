"""A predictor of objectives from genomes: a Gaussian process (Rasmussen & Williams, 2006, algorithm 2.1).

It ranks candidates by expected improvement (Jones, Schonlau & Welch, 1998), as predictor-guided evolution does (White,
Neiswanger & Savani, BANANAS, AAAI 2021; Wei et al., NPENAS, 2020). Two networks are alike where their genes are, and
where their graphs are (Ru, Wan, Dong & Osborne, NAS-BOWL, ICLR 2021).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import erf, pi, sqrt
from statistics import NormalDist, median

import numpy as np
from numpy.typing import NDArray

from evocnn.evolution.real_coded import encode_value
from evocnn.space.genes import Choice, Genome
from evocnn.space.graph_features import Features
from evocnn.space.space import Space

Array = NDArray[np.floating]
Measure = Callable[[Sequence["Example"], Sequence["Example"]], Array]
"""Distances between networks, (n, m)."""
DECAYS = (1.0, 2.0, 4.0)
"""How fast likeness falls: its logarithm at the mean distance between genomes, negative."""
NOISES = (0.05, 0.2, 0.5)
"""Variance of the noise of a score, relative to that of scores."""
MEMORY = 300
"""Genomes that a predictor learns from, the best ones."""
SAMPLE = 100
"""Of these, how many the weights of distances, the decay and the noise are chosen on."""


@dataclass(frozen=True)
class Example:
    """What is known of a network before it is trained.

    Attributes:
        genome: of the space.
        features: see `graph_features`.
    """

    genome: Genome
    features: Features


@dataclass(frozen=True)
class Predictor:
    """What was learned; see `learn`.

    Attributes:
        known: networks with a score, n of them.
        measures: distances between networks.
        decays: per unit of each distance.
        factor: lower Cholesky factor of the covariance of the known ones, (n, n).
        weights: of each known one in a prediction, (n,).
        variance: of normal scores.
        best: highest normal score.
    """

    known: Sequence[Example]
    measures: Sequence[Measure]
    decays: tuple[float, ...]
    factor: Array
    weights: Array
    variance: float
    best: float


def at_the_end(courses: Sequence[Sequence[float]]) -> list[float]:
    """Objectives as if all had reached the last rung.

    What a training that was stopped would have gained is taken to be the median gain of those that went on from the
    same rung to the last one.

    Args:
        courses: objectives of each after the rungs that it has reached, one or more.
    """
    last = max(map(len, courses), default=0)
    finished = [course for course in courses if len(course) == last]
    gains = [median(course[-1] - course[rung] for course in finished) for rung in range(last)]
    return [course[-1] + gains[len(course) - 1] for course in courses]


def learn(known: Sequence[Example], objectives: Sequence[float], space: Space) -> Predictor:
    """Fit to normal scores, the ranks as quantiles of a normal distribution: the long tail of bad ones counts less.

    Args:
        known: 2 or more.
        objectives: of each.
        space: of the genomes.

    Returns:
        The most likely of predictors with several weights of the distances, decays, and noises.
    """
    scores = normal_scores(objectives)
    measures: list[Measure] = [partial(_gene_distance, space)]
    measures += [_feature_distance(group, known) for group in _groups(known)]
    distances = [measure(known, known) for measure in measures]
    units = [max(float(distance.mean()), 1e-12) for distance in distances]
    some = slice(None, None, -(-len(known) // SAMPLE))
    few = [distance[some, some] for distance in distances]

    def fit(choice: tuple[tuple[float, ...], float, float], distances: Sequence[Array], scores: Array) -> _Fit:
        shares, decay, noise = choice
        decays = tuple(decay * share / unit for share, unit in zip(shares, units, strict=True))
        return _fit(decays, _likeness(decays, distances) + noise * np.eye(len(scores)), scores)

    choices = product(_mixtures(len(measures)), DECAYS, NOISES)
    fitted = fit(max(choices, key=lambda choice: fit(choice, few, scores[some]).likelihood), distances, scores)
    return Predictor(
        known, measures, fitted.decays, fitted.factor, fitted.weights, fitted.variance, float(scores.max())
    )


@dataclass(frozen=True)
class _Fit:
    decays: tuple[float, ...]
    factor: Array
    weights: Array
    variance: float
    likelihood: float


def _fit(decays: tuple[float, ...], covariance: Array, scores: Array) -> _Fit:
    factor = np.linalg.cholesky(covariance)
    weights = np.linalg.solve(covariance, scores)
    variance = float(scores @ weights) / len(scores)
    likelihood = -0.5 * len(scores) * np.log(variance) - np.log(np.diag(factor)).sum()
    return _Fit(decays, factor, weights, variance, float(likelihood))


def posterior_mean(predictor: Predictor, candidates: Sequence[Example]) -> Array:
    """The normal score that each candidate may be expected to have, (n,): less noisy than the score of a known one."""
    return posterior(predictor, candidates)[0]


def posterior(predictor: Predictor, candidates: Sequence[Example]) -> tuple[Array, Array]:
    """Mean and standard deviation of what is known of each candidate's normal score, (n,) each."""
    likeness = _likeness(predictor.decays, _distances(predictor, candidates))
    explained = (np.linalg.solve(predictor.factor, likeness.T) ** 2).sum(axis=0)
    return likeness @ predictor.weights, np.sqrt(predictor.variance * np.maximum(1 - explained, 1e-9))


def expected_improvement(predictor: Predictor, candidates: Sequence[Example]) -> Array:
    """By how much each candidate's normal score may be expected to exceed the best so far, (n,)."""
    mean, deviation = posterior(predictor, candidates)
    gain = (mean - predictor.best) / deviation
    below = 0.5 * (1 + np.array([erf(x / sqrt(2)) for x in gain]))
    return deviation * (gain * below + np.exp(-0.5 * gain**2) / sqrt(2 * pi))


def _distances(predictor: Predictor, candidates: Sequence[Example]) -> list[Array]:
    return [measure(candidates, predictor.known) for measure in predictor.measures]


def _likeness(decays: Sequence[float], distances: Sequence[Array]) -> Array:
    """Covariance over variance, without noise."""
    return np.exp(-np.tensordot(decays, distances, axes=1))


def _mixtures(count: int) -> list[tuple[float, ...]]:
    """Shares of each distance: any of them, alone or in equal parts."""
    chosen = (pick for pick in product((0, 1), repeat=count) if any(pick))
    return [tuple(part / sum(pick) for part in pick) for pick in chosen]


def _gene_distance(space: Space, a: Sequence[Example], b: Sequence[Example]) -> Array:
    """Sum over genes: how far apart numbers and ordinal values are, 0 to 1, and 1 for different categories."""
    both = _numbers([example.genome for example in (*a, *b)], space)
    ordered = [not isinstance(gene, Choice) or gene.ordered for gene in space.genes]
    return _sum_of_differences(both[: len(a)], both[len(a) :], ordered)


def _numbers(genomes: Sequence[Genome], space: Space) -> Array:
    """Genes as `encode` has them, (n, genes), a column at a time."""
    columns = zip(space.genes, zip(*genomes, strict=True), strict=True)
    places = [{value: encode_value(gene, value) for value in set(column)} for gene, column in columns]
    return np.array([[place[value] for place, value in zip(places, genome, strict=True)] for genome in genomes])


def _groups(known: Sequence[Example]) -> list[str]:
    return sorted({group for example in known for group in example.features})


def _feature_distance(group: str, known: Sequence[Example]) -> Measure:
    """Sum over a group's features of differences, each in standard deviations of the known networks."""
    names = sorted({name for example in known for name in example.features.get(group, {})})
    deviations = _columns(known, group, names).std(axis=0)
    scale = dict(zip(names, np.where(deviations > 0, deviations, 1.0), strict=True))

    def distance(a: Sequence[Example], b: Sequence[Example]) -> Array:
        names = sorted({name for example in (*a, *b) for name in example.features.get(group, {})})
        scales = np.array([scale.get(name, 1.0) for name in names])
        return _sum_of_differences(
            _columns(a, group, names) / scales, _columns(b, group, names) / scales, [True] * len(names)
        )

    return distance


def _columns(examples: Sequence[Example], group: str, names: Sequence[str]) -> Array:
    """Features by name, (n, names)."""
    place = {name: at for at, name in enumerate(names)}
    columns = np.zeros((len(examples), len(names)))
    for row, example in enumerate(examples):
        for name, value in example.features.get(group, {}).items():
            columns[row, place[name]] = value
    return columns


def _sum_of_differences(a: Array, b: Array, ordered: Sequence[bool]) -> Array:
    """Of each row of `a` and each of `b`; columns that are not ordered differ by 0 or 1."""
    far = np.zeros((len(a), len(b)))
    for column, in_order in enumerate(ordered):  # one at a time: all at once would be as many matrices
        left, right = a[:, column], b[:, column]
        far += np.abs(np.subtract.outer(left, right)) if in_order else np.not_equal.outer(left, right)
    return far


def normal_scores(objectives: Sequence[float]) -> Array:
    """Ranks as quantiles of a normal distribution, (n,)."""
    ranks = np.argsort(np.argsort(objectives, kind="stable"), kind="stable")
    normal = NormalDist()
    return np.array([normal.inv_cdf((rank + 0.5) / len(ranks)) for rank in ranks])
