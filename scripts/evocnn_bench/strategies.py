"""Strategies as the benchmarks of searches compare them, and a search in process, by what `breed` and `select` call."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Express
from evocnn.evolution.fitness import Fitness
from evocnn.evolution.population import Population
from evocnn.evolution.selection import select
from evocnn.evolution.settings import EvolutionSettings, Limits, OperatorWeights
from evocnn.space.genes import Genome
from evocnn.space.space import Space

BASE = EvolutionSettings(strategy="genetic", population=10, tournament=2, mutation=(0.0, 0.0))

MUTATION = OperatorWeights(insert=0, delete=0, duplicate=0, swap=0, one_point=0, uniform=0)


def changed(**values: Any) -> EvolutionSettings:
    """The base with other values."""
    return BASE.model_copy(update=values)


@dataclass(frozen=True)
class Variant:
    """A strategy with its settings.

    Attributes:
        settings: of the search.
        founders: in generation 0.
        offspring: in each later generation.
    """

    settings: EvolutionSettings
    founders: int
    offspring: int


@dataclass(frozen=True)
class Problem:
    """What is searched.

    Attributes:
        space: of the genomes.
        express: what a genome stands for.
        limits: what that may cost.
        score: of a genome; the same for genomes that stand for the same.
    """

    space: Space
    express: Express
    limits: Limits
    score: Callable[[Genome], float]


@dataclass(frozen=True)
class Tabular:
    """A table of all networks of a space.

    Attributes:
        space: of the genomes; a network's name is its genes one after another.
        express: what a genome stands for.
        limits: what that may cost.
        seen: scores that a search sees, by name.
        tested: what networks are worth in the end, by name.
    """

    space: Space
    express: Express
    limits: Limits
    seen: Mapping[str, float]
    tested: Mapping[str, float]


EVERYTHING = Limits(params=1, macs=1, memory_mb=1)
"""For networks that cost nothing here."""
RANDOM = "random search"
LOCAL = "local search (1 + 1)"
REFERENCE = "regularized evolution (30, 10)"
VARIANTS: Mapping[str, Variant] = {
    RANDOM: Variant(changed(strategy="random"), 20, 5),
    REFERENCE: Variant(changed(strategy="aging", population=30, tournament=10), 30, 1),
    "regularized evolution (10, 3)": Variant(changed(strategy="aging", tournament=3), 10, 1),
    "genetic (10 + 5)": Variant(BASE, 20, 5),
    "genetic (10 + 5), adaptive": Variant(changed(adaptive=True), 20, 5),
    "genetic (10 + 5), 10 % immigrants": Variant(changed(immigrants=0.1), 20, 5),
    "genetic (10 + 5), restart after 8": Variant(changed(restart=8), 20, 5),
    "genetic (10 + 5), real-coded": Variant(changed(variation="real_coded", mutation=(0.17, 0.17)), 20, 5),
    LOCAL: Variant(changed(population=1, operators=MUTATION), 10, 1),
    "reinforce": Variant(changed(strategy="reinforce", controller_rate=0.1), 20, 5),
    "nsga2 of one objective": Variant(changed(strategy="nsga2"), 20, 5),
    "predictor (10 + 5)": Variant(changed(strategy="predictor"), 10, 5),
    "predictor (10 + 20)": Variant(changed(strategy="predictor"), 10, 20),
}
DEFAULT = "predictor (10 + 5)"


def search(variant: Variant, problem: Problem, seed: int) -> Iterator[Genome]:
    """Genomes in the order of their evaluation; ends where a space is exhausted."""
    population: Population | None = None
    generation = 0
    while True:
        offspring = breed(
            problem.space,
            problem.express,
            problem.limits,
            variant.settings,
            generation=generation,
            count=variant.offspring if population else variant.founders,
            seed=seed,
            parents=population,
        )
        if not offspring.individuals:
            return
        yield from (individual.genome for individual in offspring.individuals)
        outcomes = [
            Fitness("ok", {"score": problem.score(i.genome)}, {}, {}, {}, {"network_id": i.network_id})
            for i in offspring.individuals
        ]
        population = select(offspring, outcomes, population, problem.space, variant.settings)
        generation += 1
