"""Genomes as vectors of numbers from 0 to 1, varied as real-coded genetic algorithms do (Deb & Agrawal, 1995)."""

import math
import random

from deap import tools

from evocnn.evolution.randomness import global_draws_from
from evocnn.space.genes import Choice, Gene, Genome, Number, Value
from evocnn.space.space import Space

ETA = 20.0
"""Crowding of both operators: children are the nearer to their parents the larger it is."""


def encode(genome: Genome, space: Space) -> list[float]:
    """Each gene as a number from 0 to 1: the middle of a value's share, or the place between the bounds."""
    return [encode_value(gene, value) for gene, value in zip(space.genes, genome, strict=True)]


def decode(vector: list[float], space: Space) -> Genome:
    """The inverse of `encode`; both ends are reached."""
    return tuple(_value(gene, place) for gene, place in zip(space.genes, vector, strict=True))


def vary(first: Genome, second: Genome, space: Space, rate: float, rng: random.Random) -> Genome:
    """Bounded simulated binary crossover, then polynomial mutation of each number with probability `rate`.

    A child that would be like the first parent gets one gene mutated.
    """
    a, b = encode(first, space), encode(second, space)
    with global_draws_from(rng):
        child = tools.cxSimulatedBinaryBounded(a, b, ETA, 0.0, 1.0)[0]
        mutant = tools.mutPolynomialBounded(list(child), ETA, 0.0, 1.0, rate)[0]
    result = decode(mutant, space)
    if result != first:
        return result
    place = rng.randrange(len(first))
    return (*first[:place], space.genes[place].mutate(first[place], rng), *first[place + 1 :])


def encode_value(gene: Gene, value: Value) -> float:
    """See `encode`."""
    if isinstance(gene, Choice):
        return (gene.values.index(value) + 0.5) / len(gene.values)
    low, high = _bounds(gene)
    return (_scaled(gene, float(value)) - low) / (high - low) if high > low else 0.5


def _value(gene: Gene, place: float) -> Value:
    if isinstance(gene, Choice):
        return gene.values[min(int(place * len(gene.values)), len(gene.values) - 1)]
    assert isinstance(gene, Number)
    low, high = _bounds(gene)
    result = low + place * (high - low)
    result = math.exp(result) if gene.logarithmic else result
    return int(min(max(round(result), gene.low), gene.high)) if gene.whole else min(max(result, gene.low), gene.high)


def _bounds(gene: Gene) -> tuple[float, float]:
    assert isinstance(gene, Number)
    # Half a step beyond each bound, so that rounding does not favour what lies between.
    low, high = (gene.low - 0.5, gene.high + 0.5) if gene.whole else (gene.low, gene.high)
    low = max(low, gene.low / 2) if gene.logarithmic else low
    return _scaled(gene, low), _scaled(gene, high)


def _scaled(gene: Gene, value: float) -> float:
    return math.log(value) if isinstance(gene, Number) and gene.logarithmic else value
