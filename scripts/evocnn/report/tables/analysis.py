"""A search as tables: individuals, fronts, lineages and outcomes."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evocnn.evolution.individual import Individual
from evocnn.report.run import Run, Training
from evocnn.report.tables.individuals import generation_row, individual_row
from evocnn.tasks.calibration import Calibration

COSTS = ("params", "macs", "memory_mb")
JITTER = 0.5
"""Width over which the individuals of one generation are spread, in generations."""
GOLDEN = 0.6180339887498949
UNFINISHED = "unfinished"


def individuals(run: Run) -> pd.DataFrame:
    """A row per training that has ended: that of the table of individuals, and where it stands in plots.

    Further columns: `key` (row number), `x` (generation, moved sideways), `name`, `attempts`, and `front_params`,
    `front_macs`, `front_memory_mb`: whether no other individual has a higher score at the same or a lower cost.
    """
    survivors = {s.individual.network_id for s in run.population.survivors} if run.population else set()
    rows = [
        {
            **individual_row(training.individual, training.fitness, training.individual.network_id in survivors),
            "name": training.individual.name,
            "attempts": training.fitness.training.get("attempts", 1),
        }
        for training in run.trainings
    ]
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    ok = table.status == "ok"
    table["key"] = range(len(table))
    table["x"] = table.generation + spread(table.individual.to_numpy())
    for cost in COSTS:
        table[f"front_{cost}"] = on_front(table[cost].to_numpy(), table.score.to_numpy()) & ok
    return table


def spread(numbers: NDArray[np.integer]) -> NDArray[np.float64]:
    """Offsets of the individuals of a generation, (N,): apart from each other, and the same in every plot.

    Multiples of the golden ratio modulo 1 fill an interval evenly, however many there are.
    """
    return ((numbers.astype(np.float64) + 1) * GOLDEN % 1 - 0.5) * JITTER


def on_front(costs: NDArray[np.number], scores: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Whether each of N has a higher score than all that cost as much or less; of equals the first."""
    order = np.lexsort((-scores, costs))
    best_before = np.concatenate([[-np.inf], np.maximum.accumulate(scores[order])[:-1]])
    result = np.empty(len(costs), bool)
    result[order] = scores[order] > best_before
    return result


def best(run: Run) -> Training | None:
    """The best training so far: as selected last, or where nothing was selected yet, of the highest score."""
    scored = [training for training in run.trainings if training.fitness.status == "ok"]
    if run.population:
        chosen = run.population.best.individual.network_id
        return next((t for t in scored if t.individual.network_id == chosen), None)
    return max(scored, key=lambda t: t.fitness.objectives["score"], default=None)


def most_relevant(table: pd.DataFrame, first: Sequence[int], count: int) -> list[int]:
    """Keys of some individuals, ascending: those that are given, then the survivors, then the best by score.

    Args:
        table: see `individuals`.
        first: keys that come before all others.
        count: at most.
    """
    if table.empty:
        return []
    ranked = table.assign(first=table.key.isin(first)).sort_values(["first", "survived", "score"], ascending=False)
    return sorted(ranked.key.head(count))


def course(run: Run) -> pd.DataFrame:
    """A row per selected generation: that of the table of generations."""
    return pd.DataFrame([generation_row(g.offspring, g.population) for g in run.generations if g.population])


def parents_of(individuals: Sequence[Individual]) -> list[list[int]]:
    """Positions of each one's parents; those that are not among the individuals before it are left out."""
    at = {individual.network_id: position for position, individual in enumerate(individuals)}
    return [
        [at[parent] for parent in individual.parents if at.get(parent, position) < position]
        for position, individual in enumerate(individuals)
    ]


def ancestry(parents: Sequence[Sequence[int]], key: int) -> list[int]:
    """Positions of an individual's ancestors and of itself, the oldest first, from the parents of all."""
    result, waiting = {key}, [key]
    while waiting:
        new = set(parents[waiting.pop()]) - result
        result |= new
        waiting.extend(new)
    return sorted(result)


def outcomes(run: Run) -> pd.DataFrame:
    """How many trainings of each generation ended how: a row per generation and status, `unfinished` among them."""
    rows = []
    for g in run.generations:
        counts = Counter[str](training.fitness.status for training in g.trainings)
        counts["exhausted"] += g.exhausted
        counts[UNFINISHED] = len(g.offspring.individuals) - len(g.trainings)
        generation = g.offspring.generation
        rows += [{"generation": generation, "status": s, "jobs": n} for s, n in sorted(counts.items()) if n]
    return pd.DataFrame(rows, columns=["generation", "status", "jobs"])


def reliability(calibration: Calibration | None) -> pd.DataFrame:
    """A row per bin of a calibration, in percent: probability, share that is right, and one standard error around it.

    The error is binomial, with one prediction more that is half right, so that 0 and 100 % have one too.
    """
    rows = []
    for of in calibration.bins if calibration else ():
        share = (of.right * of.count + 0.5) / (of.count + 1)
        error = 100 * (share * (1 - share) / (of.count + 1)) ** 0.5
        right = 100 * of.right
        low, high = max(0.0, right - error), min(100.0, right + error)
        rows.append((100 * of.probability, right, low, high, of.count))
    return pd.DataFrame(rows, columns=["probability", "right", "low", "high", "count"])
