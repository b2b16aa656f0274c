"""Select: who survives a generation, by the strategy, and what the generation has taught."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from operator import ne
from statistics import fmean, median, pstdev
from typing import Any

from evocnn.evolution.fitness import Fitness
from evocnn.evolution.fronts import hypervolume
from evocnn.evolution.individual import Individual
from evocnn.evolution.limited import explain_limited
from evocnn.evolution.objective import evaluate_objective, values_of
from evocnn.evolution.population import Offspring, Population, Survivor
from evocnn.evolution.settings import EvolutionSettings
from evocnn.evolution.strategies import rank, strategy_of
from evocnn.space.space import Space


def select(
    offspring: Offspring,
    fitnesses: Sequence[Fitness],
    parents: Population | None,
    space: Space,
    settings: EvolutionSettings,
) -> Population:
    """Choose the survivors of a generation.

    Equal objectives are ordered by fewer parameters, then by network id: the order of the files does not matter.

    Args:
        offspring: of the generation.
        fitnesses: of its individuals, in their order; those of places without an individual follow.
        parents: the population before; None in the first generation.
        space: of the genomes.
        settings: how to choose.

    Raises:
        ValueError: a fitness belongs to another network, or an objective cannot be worked out.
        RuntimeError: nobody survives, because no training ended well.
    """
    trained = trained_individuals(offspring, fitnesses, settings)
    if not trained and parents is None:
        outcomes = ", ".join(sorted({fitness.status for fitness in fitnesses}))
        advice = explain_limited(fitnesses) or "read the logs of its trainings, lower training.learning_rate"
        raise RuntimeError(f"generation {offspring.generation}: no training ended well ({outcomes}): {advice}")
    strategy = strategy_of(settings.strategy)
    restarted = bool(parents and trained and settings.restart and _all_random(offspring))
    before = parents.survivors if parents and not restarted else ()
    survivors = tuple(strategy.survive(before, trained, settings.population))
    best = min([*trained, *([parents.best] if parents else [])], key=rank)
    tried = {individual.network_id for individual in offspring.individuals} | set(parents.tried if parents else ())
    remembered = parents.state if parents else {}
    better = parents is None or best.individual.network_id != parents.best.individual.network_id
    operators = _operators(offspring, survivors)
    state = {
        "since": offspring.generation if better or restarted else remembered["since"],
        "operators": _summed(remembered.get("operators", {}), operators),
        **strategy.remember(remembered, trained, space, settings),
    }
    if len(settings.objectives) > 1:
        state["reference"] = remembered.get("reference") or _worst(trained)
    statistics: dict[str, Any] = {
        "offspring": _statistics([survivor.score for survivor in trained]),
        "survivors": _statistics([survivor.score for survivor in survivors]),
        "outcomes": dict(sorted(Counter(fitness.status for fitness in fitnesses).items())),
        "accepted": sum(survivor.individual.generation == offspring.generation for survivor in survivors),
        "operators": operators,
        "diversity": _diversity(survivors, space),
        "redrawn": offspring.redrawn,
        "restarted": restarted,
    }
    if len(settings.objectives) > 1:
        statistics["hypervolume"] = hypervolume([survivor.objectives for survivor in survivors], state["reference"])
    return Population(offspring.generation, best, survivors, statistics, state, tuple(sorted(tried)))


def trained_individuals(
    offspring: Offspring, fitnesses: Sequence[Fitness], settings: EvolutionSettings
) -> list[Survivor]:
    """The individuals of a generation whose training ended well, with what it has shown.

    Raises:
        ValueError: a fitness is missing or belongs to another network, or an objective cannot be worked out.
    """
    known = len(offspring.individuals)
    if len(fitnesses) < known or any(fitness.status != "exhausted" for fitness in fitnesses[known:]):
        raise ValueError(
            f"generation {offspring.generation}: found {len(fitnesses)} fitness files, expected one for each of "
            f"{known} individuals; delete those of places without an individual and run snakemake again"
        )
    trained = []
    for individual, fitness in zip(offspring.individuals, fitnesses, strict=False):
        if fitness.provenance.get("network_id") != individual.network_id:
            raise ValueError(
                f"generation {offspring.generation}, individual {individual.number}: the fitness is of network "
                f"{fitness.provenance.get('network_id')}, expected {individual.network_id}; "
                "delete that fitness.json and run snakemake again"
            )
        if fitness.status == "ok":
            trained.append(_measured(individual, fitness, settings.objectives))
    return trained


def _measured(individual: Individual, fitness: Fitness, objectives: Sequence[str]) -> Survivor:
    score, latency = fitness.objectives["score"], fitness.metrics.get("latency_ms")
    values = values_of(individual, score, latency)
    scores = [at_end for _, at_end in fitness.training.get("rungs", ())] or [score]
    try:
        return Survivor(
            individual,
            score,
            tuple(evaluate_objective(objective, values) for objective in objectives),
            tuple(evaluate_objective(objectives[0], values_of(individual, at, latency)) for at in scores),
            tuple(scores),
        )
    except ValueError as error:
        known = ", ".join(f"{name} = {value:g}" for name, value in values.items())
        raise ValueError(
            f"individual {individual.number}, network {individual.network_id}: {error}; {known}"
        ) from error


def _all_random(offspring: Offspring) -> bool:
    return all(individual.operator == "random" for individual in offspring.individuals)


def _worst(trained: Sequence[Survivor]) -> list[float]:
    return [min(values) for values in zip(*(survivor.objectives for survivor in trained), strict=True)]


def _operators(offspring: Offspring, survivors: Sequence[Survivor]) -> dict[str, list[int]]:
    """By operator: children, and those that survived."""
    alive = {survivor.individual.network_id for survivor in survivors}
    counts: dict[str, list[int]] = {}
    for individual in offspring.individuals:
        bred, survived = counts.get(individual.operator, [0, 0])
        counts[individual.operator] = [bred + 1, survived + (individual.network_id in alive)]
    return dict(sorted(counts.items()))


def _summed(before: dict[str, list[int]], now: dict[str, list[int]]) -> dict[str, list[int]]:
    names = sorted({*before, *now})
    return {
        name: [a + b for a, b in zip(before.get(name, [0, 0]), now.get(name, [0, 0]), strict=True)] for name in names
    }


def _diversity(survivors: Sequence[Survivor], space: Space) -> dict[str, float]:
    """Mean share of genes in which two survivors differ, and share of the operations that their blocks may have."""
    genomes = [survivor.individual.genome for survivor in survivors]
    distances = [sum(map(ne, a, b)) / len(a) for a, b in combinations(genomes, 2) if a]
    operations = [(place, gene.count) for place, gene in enumerate(space.genes) if gene.name == "operation"]
    drawn = {genome[place] for genome in genomes for place, _ in operations}
    return {
        "genes": fmean(distances) if distances else 0.0,
        "operations": len(drawn) / operations[-1][1] if operations else 1.0,
    }


def _statistics(scores: list[float]) -> dict[str, Any] | None:
    if not scores:
        return None
    return {"best": max(scores), "median": median(scores), "worst": min(scores), "spread": pstdev(scores)}
