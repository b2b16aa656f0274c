"""How a search continues from one generation to the next, as the configuration says; without TensorFlow."""

from typing import Annotated, Literal

from pydantic import Field

from evocnn.section import BuiltInOrOwn, Section
from evocnn.space.cost import Cost

StrategyName = Annotated[str, BuiltInOrOwn(("predictor", "genetic", "aging", "nsga2", "random", "reinforce"))]
Weight = Annotated[float, Field(ge=0)]
MOST = 100_000
"""Individuals or candidates that a search may have: more is a slip of the pen."""
Probability = Annotated[float, Field(ge=0, le=1)]


class OperatorWeights(Section):
    """The section `evolution.operators`: how often each operator makes a child, relative to the others."""

    mutation: float = Field(8.0, gt=0, description="Genes change.")
    insert: Weight = Field(1.0, description="A random block is inserted between others.")
    delete: Weight = Field(1.0, description="A block is removed.")
    duplicate: Weight = Field(1.0, description="A block is repeated.")
    swap: Weight = Field(1.0, description="Two blocks change places.")
    one_point: Weight = Field(2.0, description="The first blocks of one parent and the last blocks of another.")
    uniform: Weight = Field(4.0, description="Each block from either parent.")


class EvolutionSettings(Section):
    """The section `evolution`; docs/evolution.md explains the strategies.

    Every field but `generations` changes what `breed` and `select` give; more generations only add jobs.
    """

    generations: int = Field(
        8, ge=1, le=10_000, description="Number of generations, the founders' generation included."
    )
    population: int = Field(
        3, ge=1, le=MOST, description="Survivors of a generation (μ), and number of founders. Individuals."
    )
    offspring: int = Field(
        4, ge=1, le=MOST, description="Individuals that are bred and trained in each later generation (λ)."
    )
    overlap: int = Field(
        0,
        ge=0,
        description="How many generations breeding runs ahead of selection, so that no job waits for the slowest "
        "training. 0 is the classical algorithm. Generations.",
    )
    rungs: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        (),
        description="Epochs after which the trainings of a generation pause, and only the best go on to the next of "
        "these, the last ones to training.epochs (successive halving, docs/evolution.md). Increasing numbers; empty "
        "trains every individual to training.epochs.",
    )
    promote: float = Field(
        0.33,
        gt=0,
        lt=1,
        description="Share of a rung's individuals that go on to the next one; three at least.",
    )
    strategy: StrategyName = Field(
        "predictor",
        description="How individuals are proposed, and who survives (docs/evolution.md). FILE.py:NAME is a strategy of "
        "your own (docs/extending.md).",
    )
    objectives: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        ("score",),
        min_length=1,
        description="Expressions of score, params, macs, memory_mb, dead_blocks and (with training.latency) "
        "latency_ms; each is maximised. The first one ranks individuals; predictor, nsga2 and random use all of them, "
        "other strategies have one.",
    )
    founders: tuple[str, ...] = Field(
        (),
        description="Files of genomes that generation 0 trains before it draws others: population.json or "
        "offspring.json of earlier runs, or a YAML list of genomes (docs/evolution.md).",
    )
    tournament: int = Field(2, ge=1, description="How many survivors compete to be a parent. Individuals.")
    variation: Literal["typed", "real_coded"] = Field(
        "typed",
        description="How children are made: typed uses the operators below; real_coded uses simulated binary crossover "
        "and polynomial mutation.",
    )
    operators: OperatorWeights = Field(
        OperatorWeights(), description="How often each operator makes a child, relative to the others."
    )
    mutation: tuple[Probability, Probability] = Field(
        (0.04, 0.04),
        description="Probability that a gene changes, in generation 0 and from generation `mutation_generations` on; "
        "linear between.",
    )
    mutation_generations: int = Field(
        10, ge=1, description="Generation from which the second probability of `mutation` holds."
    )
    immigrants: Probability = Field(
        0.0, description="Probability that an individual is drawn at random instead of bred from parents."
    )
    restart: int | None = Field(
        None,
        ge=1,
        description="Generations without a better individual after which a generation is drawn at random; the best "
        "individual stays. null disables restarts.",
    )
    adaptive: bool = Field(False, description="Whether operators whose children survived are used more often.")
    candidates: int = Field(
        100,
        ge=1,
        le=MOST,
        description="New networks within the limits, from which the predictor chooses the offspring. At least twice "
        "the offspring are drawn. Individuals.",
    )
    controller_rate: float = Field(0.1, gt=0, description="Learning rate of the controller of reinforce.")

    def mutation_rate(self, generation: int) -> float:
        """Probability that a gene changes in a generation: linear between the two that are given."""
        first, last = self.mutation
        return first + (last - first) * min(generation / self.mutation_generations, 1.0)


class Limits(Section):
    """The section `limits`: what a network may cost; see `Cost`."""

    params: int = Field(500_000, ge=1, description="Maximum number of parameters, trained or not.")
    macs: int = Field(
        12_000_000,
        ge=1,
        description="Maximum number of multiply–accumulate operations of a forward pass of one person.",
    )
    memory_mb: int = Field(
        2000,
        ge=1,
        description="Maximum predicted peak memory of a training. A job requests 25 % more than is predicted for its "
        "own network. MB (10⁶ bytes).",
    )
    gpu_memory_mb: int | None = Field(
        None,
        ge=1,
        description="Maximum predicted peak memory of a training on a GPU, without the 600 MB of its process. null "
        "sets no limit. MB (10⁶ bytes).",
    )

    def allow(self, cost: Cost) -> bool:
        """Whether a cost keeps every limit."""
        return not self.exceeded(cost)

    def exceeded(self, cost: Cost) -> dict[str, int]:
        """What a cost is where it exceeds a limit, by the limit's name."""
        limits = {name: limit for name in type(self).model_fields if (limit := getattr(self, name)) is not None}
        return {name: actual for name, limit in limits.items() if (actual := getattr(cost, name)) > limit}
