"""Breed: offspring whose networks are new, affordable, and proposed by a strategy."""

import logging
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from evocnn.evolution.expression import Express
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring, Population
from evocnn.evolution.randomness import stream
from evocnn.evolution.settings import EvolutionSettings, Limits
from evocnn.evolution.strategies import random_proposal, strategy_of
from evocnn.space.genes import Genome
from evocnn.space.space import Space

MAX_DRAWS = 2000
"""Genomes drawn for one individual before breeding takes the space for exhausted."""
FAITHFUL_DRAWS = 500
"""Of these, how many descend from parents: where all their children are known, others may not be."""

SPARE_DRAWS = 20
"""Genomes drawn for one candidate more than there are offspring before the pool is left as it is."""

GIVEN = "given"
"""Operator of a founder whose genome was given."""

log = logging.getLogger(__name__)


def breed(
    space: Space,
    express: Express,
    limits: Limits,
    settings: EvolutionSettings,
    *,
    generation: int,
    count: int,
    seed: int,
    parents: Population | None,
    in_flight: Iterable[Offspring] = (),
    given: Sequence[Genome] = (),
) -> Offspring:
    """Propose the individuals of a generation.

    Args:
        space: what may be proposed.
        express: what a genome of the space expresses.
        limits: what networks may cost.
        settings: how they are proposed.
        generation: its number.
        count: how many individuals.
        seed: of the run.
        parents: the population they descend from; None for founders, which are drawn at random.
        in_flight: offspring of generations after the parents', whose fitness is not known yet.
        given: genomes that founders have before others are drawn; those that exceed the limits are left out.

    Returns:
        Fewer individuals, or none, where no new network within the limits is left, as far as `MAX_DRAWS` draws tell.

    Raises:
        RuntimeError: not even one founder keeps the limits.
    """
    tried = set(parents.tried if parents else ())
    tried.update(individual.network_id for offspring in in_flight for individual in offspring.individuals)
    strategy = strategy_of(settings.strategy)
    pooled = max(settings.candidates, 2 * count) if strategy.pools and parents else count
    anew = _stagnates(settings, parents, generation)
    redrawn: Counter[str] = Counter(limits=0, duplicate=0)
    exceeded: list[dict[str, int]] = []
    individuals: list[Individual] = []
    ancestors: tuple[str, ...]
    waiting = deque(given if parents is None else ())
    for number in range(pooled):
        for attempt in range(MAX_DRAWS if number < count else SPARE_DRAWS):
            rng = stream(seed, generation, number, f"propose {attempt}")
            drawn = parents is None or anew or attempt >= FAITHFUL_DRAWS or rng.random() < settings.immigrants
            if waiting:
                genome, operator, ancestors = waiting.popleft(), GIVEN, ()
            elif drawn or parents is None:
                genome, operator, ancestors = random_proposal(space, rng)
            else:
                genome, operator, ancestors = strategy.propose(space, settings, parents, generation, rng)
            expressed = express(genome)
            if beyond := limits.exceeded(expressed.cost):
                exceeded.append(beyond)
                redrawn["limits"] += 1
            elif expressed.network_id in tried:
                redrawn["duplicate"] += 1
            else:
                break
        else:
            break
        tried.add(expressed.network_id)
        individuals.append(
            Individual(
                genome,
                expressed.network_id,
                expressed.cost,
                expressed.dead_blocks,
                generation,
                number,
                operator,
                ancestors,
                expressed.features,
            )
        )
    if not individuals and parents is None:
        raise RuntimeError(_nothing_fits(redrawn, exceeded, limits))
    if len(individuals) < count:
        log.warning(
            "generation %d: no new network within the limits in %d draws, the space is exhausted: %d of %d individuals",
            *(generation, MAX_DRAWS, len(individuals), count),
        )
    chosen = strategy.choose(individuals, count, parents, space, settings) if parents else individuals
    return Offspring(generation, tuple(_numbered(chosen)), dict(redrawn))


def _stagnates(settings: EvolutionSettings, parents: Population | None, generation: int) -> bool:
    """Whether it is time to begin anew: so many generations after the last better one, or the last beginning."""
    if parents is None or settings.restart is None:
        return False
    return generation - 1 - parents.state["since"] >= settings.restart


def _numbered(individuals: Iterable[Individual]) -> list[Individual]:
    return [replace(individual, number=number) for number, individual in enumerate(individuals)]


def _nothing_fits(redrawn: Counter[str], exceeded: Sequence[dict[str, int]], limits: Limits) -> str:
    counts = Counter(name for beyond in exceeded for name in beyond)
    least = {name: min(beyond[name] for beyond in exceeded if name in beyond) for name in counts}
    named = "; ".join(
        f"{count} had more than limits.{name} = {getattr(limits, name)}, {least[name]} at least"
        for name, count in counts.most_common()
    )
    reasons = f"{redrawn['limits']} beyond the limits, {redrawn['duplicate']} tried before"
    return f"generation 0: no network in {MAX_DRAWS} draws ({reasons}): {named}; raise the limit, or change the space"
