"""NAS-Bench-201 (Dong & Yang, ICLR 2020): a table of all cells of a space."""

import csv
import gzip
from functools import cache, reduce
from pathlib import Path

from evocnn.evolution.expression import Expressed
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import Cost
from evocnn.space.genes import Choice, Genome
from evocnn.space.graph_features import graph_features
from evocnn.space.space import Section, Space
from evocnn_bench.strategies import EVERYTHING, Tabular

DATA_SETS = {"c10": "CIFAR-10", "c100": "CIFAR-100", "in16": "ImageNet16-120"}
EDGES = (1, 2, 3)
"""Edges that lead to each node of a cell."""
NONE, PASS, POOL = "0", "1", "4"
KERNELS = {"2": 1, "3": 3}
SIDE, CHANNELS = 32, 16
"""Of the maps of the first cells."""
Summand = tuple[str, int]
"""What is added in a node: as text, and its layer."""
CELL = Choice("operation", ("0", "1", "2", "3", "4"), (1.0,) * 5, ordered=False)
SPACE = Space(Section({}, ()), sum(EDGES), Section({}, (CELL,)), {}, (1, 1))


def read_nb201(path: Path, data_set: str) -> Tabular:
    """The table of one of `DATA_SETS`.

    Args:
        path: CSV with columns arch, <data set>_val12 and <data set>_test200.
        data_set: its key.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    seen, tested = ({row["arch"]: float(row[f"{data_set}_{what}"]) for row in rows} for what in ("val12", "test200"))
    return Tabular(SPACE, express, EVERYTHING, seen, tested)


@cache
def express(genome: Genome) -> Expressed:
    """The cell as text without what adds nothing, the same for cells that compute the same; and its features."""
    digits = iter(genome)
    graph = GraphBuilder((SIDE, SIDE, CHANNELS))
    nodes: list[list[Summand]] = [[("x", 0)]]
    for edges in EDGES:
        summands: list[Summand] = []
        for source in range(edges):
            operation = str(next(digits))
            if operation == PASS:
                summands += nodes[source]
            elif operation != NONE and nodes[source]:
                made = _operation(graph, operation, _sum(graph, nodes[source]))
                summands.append((f"({_text(nodes[source])})@{operation}", made))
        nodes.append(sorted(summands))
    end = _sum(graph, nodes[-1]) if nodes[-1] else 0
    return Expressed(_text(nodes[-1]), Cost(1, 1, 1, 1), 0, graph_features(canonical(graph.layers, [end])))


def _text(summands: list[Summand]) -> str:
    return "+".join(text for text, _ in summands)


def _sum(graph: GraphBuilder, summands: list[Summand]) -> int:
    return reduce(graph.add, (layer for _, layer in summands))


def _operation(graph: GraphBuilder, operation: str, x: int) -> int:
    if operation == POOL:
        return graph.pool("average_pool", x, 3, 1)
    return graph.conv(x, CHANNELS, KERNELS[operation])
