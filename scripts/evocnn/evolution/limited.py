"""Outcomes that a limit of the jobs made: with a higher limit, the training is tried again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from evocnn.evolution.fitness import Fitness, Status

Limits = Mapping[str, float | None]
"""Values of the section `jobs` by key; None for no limit."""
LIMITS: Mapping[Status, str] = {"timeout": "time_limit", "out_of_memory": "memory_limit_mb", "crashed": "retries"}
"""The limit that makes an outcome."""


def outgrown(trained: Sequence[tuple[Path, Fitness]], now: Limits) -> list[Path]:
    """Fitness files of outcomes whose limit is higher now than it was.

    Args:
        trained: fitness files, and what they hold.
        now: the limits of now.
    """
    return [
        path
        for path, fitness in trained
        if (limit := LIMITS.get(fitness.status))
        and (then := fitness.provenance.get("limits", {}).get(limit)) is not None
        and ((value := now.get(limit)) is None or value > then)
    ]


def explain_limited(trained: Sequence[Fitness]) -> str:
    """Which limits ended how many trainings, how far they had come, and what to do; "" where none did."""
    limited = [fitness for fitness in trained if fitness.status in LIMITS]
    parts = []
    for status, count in Counter(fitness.status for fitness in limited).items():
        of_status = [fitness for fitness in limited if fitness.status == status]
        epochs = max(fitness.training.get("epochs", 0) for fitness in of_status)
        value = of_status[0].provenance.get("limits", {}).get(LIMITS[status])
        parts.append(f'{count} ended as "{status}" by jobs.{LIMITS[status]} = {value}, after {epochs} epochs at most')
    advice = "; raise the limit and run the same command again: these trainings are then tried again"
    return "; ".join(parts) + advice if parts else ""
