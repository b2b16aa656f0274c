"""New genomes from old ones."""

import random

from deap import tools

from evocnn.evolution.randomness import global_draws_from
from evocnn.space.genes import Genome
from evocnn.space.space import Space


def mutate(genome: Genome, space: Space, rate: float, rng: random.Random) -> Genome:
    """Change each gene with probability `rate`, and one at least: an ordinal gene by a step, others anew."""
    chosen = {place for place in range(len(genome)) if rng.random() < rate} or {rng.randrange(len(genome))}
    return tuple(
        gene.mutate(value, rng) if place in chosen else value
        for place, (gene, value) in enumerate(zip(space.genes, genome, strict=True))
    )


def cross(first: Genome, second: Genome, space: Space, rng: random.Random) -> Genome:
    """The first genome with a stretch of whole blocks from the second (two-point crossover on block boundaries)."""
    if space.blocks < 2:
        return first
    own, other = space.parts(first), space.parts(second)
    with global_draws_from(rng):
        tools.cxTwoPoint(own.blocks, other.blocks)  # exchanges slots between the two lists, which are ours
    return space.genome(own)
