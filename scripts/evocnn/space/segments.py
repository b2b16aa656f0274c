"""Divide a network into segments, so that training can keep what goes between them and recompute the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from evocnn.space.network import Layer

MOST_SEGMENTS = 16


@dataclass(frozen=True)
class Segment:
    """Layers next to one another.

    Attributes:
        layers: their positions; the network's input belongs to no segment.
        inputs: positions of the layers before them that they read, in order.
        outputs: positions of those that later layers read, and of heads, in order.
    """

    layers: range
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def divisions(layers: Sequence[Layer]) -> list[tuple[Segment, ...]]:
    """Divisions into segments of about the same size, into about 2, 3, … segments."""
    if len(layers) < 3:
        return []
    return [_divide(layers, number) for number in range(2, MOST_SEGMENTS + 1)]


def crossing(segments: Sequence[Segment]) -> set[int]:
    """Positions of the layers whose outputs go between segments."""
    return {at for segment in segments for at in segment.inputs}


def _divide(layers: Sequence[Layer], number: int) -> tuple[Segment, ...]:
    """Cut where least goes across, when a segment has between half of its share of all elements and all of it."""
    sizes = [prod(layer.shape) * (layer.kind != "head") for layer in layers]  # a head is what it reads
    across = _across(layers, sizes)
    share = sum(sizes[1:]) / number
    starts, filled, cut = [1], 0, 0
    for at in range(1, len(layers) - 1):
        filled += sizes[at]
        if all(layer.kind == "head" for layer in layers[at + 1 :]):
            break
        if filled >= share / 2 and (not cut or across[at] <= across[cut]):
            cut = at
        if filled >= share:
            starts.append(cut + 1)
            filled, cut = sum(sizes[cut + 1 : at + 1]), 0
    ends = [*starts[1:], len(layers)]
    return tuple(_segment(layers, range(start, end)) for start, end in zip(starts, ends, strict=True))


def _across(layers: Sequence[Layer], sizes: Sequence[int]) -> list[int]:
    """For each layer, elements that later layers read of it and of the layers before it."""
    last = _last_readers(layers)
    change = [0] * (len(layers) + 1)
    for at, reader in enumerate(last):
        change[at] += sizes[at]
        change[reader] -= sizes[at]
    total, across = 0, []
    for difference in change[:-1]:
        total += difference
        across.append(total)
    return across


def _last_readers(layers: Sequence[Layer]) -> list[int]:
    last = list(range(len(layers)))
    for at, layer in enumerate(layers):
        for source in layer.inputs:
            last[source] = at
    return last


def _segment(layers: Sequence[Layer], positions: range) -> Segment:
    last = _last_readers(layers)
    read = {source for at in positions for source in layers[at].inputs if source not in positions}
    written = [at for at in positions if last[at] >= positions.stop or layers[at].kind == "head"]
    return Segment(positions, tuple(sorted(read)), tuple(written))
