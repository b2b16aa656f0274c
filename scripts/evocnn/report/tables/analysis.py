"""A search as tables: individuals, fronts, lineages, operations, outcomes, and computing time."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evocnn.evolution.individual import Individual
from evocnn.report.run import Run, Training
from evocnn.report.tables.individuals import generation_row, individual_row
from evocnn.space.network import Network
from evocnn.tasks.calibration import Calibration

COSTS = ("params", "macs", "memory_mb")
JITTER = 0.5
"""Width over which the individuals of one generation are spread, in generations."""
GOLDEN = 0.6180339887498949
UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Effort:
    """What a search took.

    Attributes:
        hours: of all its trainings together.
        networks: how many trainings that was.
        duplicates: how often breeding has thrown away a network that was tried before.
        saved: hours that training those again would have taken, at the mean of this run.
        devices: what was trained on, by name; "cpu" where that was no GPU.
    """

    hours: float
    networks: int
    duplicates: int
    saved: float
    devices: tuple[str, ...]


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


def operations_of(individual: Individual, network: Network, run: Run) -> list[str]:
    """The operation of each block that the network uses."""
    blocks = run.space.parts(individual.genome).blocks
    used = sorted({layer.block for layer in network.layers if layer.block is not None})
    return [str({**run.space.block.constants, **blocks[block]}["operation"]) for block in used]


def operations(run: Run, used: Callable[[str], Sequence[str]]) -> pd.DataFrame:
    """Share in percent of each operation among the blocks of the survivors, a row per generation and operation.

    Args:
        run: the run.
        used: gives the operations of a network by its id; see `operations_of`.
    """
    counts = {
        g.offspring.generation: Counter(name for s in g.population.survivors for name in used(s.individual.network_id))
        for g in run.generations
        if g.population
    }
    names = sorted(set().union(*counts.values())) if counts else []
    return pd.DataFrame(
        [
            {"generation": generation, "operation": name, "share": 100 * count[name] / max(count.total(), 1)}
            for generation, count in counts.items()
            for name in names
        ],
        columns=["generation", "operation", "share"],
    )


def operation_trends(shares: pd.DataFrame) -> pd.DataFrame:
    """How the share of each operation changed: first and last share in percent, and a word; the most used first."""
    if shares.empty:
        return pd.DataFrame(columns=["operation", "first", "last", "trend"])
    table = shares.pivot_table(index="operation", columns="generation", values="share")
    first, last = table.iloc[:, 0], table.iloc[:, -1]
    word = np.select(
        [last == 0, first == 0, last > first, last < first], ["died out", "came up", "spread", "shrank"], "stayed"
    )
    result = pd.DataFrame({"first": first, "last": last, "trend": word}).reset_index()
    return result.sort_values(["last", "first"], ascending=False, ignore_index=True)


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


def effort(run: Run) -> Effort:
    """What the search took, the final training not included."""
    seconds = [sum((t.fitness.training.get("seconds") or {}).values()) for t in run.trainings]
    duplicates = sum(g.offspring.redrawn.get("duplicate", 0) for g in run.generations)
    return Effort(
        hours=sum(seconds) / 3600,
        networks=len(seconds),
        duplicates=duplicates,
        saved=duplicates * sum(seconds) / max(len(seconds), 1) / 3600,
        devices=tuple(sorted(_known(t.fitness.provenance.get("device") for t in run.trainings))),
    )


def hours_by_status(table: pd.DataFrame) -> dict[str, float]:
    """Hours of the trainings that ended in each way, of those whose time is known; see `individuals`."""
    if table.empty:
        return {}
    seconds = table.dropna(subset="seconds").groupby("status").seconds.sum()
    return {str(status): float(of_status) / 3600 for status, of_status in seconds.items()}


def provenance(run: Run) -> dict[str, list[str]]:
    """What trainings ran with and on: every version, host and device that occurs."""
    result: dict[str, set[str]] = {}
    for training in run.trainings:
        known = training.fitness.provenance
        said = {**(known.get("versions") or {}), **{name: known.get(name) for name in ("host", "processor", "device")}}
        for name, value in said.items():
            if value is not None:
                result.setdefault(name, set()).add(str(value))
    return {name: sorted(values) for name, values in result.items()}


def _known(values: Iterable[str | None]) -> set[str]:
    return {value for value in values if value}


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
