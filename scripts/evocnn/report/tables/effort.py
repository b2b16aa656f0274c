"""What the trainings of a search took, and what they ran with and on."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from evocnn.report.run import Run


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
