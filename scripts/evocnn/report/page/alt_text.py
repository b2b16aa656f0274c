"""Charts in words, for readers who cannot see them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from evocnn.report.tables.gene_effects import Effect
from evocnn.report.tables.genes import Importance
from evocnn.tasks.calibration import Calibration

NOTHING = "Nothing to show yet."


def describe_course(course: pd.DataFrame, metric: str) -> str:
    """How the best and the median score changed."""
    if course.empty:
        return NOTHING
    first, last = course.iloc[0], course.iloc[-1]
    return (
        f"{metric} of all individuals by generation. From generation {first.generation} to {last.generation} the best "
        f"goes from {first.best:.1f} to {last.best:.1f} %, the median survivor from {first['median']:.1f} to "
        f"{last['median']:.1f} %."
    )


def describe_costs(table: pd.DataFrame, cost: str) -> str:
    """How many networks the front has, and both of its ends."""
    front = table[table[f"front_{cost}"]].sort_values(cost) if len(table) else table
    if front.empty:
        return NOTHING
    least, most = front.iloc[0], front.iloc[-1]
    return (
        f"Score against {cost}: the front has {len(front)} networks, from {least.score:.1f} % at {least[cost]:,} to "
        f"{most.score:.1f} % at {most[cost]:,}."
    )


def describe_lineage(table: pd.DataFrame, ancestry: Sequence[int]) -> str:
    """How many ancestors the best individual has, and how their scores compare with its own."""
    if not ancestry:
        return NOTHING
    line = table.loc[list(ancestry)]
    if len(line) == 1:
        return f"The best, network {line.network_id.iloc[-1]}, was drawn at random and has no ancestors."
    ancestors = "1 ancestor" if len(line) == 2 else f"{len(line) - 1} ancestors"
    return (
        f"The best, network {line.network_id.iloc[-1]}, has {ancestors} since generation "
        f"{line.generation.min()}; the best of them scores {line.score.iloc[:-1].max():.1f} %, itself "
        f"{line.score.iloc[-1]:.1f} %."
    )


def describe_operations(trends: pd.DataFrame) -> str:
    """How the share of each operation changed."""
    if trends.empty:
        return NOTHING
    said = (f"{row.operation} {row.trend}, {row.first:.0f} to {row.last:.0f} %" for row in trends.itertuples())
    return "Share of each operation among the survivors' blocks, first to last generation: " + "; ".join(said) + "."


def describe_outcomes(outcomes: pd.DataFrame) -> str:
    """How many trainings have each status."""
    if outcomes.empty:
        return NOTHING
    counts = outcomes.groupby("status").jobs.sum().sort_values(ascending=False)
    said = (f"{count} {str(status).replace('_', ' ')}" for status, count in counts.items())
    return "Trainings by outcome: " + ", ".join(said) + "."


def describe_curves(curves: pd.DataFrame, settled: str) -> str:
    """How many learning curves there are, and whether their order is settled."""
    if curves.empty:
        return NOTHING
    return f"{curves.key.nunique()} learning curves of up to {curves.epoch.max()} epochs. {settled}".strip()


def describe_importance(importances: Sequence[Importance], what: str) -> str:
    """The three most important genes or slots."""
    said = (f"{of.name} {of.importance:.0f} ± {of.error:.0f} %" for of in importances[:3])
    return f"How much {what} mattered, of the variance of scores: " + ", ".join(said) + "."


def describe_effect(of: Effect) -> str:
    """The values of a place that a model predicts most and least for."""
    ranked = sorted(zip(of.scores, of.errors, of.choices, strict=True))
    (low, low_error, worst), (high, high_error, best) = ranked[0], ranked[-1]
    return (
        f"Predicted score by {of.name}: {high:.1f} ± {high_error:.1f} % for {best}, {low:.1f} ± {low_error:.1f} % for "
        f"{worst}."
    )


def describe_effects(effects: Sequence[Effect]) -> str:
    """The best value at each place."""
    best = (f"{of.name} {of.choices[of.scores.index(max(of.scores))]}" for of in effects)
    return "Genomes as lines through the places that matter most. Predicted best: " + ", ".join(best) + "."


def describe_objectives(table: pd.DataFrame, names: Sequence[str]) -> str:
    """How many networks the front has, and which is best in each objective."""
    front = table[table.front]
    ends = (
        f"{name} is {column.max():.4g} for {table.network_id.iloc[int(column.argmax())]}"
        for name, column in ((name, table[f"objective_{at}"]) for at, name in enumerate(names))
    )
    return f"The front has {len(front)} of {len(table)} networks. At most " + "; ".join(ends) + "."


def describe_volumes(course: pd.DataFrame) -> str:
    """How the hypervolume changed."""
    first, last = course.iloc[0], course.iloc[-1]
    return (
        f"Hypervolume of the survivors goes from {first.hypervolume:.4g} in generation {first.generation} to "
        f"{last.hypervolume:.4g} in generation {last.generation}."
    )


def describe_devices(devices: Sequence[Mapping[str, Any]]) -> str:
    """How busy each device was."""
    said = (
        f"{of['device']}: {of['attempts']} attempts in {of['hours']:.2f} hours, {of['at_once']:.1f} at once, idle "
        f"{of['idle']:.0f} % of the time"
        for of in devices
    )
    return "When trainings ran, by device. " + "; ".join(said) + "."


def describe_reliability(calibration: Calibration) -> str:
    """How far the probabilities of predictions are from the shares that are right."""
    worst = max(calibration.bins, key=lambda of: abs(of.right - of.probability))
    return (
        f"Share of the predictions on test that are right, against their probability. On average they differ by "
        f"{100 * calibration.error:.1f} percentage points; most where the probability is "
        f"{100 * worst.probability:.0f} % and {100 * worst.right:.0f} % are right."
    )
