"""When and where trainings ran: a row per attempt, and how busy each device was."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

import pandas as pd

from evocnn.report.run import Training

COLUMNS = ("key", "name", "generation", "device", "lane", "began", "ended", "status")
AGAIN = "repeated"
"""What became of an attempt after which there was another one."""
FORMAT = "%Y-%m-%dT%H:%M:%SZ"
Span = tuple[datetime, datetime]
"""From, to."""


def timeline(trainings: Sequence[Training]) -> pd.DataFrame:
    """A row per attempt at a training, by its beginning; none of trainings of releases that did not note it.

    Columns are `key` (place of the training), `name` and `generation` of the individual, `device` (host and device),
    `lane` (the device, with a number where it ran several at once), `began` and `ended` (UTC), and `status`: that of
    the training, or "repeated" for attempts before its last one.
    """
    rows = [row for key, training in enumerate(trainings) for row in _attempts(key, training)]
    rows.sort(key=lambda row: (row["began"], row["key"]))
    for device in {row["device"] for row in rows}:
        here = [row for row in rows if row["device"] == device]
        lanes = _lanes([(row["began"], row["ended"]) for row in here])
        for row, lane in zip(here, lanes, strict=True):
            row["lane"] = f"{device} #{lane + 1}" if any(lanes) else device
    return pd.DataFrame(rows, columns=list(COLUMNS))


def use_of_devices(attempts: pd.DataFrame) -> pd.DataFrame:
    """A row per device: what it ran, and for how long it had nothing to do.

    Columns are `device`, `attempts`, `hours` (of all attempts together), `at_once` (mean number of attempts while
    there was one), `idle` (percent of the time from its first to its last attempt without any), and `repeated` (hours
    of attempts after which there was another one).

    Args:
        attempts: see `timeline`.
    """
    rows = []
    for device, of_device in attempts.groupby("device"):
        hours = _hours(of_device)
        spanned = (of_device.ended.max() - of_device.began.min()).total_seconds() / 3600
        busy = _busy(list(zip(of_device.began, of_device.ended, strict=True))) / 3600
        rows.append(
            {
                "device": device,
                "attempts": len(of_device),
                "hours": hours.sum(),
                "at_once": hours.sum() / busy if busy else 1.0,
                "idle": 100 * (1 - busy / spanned) if spanned else 0.0,
                "repeated": hours[of_device.status == AGAIN].sum(),
            }
        )
    return pd.DataFrame(rows, columns=["device", "attempts", "hours", "at_once", "idle", "repeated"])


def _attempts(key: int, training: Training) -> Iterator[dict[str, Any]]:
    individual, known = training.individual, training.fitness.provenance
    attempts = training.fitness.training.get("timeline", ())
    for number, attempt in enumerate(attempts, 1):
        began = datetime.fromisoformat(attempt["began"])
        device = known.get("device_id") or known.get("device") or "unknown device"
        yield {
            "key": key,
            "name": individual.name,
            "generation": individual.generation,
            "device": f"{known.get('host', 'unknown host')}, {device}",
            "began": began,
            "ended": began + timedelta(seconds=attempt["seconds"]),
            "status": training.fitness.status if number == len(attempts) else AGAIN,
        }


def _lanes(spans: Sequence[Span]) -> list[int]:
    """The first lane that is free when a span begins, for each; they are in the order of their beginnings."""
    running: list[tuple[datetime, int]] = []
    free: list[int] = []
    chosen = []
    for began, ended in spans:
        while running and running[0][0] <= began:
            heappush(free, heappop(running)[1])
        chosen.append(heappop(free) if free else len(running))
        heappush(running, (ended, chosen[-1]))
    return chosen


def _busy(spans: Sequence[Span]) -> float:
    """Seconds in which there was a span, of one or more in the order of their beginnings."""
    total, until = 0.0, spans[0][0]
    for began, ended in spans:
        total += max((ended - max(began, until)).total_seconds(), 0.0)
        until = max(until, ended)
    return total


def _hours(attempts: pd.DataFrame) -> pd.Series:
    return (attempts.ended - attempts.began).dt.total_seconds() / 3600
