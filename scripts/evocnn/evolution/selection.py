"""Select: (μ + λ), the best of parents and offspring survive (Beyer & Schwefel, Evolution Strategies, 2002)."""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from evocnn.evolution.fitness import Fitness
from evocnn.evolution.population import Offspring, Population, Survivor


def select(offspring: Offspring, fitnesses: Sequence[Fitness], parents: Population | None, size: int) -> Population:
    """Choose the survivors of a generation.

    Equal scores are ordered by fewer parameters, then by network id: the order of the files does not matter.

    Args:
        offspring: of the generation.
        fitnesses: of its individuals, in their order.
        parents: the population before; None in the first generation.
        size: how many survive.

    Raises:
        ValueError: a fitness belongs to another network.
        RuntimeError: nobody survives, because no training ended well.
    """
    trained = []
    for individual, fitness in zip(offspring.individuals, fitnesses, strict=True):
        if fitness.provenance["network_id"] != individual.network_id:
            raise ValueError(
                f"generation {offspring.generation}, individual {individual.number}: the fitness is of network "
                f"{fitness.provenance['network_id']}, expected {individual.network_id}; "
                "delete that fitness.json and run snakemake again"
            )
        if fitness.status == "ok":
            trained.append(Survivor(individual, fitness.objectives["score"]))
    before = parents.survivors if parents else ()
    survivors = tuple(sorted((*before, *trained), key=_rank)[:size])
    if not survivors:
        outcomes = ", ".join(sorted({fitness.status for fitness in fitnesses}))
        raise RuntimeError(
            f"generation {offspring.generation}: no training ended well ({outcomes}); read the logs of its trainings, "
            "lower training.learning_rate or limits.*"
        )
    tried = {individual.network_id for individual in offspring.individuals} | set(parents.tried if parents else ())
    statistics = {
        "offspring": _statistics([survivor.score for survivor in trained]),
        "survivors": _statistics([survivor.score for survivor in survivors]),
        "outcomes": dict(sorted(Counter(fitness.status for fitness in fitnesses).items())),
        "accepted": sum(survivor.individual.generation == offspring.generation for survivor in survivors),
        "redrawn": offspring.redrawn,
    }
    return Population(offspring.generation, survivors, statistics, tuple(sorted(tried)))


def _rank(survivor: Survivor) -> tuple[float, int, str]:
    return -survivor.score, survivor.individual.cost.params, survivor.individual.network_id


def _statistics(scores: list[float]) -> dict[str, Any] | None:
    return {"best": max(scores), "median": median(scores), "worst": min(scores)} if scores else None
