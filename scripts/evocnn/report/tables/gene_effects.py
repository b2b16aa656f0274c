"""What single genes do to the predicted score, and which pairs of them do more, or less, together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from evocnn.report.tables.gene_model import GeneModel

EFFECTS, PAIRED = 6, 5
"""Places of the genome, the most used first, whose effects are shown, and of which pairs are."""
OTHERS = 60
"""Networks over whose other genes predictions are averaged."""


@dataclass(frozen=True)
class Effect:
    """The main effect of one place of the genome: its partial dependence (Friedman, Annals of Statistics 29, 2001).

    Attributes:
        name: of the place, such as "block-03.kernel".
        choices: values that occur, numbers ascending, others by name.
        scores: mean prediction if all networks had the value, in percent, one per value.
        errors: standard errors over the forests.
        networks: how many have the value.
    """

    name: str
    choices: tuple[str, ...]
    scores: tuple[float, ...]
    errors: tuple[float, ...]
    networks: tuple[int, ...]


@dataclass(frozen=True)
class Pair:
    """How far two places interact: Friedman & Popescu's H (Annals of Applied Statistics 2, 2008).

    Attributes:
        names: of both places.
        strength: share of the variance of their joint effect that is not the sum of both effects, in percent.
        error: standard error over the forests.
    """

    names: tuple[str, str]
    strength: float
    error: float


def main_effects(model: GeneModel) -> tuple[Effect, ...]:
    """The effects of the places that the model uses most; at most `EFFECTS`, the most used first."""
    return tuple(_effect(model, place) for place in model.places[:EFFECTS])


def pairs(model: GeneModel) -> tuple[Pair, ...]:
    """All pairs of the `PAIRED` places that the model uses most, the one that interacts most first."""
    of_each = [_pair(model, *two) for two in combinations(model.places[:PAIRED], 2)]
    return tuple(sorted(of_each, key=lambda pair: -pair.strength))


def _effect(model: GeneModel, place: int) -> Effect:
    numbers, counts = np.unique(model.inputs[:, place], return_counts=True)
    column = model.genomes.iloc[:, place].to_numpy()
    names = [str(column[np.argmax(model.inputs[:, place] == number)]) for number in numbers]
    predicted = _dependence(model, [place], [(number,) for number in numbers])
    return Effect(
        str(model.genomes.columns[place]),
        tuple(names),
        tuple(predicted.mean(0).tolist()),
        tuple(_standard_error(predicted).tolist()),
        tuple(counts.tolist()),
    )


def _pair(model: GeneModel, first: int, second: int) -> Pair:
    left, right = (np.unique(model.inputs[:, place]) for place in (first, second))
    joint = _dependence(model, [first, second], list(product(left, right))).reshape(-1, len(left), len(right))
    joint -= joint.mean((1, 2), keepdims=True)
    more = joint - joint.mean(2, keepdims=True) - joint.mean(1, keepdims=True)
    whole = np.maximum((joint**2).sum((1, 2)), np.finfo(float).tiny)
    shares = 100 * (more**2).sum((1, 2)) / whole
    names = str(model.genomes.columns[first]), str(model.genomes.columns[second])
    return Pair(names, float(shares.mean()), float(_standard_error(shares)))


def _dependence(model: GeneModel, places: Sequence[int], values: Sequence[tuple[float, ...]]) -> NDArray[np.float64]:
    """Mean prediction of each forest, (forests, values), if networks had some values at these places."""
    step = max(len(model.inputs) // OTHERS, 1)
    others = model.inputs[::step][:OTHERS]
    copies = np.tile(others, (len(values), 1))
    copies[:, places] = np.repeat(np.array(values), len(others), axis=0)
    return np.stack([forest.predict(copies).reshape(len(values), -1).mean(1) for forest in model.forests])


def _standard_error(of_forests: NDArray[np.float64]) -> NDArray[np.float64]:
    return of_forests.std(0, ddof=1) / len(of_forests) ** 0.5
