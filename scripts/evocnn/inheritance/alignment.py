"""Which layers, and which channels, of one network correspond to those of another that it was bred from.

A child's layers are its parent's but for a few, and their places among all layers, in canonical order, may be any.
"""

from collections.abc import Mapping, Sequence

from evocnn.space.layers import is_learned, kind_of
from evocnn.space.network import Layer, Network

Channel = frozenset[tuple[int, int]]
"""Where a channel comes from: layers of the parent with their channels, several where maps are added up."""

STEM, BLOCK, HEAD = range(3)
Section = tuple[int, int | str]
"""Stem, block by number, or head by name."""
Path = tuple[int, list[tuple[int, int]]]
"""How alike two sequences are, and pairs of what matches."""


def align(parent: Network, child: Network) -> dict[int, int]:
    """Positions of the child's layers with weights, to those of the parent's that they continue.

    Blocks are matched in their order, without crossing, so that their layers are most alike (Needleman & Wunsch, 1970),
    and the layers inside of two blocks likewise; so a block that was put in or taken out moves those after it. Stem and
    heads match their own kind. Only layers of one kind match; the size of a kernel and numbers of channels count.
    """

    def paths(old: Sequence[int], new: Sequence[int]) -> Path:
        return _best_path([[_likeness(parent, child, a, b) for b in new] for a in old])

    old, new = _sections(parent), _sections(child)
    likeness = [
        [(paths(a, b)[0] + (one == other)) * (one == other or one[0] == other[0] == BLOCK) for other, b in new.items()]
        for one, a in old.items()
    ]
    _, sections = _best_path(likeness)
    result = {}
    for i, j in sections:
        before, now = list(old.values())[i], list(new.values())[j]
        result.update({now[b]: before[a] for a, b in paths(before, now)[1]})
    return result


def channels(network: Network, known: Mapping[int, int]) -> list[list[Channel]]:
    """Where every channel of every layer's output comes from.

    Args:
        network: parent or child.
        known: from a layer to the one of the parent's that makes the same; itself in the parent.

    Returns:
        By layer and channel. What comes from a layer that is not known comes from nowhere: an empty set.
    """
    result: list[list[Channel]] = []
    for at, layer in enumerate(network.layers):
        sources = [result[i] for i in layer.inputs]
        origins = kind_of(layer).channels
        if origins == "new":
            origin = known.get(at, 0 if layer.kind == "input" else -1)
            made = range(layer.shape[2])
            result.append([frozenset({(origin, channel)}) if origin >= 0 else frozenset() for channel in made])
        elif origins == "joined":
            result.append([channel for source in sources for channel in source])
        elif origins == "added":
            result.append([frozenset().union(*together) for together in zip(*sources, strict=True)])
        else:
            result.append(sources[0])
    return result


def correspondence(parent: Sequence[Channel], child: Sequence[Channel]) -> list[int | None]:
    """For each channel of a map of the child's, that of the parent's map.

    It is one of the same origin, or else the one in the same place. Every channel of the parent's is used once at most;
    None where there is none left.
    """
    places: dict[tuple[int, int], int] = {}
    for place, origins in enumerate(parent):
        for origin in origins:
            places.setdefault(origin, place)
    taken: set[int] = set()
    result: list[int | None] = []
    for origins in child:
        here = sorted({places[origin] for origin in origins if origin in places} - taken)
        result.append(here[0] if here else None)
        taken.update(here[:1])
    for place, at in enumerate(result):
        if at is None and place < len(parent) and place not in taken:
            result[place] = place
            taken.add(place)
    return result


def _sections(network: Network) -> dict[Section, list[int]]:
    """Layers with weights, in canonical order, by section, the sections in the order of their blocks."""
    after, heads = _after_blocks(network.layers), _heads(network)
    result: dict[Section, list[int]] = {}
    for at, layer in enumerate(network.layers):
        if is_learned(layer):
            outside: Section = (HEAD, heads[at]) if after[at] else (STEM, 0)
            result.setdefault((BLOCK, layer.block) if layer.block is not None else outside, []).append(at)
    return dict(sorted(result.items()))


def _after_blocks(layers: Sequence[Layer]) -> list[bool]:
    """Whether a layer is in a block, or after one."""
    result: list[bool] = []
    for layer in layers:
        result.append(layer.block is not None or any(result[i] for i in layer.inputs))
    return result


def _heads(network: Network) -> list[str]:
    """The name of the head that each layer leads to; of several the first."""
    result = [""] * len(network.layers)
    for name, end in sorted(network.heads.items(), reverse=True):
        waiting = [end]
        while waiting:
            at = waiting.pop()
            if result[at] != name:
                result[at] = name
                waiting.extend(network.layers[at].inputs)
    return result


def _likeness(parent: Network, child: Network, a: int, b: int) -> int:
    """0 where layers cannot match."""
    one, other = parent.layers[a], child.layers[b]
    if one.kind != other.kind:
        return 0
    alike = [
        dict(one.settings).get("kernel") == dict(other.settings).get("kernel"),
        one.shape[2] == other.shape[2],
        parent.layers[one.inputs[0]].shape[2] == child.layers[other.inputs[0]].shape[2],
    ]
    return 1 + sum(alike)


def _best_path(likeness: Sequence[Sequence[int]]) -> Path:
    """The highest sum, and its pairs (row, column), both rising."""
    rows, columns = len(likeness), len(likeness[0]) if likeness else 0
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            both = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    path, i, j = [], 0, 0
    while i < rows and j < columns:
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            path.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return best[0][0], path
