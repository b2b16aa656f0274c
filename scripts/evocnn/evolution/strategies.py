"""Strategies: where genomes come from, and who survives.

Every strategy goes through the same `breed` and `select`; `STRATEGIES` names what they do differently. A file of the
user's own may have such a table, too: docs/extending.md.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deap import base, tools

from evocnn.evolution import controller, predictor
from evocnn.evolution.fitness import BEST, WORST
from evocnn.evolution.fronts import choose_for_front, dominators
from evocnn.evolution.individual import Individual
from evocnn.evolution.objective import evaluate_objective, values_of
from evocnn.evolution.population import Population, Survivor
from evocnn.evolution.real_coded import vary
from evocnn.evolution.settings import EvolutionSettings
from evocnn.evolution.variation import ONE_PARENT, TWO_PARENTS, mutate
from evocnn.extensions import look_up
from evocnn.space.genes import Genome
from evocnn.space.space import Space

Proposal = tuple[Genome, str, tuple[str, ...]]
"""Genome, operator, and network ids of the parents."""
State = dict[str, Any]
"""What a strategy remembers from generation to generation, as JSON."""

Propose = Callable[[Space, EvolutionSettings, Population, int, random.Random], Proposal]
Survive = Callable[[Sequence[Survivor], Sequence[Survivor], int], list[Survivor]]
Remember = Callable[[State, Sequence[Survivor], Space, EvolutionSettings], State]
Choose = Callable[[Sequence[Individual], int, Population, Space, EvolutionSettings], list[Individual]]


def random_proposal(space: Space, rng: random.Random) -> Proposal:
    """A genome drawn at random."""
    return space.draw(rng), "random", ()


def propose_child(
    space: Space, settings: EvolutionSettings, parents: Population, generation: int, rng: random.Random
) -> Proposal:
    """A child of the winners of tournaments, by one of the operators."""
    parent = _winner(parents.survivors, rng.choices(range(len(parents.survivors)), k=settings.tournament))
    other = _winner(parents.survivors, rng.choices(range(len(parents.survivors)), k=settings.tournament))
    rate = settings.mutation_rate(generation)
    if settings.variation == "real_coded":
        child = vary(parent.genome, other.genome, space, rate, rng)
        return child, "real_coded", (parent.network_id, other.network_id)
    weights = operator_weights(settings, parents.state)
    operator = rng.choices(list(weights), list(weights.values()))[0]
    if operator in TWO_PARENTS:
        child = TWO_PARENTS[operator](parent.genome, other.genome, space, rng)
        return child, operator, (parent.network_id, other.network_id)
    if operator in ONE_PARENT:
        return ONE_PARENT[operator](parent.genome, space, rng), operator, (parent.network_id,)
    return mutate(parent.genome, space, rate, rng), operator, (parent.network_id,)


def operator_weights(settings: EvolutionSettings, state: State) -> dict[str, float]:
    """How often each operator is used: as configured, with `adaptive` times the share of its children that survived."""
    weights = {name: float(weight) for name, weight in settings.operators.model_dump().items() if weight}
    if not settings.adaptive:
        return weights
    counts = state.get("operators", {})
    rates = {name: (counts.get(name, [0, 0])[1] + 1) / (counts.get(name, [0, 0])[0] + 2) for name in weights}
    return {name: weight * rates[name] for name, weight in weights.items()}


def propose_mutant(
    space: Space, settings: EvolutionSettings, parents: Population, generation: int, rng: random.Random
) -> Proposal:
    """A mutant of the best of a sample of the population (Real et al., AAAI 2019)."""
    number = len(parents.survivors)
    parent = _winner(parents.survivors, rng.sample(range(number), min(settings.tournament, number)))
    return mutate(parent.genome, space, settings.mutation_rate(generation), rng), "mutation", (parent.network_id,)


def propose_at_random(
    space: Space, settings: EvolutionSettings, parents: Population, generation: int, rng: random.Random
) -> Proposal:
    """A genome drawn at random."""
    return random_proposal(space, rng)


def propose_by_policy(
    space: Space, settings: EvolutionSettings, parents: Population, generation: int, rng: random.Random
) -> Proposal:
    """A genome drawn by the controller."""
    return controller.draw(parents.state.get("policy") or controller.start(space), space, rng), "policy", ()


def survive_best(before: Sequence[Survivor], trained: Sequence[Survivor], size: int) -> list[Survivor]:
    """(μ + λ): the best of parents and offspring (Beyer & Schwefel, Natural Computing 1, 2002)."""
    return sorted((*before, *trained), key=rank)[:size]


def survive_youngest(before: Sequence[Survivor], trained: Sequence[Survivor], size: int) -> list[Survivor]:
    """The youngest, best first (Real et al., AAAI 2019)."""
    birth = lambda survivor: (survivor.individual.generation, survivor.individual.number)  # noqa: E731
    return sorted(sorted((*before, *trained), key=birth, reverse=True)[:size], key=rank)


class Objectives(base.Fitness):
    """Objectives as DEAP compares them, all maximised; `weights` belongs to the class there, so one of its own each."""

    def __init__(self, values: Sequence[float]) -> None:
        self.weights = (1.0,) * len(values)
        super().__init__(tuple(values))


@dataclass
class Candidate:
    """A survivor as DEAP sees it; `selNSGA2` writes crowding distances into the fitness."""

    survivor: Survivor
    fitness: Objectives


def survive_nondominated(before: Sequence[Survivor], trained: Sequence[Survivor], size: int) -> list[Survivor]:
    """Front by front, the least crowded first (NSGA-II: Deb, Pratap, Agarwal & Meyarivan, 2002)."""
    individuals = sorted((*before, *trained), key=rank)  # whatever the order of the files
    candidates = [Candidate(survivor, Objectives(survivor.objectives)) for survivor in individuals]
    order: list[Survivor] = []
    for front in tools.sortNondominated(candidates, size):
        tools.emo.assignCrowdingDist(front)
        front.sort(key=lambda candidate: -candidate.fitness.crowding_dist)
        order += [candidate.survivor for candidate in front]
    return order[:size]


def survive_by_objectives(before: Sequence[Survivor], trained: Sequence[Survivor], size: int) -> list[Survivor]:
    """The best by one objective, or as in `survive_nondominated` by several: the control of whichever search."""
    several = any(len(survivor.objectives) > 1 for survivor in (*before, *trained))
    return (survive_nondominated if several else survive_best)(before, trained, size)


def rank(survivor: Survivor) -> tuple[float, int, str]:
    """Best first: the first objective, then fewer parameters, then the network id."""
    return -survivor.objectives[0], survivor.individual.cost.params, survivor.individual.network_id


def remember_nothing(state: State, trained: Sequence[Survivor], space: Space, settings: EvolutionSettings) -> State:
    """Nothing but what all strategies remember."""
    return {}


def remember_policy(state: State, trained: Sequence[Survivor], space: Space, settings: EvolutionSettings) -> State:
    """The controller, improved by what was trained."""
    policy = state.get("policy") or controller.start(space)
    genomes = [survivor.individual.genome for survivor in trained]
    scores = [survivor.objectives[0] for survivor in trained]
    return {"policy": controller.improve(policy, genomes, scores, space, settings.controller_rate)}


def remember_best(state: State, trained: Sequence[Survivor], space: Space, settings: EvolutionSettings) -> State:
    """The best genomes so far with their objective after each rung, as many as a predictor learns from.

    Of several objectives, scores after each rung and all objectives: a predictor learns scores, costs are known.
    """
    several = len(settings.objectives) > 1
    new = [
        [
            list(survivor.scores if several else survivor.course),
            list(survivor.individual.genome),
            survivor.individual.features,
            *([list(survivor.objectives)] if several else []),
        ]
        for survivor in sorted(trained, key=rank)
    ]
    known = [*state.get("known", []), *new]
    expected = predictor.at_the_end([course for course, *_ in known])
    above = dominators([row[3] for row in known]) if several and known else [0] * len(known)
    order = sorted(range(len(known)), key=lambda at: (above[at], -expected[at]))
    return {"known": [known[at] for at in order[: predictor.MEMORY]]}


def choose_first(
    individuals: Sequence[Individual], count: int, parents: Population, space: Space, settings: EvolutionSettings
) -> list[Individual]:
    """As they come."""
    return list(individuals[:count])


def choose_promising(
    individuals: Sequence[Individual], count: int, parents: Population, space: Space, settings: EvolutionSettings
) -> list[Individual]:
    """Those with the highest expected improvement; of several objectives, of their hypervolume."""
    known = parents.state.get("known", [])
    if len(known) < 2 or len(individuals) <= count:
        return list(individuals[:count])
    examples = [predictor.Example(tuple(genome), features) for _, genome, features, *_ in known]
    values = predictor.at_the_end([course for course, *_ in known])
    learned = predictor.learn(examples, values, space)
    candidates = [predictor.Example(individual.genome, individual.features) for individual in individuals]
    if len(settings.objectives) > 1:

        def objectives(at: int, score: float) -> list[float]:
            of = values_of(individuals[at], min(max(score, WORST), BEST))
            return [evaluate_objective(objective, of) for objective in settings.objectives]

        reached, reference = [row[3] for row in known], parents.state["reference"]
        chosen = choose_for_front(learned, values, candidates, objectives, reached, reference, count)
        return [individuals[at] for at in chosen]
    gain = predictor.expected_improvement(learned, candidates)
    order = sorted(range(len(individuals)), key=lambda at: (-gain[at], at))
    return [individuals[at] for at in order[:count]]


def _winner(survivors: Sequence[Survivor], places: Sequence[int]) -> Individual:
    return survivors[min(places)].individual


@dataclass(frozen=True)
class Strategy:
    """What a strategy does in its own way.

    Attributes:
        propose: a genome for an offspring.
        survive: which of parents and offspring, the best first.
        remember: its part of the population's state, after a generation.
        choose: the offspring among candidates that are new and within the limits.
        pools: whether there are more candidates than offspring.
    """

    propose: Propose
    survive: Survive = survive_best
    remember: Remember = remember_nothing
    choose: Choose = choose_first
    pools: bool = False


STRATEGIES: Mapping[str, Strategy] = {
    "predictor": Strategy(
        propose_child, survive=survive_by_objectives, remember=remember_best, choose=choose_promising, pools=True
    ),
    "genetic": Strategy(propose_child),
    "aging": Strategy(propose_mutant, survive=survive_youngest),
    "nsga2": Strategy(propose_child, survive=survive_nondominated),
    "random": Strategy(propose_at_random, survive=survive_by_objectives),
    "reinforce": Strategy(propose_by_policy, remember=remember_policy),
}


def strategy_of(name: str) -> Strategy:
    """A strategy by name, or `FILE.py:NAME`.

    Raises:
        ValueError: see `look_up`.
    """
    return look_up(name, STRATEGIES, "STRATEGIES", lambda of: isinstance(of, Strategy), "Strategy")
