"""Genes: what one place of a genome may hold, and how it is drawn and moved."""

import math
import random
from dataclasses import dataclass
from typing import Protocol

Value = int | float | str
Genome = tuple[Value, ...]
"""The heritable description: one value per gene of the space, in the space's order."""

STEP = 0.15
"""Standard deviation of a mutation of a number, as a fraction of its range, or of its range on a logarithmic scale."""


class Gene(Protocol):
    """One place of a genome; `name` is what a block's operation asks for, e.g. "kernel"."""

    @property
    def name(self) -> str:
        """Name."""
        ...

    @property
    def count(self) -> float:
        """How many values it may hold; infinite for a real number."""
        ...

    def draw(self, rng: random.Random) -> Value:
        """Draw a value."""
        ...

    def mutate(self, value: Value, rng: random.Random) -> Value:
        """Another value than this one; itself if there is no other."""
        ...

    def holds(self, value: Value) -> bool:
        """Whether it may hold a value."""
        ...


@dataclass(frozen=True)
class Choice:
    """One of some values.

    Attributes:
        name: see `Gene`.
        values: everything it may hold, both ends included.
        weights: how often each value is drawn, relative to the others.
        ordered: whether neighbouring values are alike (ordinal), so that a mutation moves by one step.
    """

    name: str
    values: tuple[Value, ...]
    weights: tuple[float, ...]
    ordered: bool

    @property
    def count(self) -> float:
        """How many values it may hold."""
        return len(self.values)

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

    def holds(self, value: Value) -> bool:
        """Whether the value is among those it may hold."""
        return value in self.values


@dataclass(frozen=True)
class Number:
    """A number between bounds, both included.

    Attributes:
        name: see `Gene`.
        low: the least it may hold; above 0 on a logarithmic scale.
        high: the most it may hold.
        whole: whether it is an integer.
        logarithmic: whether equal ratios, not equal differences, are drawn alike.
    """

    name: str
    low: float
    high: float
    whole: bool
    logarithmic: bool

    @property
    def count(self) -> float:
        """How many values it may hold."""
        return int(self.high) - int(self.low) + 1 if self.whole else math.inf

    def draw(self, rng: random.Random) -> Value:
        """Draw from the range; whole numbers are rounded, so that the first and the last are drawn too."""
        # Half a step beyond each bound: rounding would draw them half as often as the others.
        low, high = (self.low - 0.5, self.high + 0.5) if self.whole else (self.low, self.high)
        low = max(low, self.low / 2) if self.logarithmic else low
        return self._value(rng.uniform(self._scaled(low), self._scaled(high)))

    def mutate(self, value: Value, rng: random.Random) -> Value:
        """A step from a normal distribution, cut off at the bounds; a whole number moves by one at least."""
        start, width = self._scaled(float(value)), self._scaled(self.high) - self._scaled(self.low)
        result = self._value(start + rng.gauss(0.0, STEP) * width)
        if result != value or not width:
            return result
        steps = [step for step in (-1, 1) if self.low <= float(value) + step <= self.high] if self.whole else []
        return int(value) + rng.choice(steps) if steps else self.draw(rng)

    def holds(self, value: Value) -> bool:
        """Whether the value is a number of the kind, within the bounds."""
        kind = int if self.whole else (int, float)
        return isinstance(value, kind) and not isinstance(value, bool) and self.low <= value <= self.high

    def _scaled(self, value: float) -> float:
        return math.log(value) if self.logarithmic else value

    def _value(self, scaled: float) -> Value:
        value = math.exp(scaled) if self.logarithmic else scaled
        return int(min(max(round(value), self.low), self.high)) if self.whole else min(max(value, self.low), self.high)
