"""How long trainings take together: those of a generation on so many places, and generations one after the other."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

import numpy as np

from evocnn.planning.workload import Stage, Workload

AROUND_GENERATION = 4.0
"""Seconds to breed and to select a generation, with the start of their jobs."""
AROUND_JOB = 1.5
"""Seconds for Snakemake to start a job and to note its end."""
AROUND_RUN = 35.0
"""Seconds of everything else on a small data set: records, scores on test, exported files, tables and the report."""
PER_PERSON = 0.001
"""Seconds to read, crop and write a person, in every split."""


@dataclass(frozen=True)
class Speed:
    """How fast a network trains here.

    Attributes:
        start: seconds of a training besides its steps: libraries, building, tracing.
        step: seconds per step.
        scoring: seconds per person of search-valid, in every epoch.
    """

    start: float
    step: float
    scoring: float

    def seconds(self, work: Workload, epochs: int) -> float:
        """Of a training that does not end early."""
        return AROUND_JOB + self.start + epochs * (work.steps * self.step + work.people["valid"] * self.scoring)


@dataclass(frozen=True)
class Duration:
    """What a run takes, in seconds.

    Attributes:
        wall: until it has ended.
        trainings: of all trainings, one after the other.
        chain: with as many places as could be used at once: no machine makes it shorter.
    """

    wall: float
    trainings: float
    chain: float


def duration(work: Workload, speeds: Sequence[Speed], places: int, overlap: int = 0) -> Duration:
    """What a run takes.

    Args:
        work: what it trains.
        speeds: of some networks; all others are taken to be like them.
        places: how many trainings run at the same time.
        overlap: generations that breeding runs ahead of selection; places are then free only at the end.
    """
    stages = [*work.generations, *work.final]
    if overlap:
        generations = [Stage(sum(stage.trainings for stage in work.generations), work.generations[0].epochs)]
    else:
        generations = list(work.generations)
    around = AROUND_RUN + PER_PERSON * sum(work.people.values()) + AROUND_GENERATION * len(work.generations)
    final = _together([seconds for stage in work.final for seconds in _seconds(work, stage, speeds)], places)
    search = sum(_together(_seconds(work, stage, speeds), places) for stage in generations)
    longest = [max(_seconds(work, stage, speeds), default=0.0) for stage in stages]
    return Duration(
        wall=search + final + around,
        trainings=sum(sum(_seconds(work, stage, speeds)) for stage in stages),
        chain=sum(longest[: len(work.generations)]) + max(longest[len(work.generations) :], default=0.0) + around,
    )


def _seconds(work: Workload, stage: Stage, speeds: Sequence[Speed]) -> list[float]:
    return [speed.seconds(work, stage.epochs) for speed in islice(cycle(speeds), stage.trainings)]


def _together(durations: Sequence[float], places: int) -> float:
    """Until the last has ended, where each begins as soon as a place is free."""
    free = [0.0] * places
    for seconds in durations:
        heapq.heapreplace(free, free[0] + seconds)
    return float(np.max(free))
