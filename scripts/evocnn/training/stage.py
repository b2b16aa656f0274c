"""A stage of a training that pauses at rungs; see `evocnn.evolution.rungs`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evocnn.evolution.rungs import read_rung


@dataclass(frozen=True)
class Stage:
    """Attributes:
    ends: epochs at which the whole training pauses, its end included, in increasing order.
    until: the one at which this stage ends.
    begun: folder of the state that the stage before has left; None for the first.
    """

    ends: tuple[int, ...]
    until: int
    begun: Path | None = None


def individual_at(promoted: Path | None, place: int) -> int:
    """Number of the individual at a place of a rung; a number that no individual has, where nobody has this place.

    Args:
        promoted: file of the rung; None for rung 0, where every individual is at its own place.
        place: in the rung.
    """
    if promoted is None:
        return place
    numbers = read_rung(promoted).numbers
    return numbers[place] if place < len(numbers) else sys.maxsize


def enter(
    rung: int, place: int, ends: Sequence[int], promoted: Path | None, checkpoints: Sequence[Path]
) -> tuple[int, Stage]:
    """The individual at a place of a rung, see `individual_at`, and its stage.

    Args:
        rung: number of the rung.
        place: in the rung.
        ends: epochs at the end of each rung.
        promoted: file of the rung; None for rung 0.
        checkpoints: folders of states that the rung below has left, by place.
    """
    before = read_rung(promoted).before if promoted else ()
    begun = checkpoints[before[place]] if place < len(before) else None
    return individual_at(promoted, place), Stage(tuple(ends), ends[rung], begun)
