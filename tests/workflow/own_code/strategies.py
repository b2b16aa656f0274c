"""A strategy of the user's own: every child is a mutant of the best individual."""

import random

from evocnn.evolution.population import Population
from evocnn.evolution.settings import EvolutionSettings
from evocnn.evolution.strategies import Proposal, Strategy
from evocnn.evolution.variation import mutate
from evocnn.space.space import Space


def propose(
    space: Space, settings: EvolutionSettings, parents: Population, generation: int, rng: random.Random
) -> Proposal:
    """A mutant of the best: its genome, the name of the operator, and the ids of its parents."""
    best = parents.best.individual
    return mutate(best.genome, space, settings.mutation_rate(generation), rng), "climb", (best.network_id,)


STRATEGIES = {"hill_climbing": Strategy(propose)}
