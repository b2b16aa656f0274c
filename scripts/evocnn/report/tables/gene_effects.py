"""What single genes do to the predicted score, and which pairs of them do more, or less, together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from evocnn.report.tables.gene_model import GeneModel

EFFECTS, PAIRED = 6, 5
"""Places of the genome, the most used first, whose effects are shown, and of which pairs are."""
OTHERS = 60
"""Networks over whose other genes predictions are averaged."""

Grid = tuple[Sequence[int], Sequence[tuple[float, ...]]]
"""Places of the genome, and combinations of values for them."""


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
    places = model.places[:EFFECTS]
    predicted = _dependence(model, [([place], [(number,) for number in _choices(model, place)]) for place in places])
    return tuple(map(partial(_effect, model), places, predicted))


def pairs(model: GeneModel) -> tuple[Pair, ...]:
    """All pairs of the `PAIRED` places that the model uses most, the one that interacts most first."""
    twos = list(combinations(model.places[:PAIRED], 2))
    grids = [list(product(*(_choices(model, place) for place in two))) for two in twos]
    predicted = _dependence(model, list(zip(twos, grids, strict=True)))
    return tuple(sorted(map(partial(_pair, model), twos, predicted), key=lambda pair: -pair.strength))


def _choices(model: GeneModel, place: int) -> list[float]:
    """The numbers that occur at a place, ascending."""
    return np.unique(model.inputs[:, place]).tolist()


def _effect(model: GeneModel, place: int, predicted: NDArray[np.float64]) -> Effect:
    numbers, counts = np.unique(model.inputs[:, place], return_counts=True)
    column = model.genomes.iloc[:, place].to_numpy()
    names = [str(column[np.argmax(model.inputs[:, place] == number)]) for number in numbers]
    return Effect(
        str(model.genomes.columns[place]),
        tuple(names),
        tuple(predicted.mean(0).tolist()),
        tuple(_standard_error(predicted).tolist()),
        tuple(counts.tolist()),
    )


def _pair(model: GeneModel, places: tuple[int, int], predicted: NDArray[np.float64]) -> Pair:
    joint = predicted.reshape(len(predicted), *(len(_choices(model, place)) for place in places))
    joint = joint - joint.mean((1, 2), keepdims=True)
    more = joint - joint.mean(2, keepdims=True) - joint.mean(1, keepdims=True)
    whole = np.maximum((joint**2).sum((1, 2)), np.finfo(float).tiny)
    shares = 100 * (more**2).sum((1, 2)) / whole
    first, second = (str(model.genomes.columns[place]) for place in places)
    return Pair((first, second), float(shares.mean()), float(_standard_error(shares)))


def _dependence(model: GeneModel, grids: Sequence[Grid]) -> list[NDArray[np.float64]]:
    """Mean prediction of each forest, (forests, values), if networks had the values of a grid at its places."""
    step = max(len(model.inputs) // OTHERS, 1)
    others = model.inputs[::step][:OTHERS]
    copies = []
    for places, values in grids:
        copies.append(np.tile(others, (len(values), 1)))
        copies[-1][:, places] = np.repeat(np.array(values), len(others), axis=0)
    # One call for all: each costs more than the predictions of a grid do.
    rows = np.concatenate(copies)
    means = np.stack([forest.predict(rows).reshape(-1, len(others)).mean(1) for forest in model.forests])
    return np.split(means, np.cumsum([len(values) for _, values in grids])[:-1], axis=1)


def _standard_error(of_forests: NDArray[np.float64]) -> NDArray[np.float64]:
    return of_forests.std(0, ddof=1) / len(of_forests) ** 0.5
