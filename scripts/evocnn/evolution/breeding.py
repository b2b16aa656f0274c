"""Breed: offspring whose networks are new, affordable, and descend from the best."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from deap import base, tools

from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring, Population, Survivor
from evocnn.evolution.randomness import global_draws_from, stream
from evocnn.evolution.variation import cross, mutate
from evocnn.space.cost import Cost, cost
from evocnn.space.decode import decode
from evocnn.space.genes import Genome
from evocnn.space.network import Network
from evocnn.space.space import Space

MAX_DRAWS = 2000
"""Genomes drawn for one individual before breeding gives up."""


@dataclass(frozen=True)
class Limits:
    """What a network may cost at most: see `Cost`."""

    params: int
    macs: int
    memory_mb: int

    def allow(self, found: Cost) -> bool:
        """Whether a cost keeps every limit."""
        return found.params <= self.params and found.macs <= self.macs and found.memory_mb <= self.memory_mb


@dataclass(frozen=True)
class Requirements:
    """What a network must fit.

    Attributes:
        input_size: side of its input in pixels.
        outputs: number of heatmaps or classes.
        task: see `decode`.
        batch_size: people per training step.
        remat: whether training recomputes segments; see `cost`.
    """

    input_size: int
    outputs: int
    task: str
    batch_size: int
    remat: bool = False


@dataclass(frozen=True)
class Variation:
    """How parents are chosen and changed.

    Attributes:
        tournament: how many survivors compete to be a parent, 1 or more.
        crossover: probability that a child has two parents, 0 to 1.
        mutation: probability that a gene changes, 0 to 1.
    """

    tournament: int
    crossover: float
    mutation: float


class Score(base.Fitness):
    """One objective, higher is better, as DEAP compares it."""

    weights = (1.0,)


@dataclass(frozen=True)
class Candidate:
    """A survivor as DEAP sees it."""

    survivor: Survivor
    fitness: Score


Proposal = Callable[[int, int], tuple[Genome, str, tuple[str, ...]]]
"""From individual and attempt to genome, operator, and parents."""


def breed(
    space: Space,
    requirements: Requirements,
    limits: Limits,
    variation: Variation,
    *,
    generation: int,
    count: int,
    seed: int,
    parents: Population | None,
    in_flight: Iterable[Offspring] = (),
) -> Offspring:
    """Propose the individuals of a generation.

    Args:
        space: what may be proposed.
        requirements: what they must fit.
        limits: what they may cost.
        variation: how they are made.
        generation: its number.
        count: how many individuals.
        seed: of the run.
        parents: the population they descend from; None for founders, which are drawn at random.
        in_flight: offspring of generations after the parents', whose fitness is not known yet.

    Raises:
        RuntimeError: no new network within the limits was found in `MAX_DRAWS` draws.
    """
    tried = set(parents.tried if parents else ())
    tried.update(individual.network_id for offspring in in_flight for individual in offspring.individuals)
    propose = (
        _founders(space, generation, seed)
        if parents is None
        else _children(space, variation, generation, seed, parents.survivors)
    )
    redrawn: Counter[str] = Counter(limits=0, duplicate=0)
    individuals: list[Individual] = []
    for number in range(count):
        for attempt in range(MAX_DRAWS):
            genome, operator, ancestors = propose(number, attempt)
            network = decode(
                genome, space, input_size=requirements.input_size, outputs=requirements.outputs, task=requirements.task
            )
            predicted = cost(network, requirements.batch_size, remat=requirements.remat)
            obstacle = _obstacle(network, predicted, tried, limits)
            if obstacle is None:
                break
            redrawn[obstacle] += 1
        else:
            raise RuntimeError(_exhausted(generation, number, redrawn))
        tried.add(network.network_id)
        individuals.append(Individual(genome, network.network_id, predicted, generation, number, operator, ancestors))
    return Offspring(generation, tuple(individuals), dict(redrawn))


def _obstacle(network: Network, predicted: Cost, tried: set[str], limits: Limits) -> str | None:
    if not limits.allow(predicted):
        return "limits"
    return "duplicate" if network.network_id in tried else None


def _exhausted(generation: int, number: int, redrawn: Counter[str]) -> str:
    return (
        f"generation {generation}, individual {number}: no new network in {MAX_DRAWS} draws (this generation: "
        f"{redrawn['limits']} beyond the limits, {redrawn['duplicate']} tried before); "
        "raise limits.*, enlarge the space, or end the run with fewer evolution.generations"
    )


def _founders(space: Space, generation: int, seed: int) -> Proposal:
    def propose(number: int, attempt: int) -> tuple[Genome, str, tuple[str, ...]]:
        return space.draw(stream(seed, generation, number, f"found {attempt}")), "found", ()

    return propose


def _children(
    space: Space, variation: Variation, generation: int, seed: int, survivors: tuple[Survivor, ...]
) -> Proposal:
    candidates = [Candidate(survivor, Score((survivor.score,))) for survivor in survivors]

    def choose(rng: random.Random) -> Any:
        with global_draws_from(rng):
            return tools.selTournament(candidates, 1, variation.tournament)[0].survivor.individual

    def propose(number: int, attempt: int) -> tuple[Genome, str, tuple[str, ...]]:
        rng = stream(seed, generation, number, f"vary {attempt}")
        parent = choose(rng)
        genome, operator = parent.genome, "mutation"
        parents: tuple[str, ...] = (parent.network_id,)
        if rng.random() < variation.crossover:
            other = choose(rng)
            genome, operator = cross(genome, other.genome, space, rng), "crossover"
            parents = (parent.network_id, other.network_id)
        return mutate(genome, space, variation.mutation, rng), operator, parents

    return propose
