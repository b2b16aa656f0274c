"""Strategies as the benchmarks of searches compare them, and a search in process, by what `breed` and `select` call."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Express, Limits
from evocnn.evolution.fitness import Fitness
from evocnn.evolution.population import Population
from evocnn.evolution.selection import select
from evocnn.evolution.settings import Settings
from evocnn.space.genes import Genome
from evocnn.space.space import Space

OPERATORS = {
    "mutation": 8.0,
    "uniform": 4.0,
    "one_point": 2.0,
    "insert": 1.0,
    "delete": 1.0,
    "duplicate": 1.0,
    "swap": 1.0,
}
BASE = Settings("genetic", population=10, tournament=2, operators=OPERATORS, mutation=(0.0, 0.0))


@dataclass(frozen=True)
class Variant:
    """A strategy with its settings.

    Attributes:
        settings: of the search.
        founders: in generation 0.
        offspring: in each later generation.
    """

    settings: Settings
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


RANDOM = "random search"
REFERENCE = "regularized evolution (30, 10)"
VARIANTS: Mapping[str, Variant] = {
    RANDOM: Variant(replace(BASE, strategy="random"), 20, 5),
    REFERENCE: Variant(replace(BASE, strategy="aging", population=30, tournament=10), 30, 1),
    "regularized evolution (10, 3)": Variant(replace(BASE, strategy="aging", tournament=3), 10, 1),
    "genetic (10 + 5)": Variant(BASE, 20, 5),
    "genetic (10 + 5), adaptive": Variant(replace(BASE, adaptive=True), 20, 5),
    "genetic (10 + 5), 10 % immigrants": Variant(replace(BASE, immigrants=0.1), 20, 5),
    "genetic (10 + 5), restart after 8": Variant(replace(BASE, restart=8), 20, 5),
    "genetic (10 + 5), real-coded": Variant(replace(BASE, variation="real_coded", mutation=(0.17, 0.17)), 20, 5),
    "local search (1 + 1)": Variant(replace(BASE, population=1, operators={"mutation": 1.0}), 10, 1),
    "reinforce": Variant(replace(BASE, strategy="reinforce", controller_rate=0.1), 20, 5),
    "nsga2 of one objective": Variant(replace(BASE, strategy="nsga2"), 20, 5),
    "predictor (10 + 5)": Variant(replace(BASE, strategy="predictor"), 20, 5),
    "predictor (10 + 20)": Variant(replace(BASE, strategy="predictor"), 20, 20),
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
