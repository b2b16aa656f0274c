"""How a search goes on from one generation to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

StrategyName = Literal["predictor", "genetic", "aging", "nsga2", "random", "reinforce"]

EVEN: Mapping[str, float] = {
    "mutation": 4.0,
    "insert": 1.0,
    "delete": 1.0,
    "duplicate": 1.0,
    "swap": 1.0,
    "one_point": 2.0,
    "uniform": 2.0,
}


@dataclass(frozen=True)
class Settings:
    """What the configuration says of the search; docs/evolution.md explains the strategies.

    Attributes:
        strategy: by name.
        population: survivors of a generation, 1 or more.
        objectives: expressions, each of which is maximised; see `evaluate_objective`. The first one says who is best.
        tournament: how many survivors compete to be a parent, 1 or more.
        variation: "typed", by the operators, or "real_coded".
        operators: how often each operator makes a child, relative to the others.
        mutation: probability that a gene changes, in generation 0 and from generation `mutation_generations` on.
        mutation_generations: how long it takes to get there, 1 or more.
        immigrants: probability that an individual is drawn anew, 0 to 1.
        restart: generations without a better one after which all are drawn anew; None for never.
        adaptive: whether operators whose children survived are used more.
        candidates: of which the predictor chooses the offspring; at least twice as many as these.
        controller_rate: learning rate of `reinforce`.
    """

    strategy: StrategyName
    population: int
    objectives: tuple[str, ...] = ("score",)
    tournament: int = 3
    variation: Literal["typed", "real_coded"] = "typed"
    operators: Mapping[str, float] = field(default_factory=lambda: EVEN)
    mutation: tuple[float, float] = (0.04, 0.04)
    mutation_generations: int = 1
    immigrants: float = 0.0
    restart: int | None = None
    adaptive: bool = False
    candidates: int = 60
    controller_rate: float = 0.1

    def mutation_rate(self, generation: int) -> float:
        """Probability that a gene changes in a generation: linear between the two that are given."""
        first, last = self.mutation
        return first + (last - first) * min(generation / self.mutation_generations, 1.0)
