"""Genes: what one place of a genome may hold, and how it is drawn and moved."""

import random
from dataclasses import dataclass

Value = int | float | str
Genome = tuple[Value, ...]
"""The heritable description: one value per gene of the space, in the space's order."""


@dataclass(frozen=True)
class Gene:
    """One place of a genome.

    Attributes:
        name: what a block's operation asks for, e.g. "kernel".
        values: everything it may hold, both ends included.
        weights: how often each value is drawn, relative to the others.
        ordered: whether neighbouring values are alike (ordinal), so that a mutation moves by one step.
    """

    name: str
    values: tuple[Value, ...]
    weights: tuple[float, ...]
    ordered: bool

    def draw(self, rng: random.Random) -> Value:
        """Draw a value by its weight."""
        return rng.choices(self.values, self.weights)[0]

    def mutate(self, value: Value, rng: random.Random) -> Value:
        """Another value: a neighbour of an ordinal gene, else any other by its weight; itself if it is the only one."""
        position = self.values.index(value)
        if self.ordered:
            neighbours = [self.values[i] for i in (position - 1, position + 1) if 0 <= i < len(self.values)]
            return rng.choice(neighbours) if neighbours else value
        weights = [0.0 if i == position else weight for i, weight in enumerate(self.weights)]
        return rng.choices(self.values, weights)[0] if any(weights) else value
