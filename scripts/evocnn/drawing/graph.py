"""A network as it is drawn: boxes instead of layers, and where each box and each line goes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from evocnn.space.layers import LAYERS, kind_of
from evocnn.space.network import Layer, Network, Shape

MERGES = {name: kind.sign for name, kind in LAYERS.items() if kind.sign}
"""Kinds drawn as small circles, and the sign in each."""
SQUEEZE_EXCITE = ("global_average_pool", "conv", "activation", "conv", "activation", "multiply")
"""Kinds drawn in one box when they follow one another, the last one reading what the first one reads."""


@dataclass(frozen=True)
class Box:
    """Layers drawn as one.

    Attributes:
        kind: of its first layer, or "squeeze_excite".
        label: what it does, e.g. "conv 3×3, 32, stride 2 · relu".
        shape: of its output.
        inputs: positions of the boxes that feed it.
        heads: names of the heads that yield it.
    """

    kind: str
    label: str
    shape: Shape
    inputs: tuple[int, ...]
    heads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """Where things go; rows from 0 at the top, columns from 0, the longest chain, to the right.

    Attributes:
        row: of each box: the length of the longest path that leads to it.
        column: of each box.
        lanes: of each line that would meet boxes on its way down, by (from, to): to the left of its column, 1 being
            next to the boxes.
    """

    row: tuple[int, ...]
    column: tuple[int, ...]
    lanes: dict[tuple[int, int], int]

    def track(self, source: int, at: int) -> int:
        """The column that a line runs down in, or beside: the one further to the right of the two that it connects."""
        return self.column[source] or self.column[at]


def collapse(network: Network) -> tuple[Box, ...]:
    """Join each convolution with its normalisation and activation; each box follows those that feed it.

    Squeeze-excite is one box. Heads are none: what they yield bears their names.
    """
    layers = network.layers
    heads: dict[int, list[str]] = {}
    for name, at in network.heads.items():
        heads.setdefault(layers[at].inputs[0], []).append(name)
    users: list[list[int]] = [[] for _ in layers]
    for at, layer in enumerate(layers):
        for read in layer.inputs:
            users[read].append(at)
    boxed = {chain[-1]: chain for chain in _squeeze_excites(layers, users)}
    inner = {at for chain in boxed.values() for at in chain[:-1]}
    box_of: dict[int, int] = {}
    chains: list[list[int]] = []
    for at, layer in enumerate(layers):
        if layer.kind == "head" or at in inner:
            continue
        source = layer.inputs[0] if kind_of(layer).joins else None
        # The output of a layer that several others read must stay visible.
        alone = source is not None and len(users[source]) == 1
        if source is not None and alone and "conv" in layers[chains[box_of[source]][0]].kind:
            box_of[at] = box_of[source]
            chains[box_of[at]].append(at)
        else:
            box_of[at] = len(chains)
            chains.append(boxed.get(at, [at]))
    return tuple(_box([layers[i] for i in chain], box_of, heads.get(chain[-1], ())) for chain in chains)


def _squeeze_excites(layers: Sequence[Layer], users: Sequence[Sequence[int]]) -> list[list[int]]:
    """Positions of the layers of each, first to last."""
    result = []
    for at, layer in enumerate(layers):
        if layer.kind == "multiply":
            chain = [at, layer.inputs[1]]
            while len(chain) < len(SQUEEZE_EXCITE) and layers[chain[-1]].inputs:
                chain.append(layers[chain[-1]].inputs[0])
            chain.reverse()
            alike = tuple(layers[i].kind for i in chain) == SQUEEZE_EXCITE and layers[chain[0]].inputs[0]
            if alike == layer.inputs[0] and all(len(users[i]) == 1 for i in chain[:-1]):
                result.append(chain)
    return result


def _box(chain: Sequence[Layer], box_of: dict[int, int], heads: Sequence[str]) -> Box:
    first, last = chain[0], chain[-1]
    inputs = tuple(box_of[i] for i in first.inputs)
    if last.kind == "multiply" and len(chain) > 1:
        label = f"squeeze-excite, {chain[1].shape[2]} inside"
        return Box("squeeze_excite", label, last.shape, inputs, tuple(heads))
    parts = [describe_layer(first)]
    for layer in chain[1:]:
        # Batch normalisation is what a convolution usually has.
        parts += [] if layer.kind == "batch_norm" else [describe_layer(layer)]
    return Box(first.kind, " · ".join(parts), last.shape, inputs, tuple(heads))


def describe_layer(layer: Layer) -> str:
    """What a layer does, e.g. "conv 3×3, 32, stride 2"."""
    settings = dict(layer.settings)
    kind = kind_of(layer)
    if kind.sign:
        return kind.sign
    if layer.kind == "activation":
        return str(settings["function"])
    text = kind.label
    if "kernel" in settings:
        text += f" {settings['kernel']}×{settings['kernel']}"
    if "filters" in settings:
        text += f", {settings['filters']}"
    if "factor" in settings:
        text += f" ×{settings['factor']} bilinear"
    unusual = [name for name in ("stride", "dilation") if settings.get(name, 1) != 1]
    return ", ".join([text, *(f"{name} {settings[name]}" for name in unusual)])


def arrange(boxes: Sequence[Box]) -> Layout:
    """Place boxes: the longest chain straight down, what runs beside it in further columns, skips in lanes.

    Side chains are cut off longest first; each takes the first column that is free from the row that feeds it to the
    row that it feeds, so that its lines meet no box.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(boxes)))
    graph.add_edges_from((source, at) for at, box in enumerate(boxes) for source in box.inputs)
    row = {at: depth for depth, ats in enumerate(nx.topological_generations(graph)) for at in ats}
    column: dict[int, int] = {}
    taken: list[list[tuple[int, int]]] = []
    rest = graph.copy()
    while rest:
        chain = nx.dag_longest_path(rest)
        rest.remove_nodes_from(chain)
        above = [row[source] for source in graph.predecessors(chain[0])]
        below = [row[user] for user in graph.successors(chain[-1])]
        place = _first_free(taken, (min([row[chain[0]], *above]), max([row[chain[-1]], *below])))
        column.update(dict.fromkeys(chain, place))
    rows, columns = tuple(row[at] for at in range(len(boxes))), tuple(column[at] for at in range(len(boxes)))
    places = {(columns[at], rows[at]) for at in range(len(boxes))}
    lanes = _assign_lanes([line for line in graph.edges if _meets(line, row, column, places)], row)
    return Layout(rows, columns, lanes)


def _meets(
    line: tuple[int, int], row: Mapping[int, int], column: Mapping[int, int], places: Collection[tuple[int, int]]
) -> bool:
    """Whether a line would meet a box on its way down the outer one of its columns."""
    source, at = line
    track = column[source] or column[at]
    return any((track, between) in places for between in range(row[source] + 1, row[at]))


def _assign_lanes(lines: Iterable[tuple[int, int]], row: Mapping[int, int]) -> dict[tuple[int, int], int]:
    """Short lines next to the boxes, long ones around them."""
    taken: list[list[tuple[int, int]]] = []
    ordered = sorted(lines, key=lambda line: (row[line[1]] - row[line[0]], row[line[0]]))
    return {(a, b): 1 + _first_free(taken, (row[a], row[b])) for a, b in ordered}


def _first_free(taken: list[list[tuple[int, int]]], interval: tuple[int, int]) -> int:
    """The first track where nothing overlaps an interval of rows (ends may touch), which is then taken."""
    for track, intervals in enumerate(taken):
        if all(interval[1] <= low or high <= interval[0] for low, high in intervals):
            intervals.append(interval)
            return track
    taken.append([interval])
    return len(taken) - 1
