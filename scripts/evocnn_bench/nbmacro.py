"""NAS-Bench-Macro (Su et al., CVPR 2021): a table of all networks of eight layers, each trained three times."""

import csv
import gzip
from functools import cache
from pathlib import Path

from evocnn.evolution.expression import Expressed
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import Cost
from evocnn.space.genes import Choice, Genome
from evocnn.space.graph_features import graph_features
from evocnn.space.space import Section, Space
from evocnn_bench.strategies import EVERYTHING, Tabular

STAGES = ((2, 64), (3, 128), (3, 256))
"""Layers of each stage, and their filters; the first layer of each has a stride of 2."""
SIDE, STEM = 32, 32
IDENTITY = "0"
BLOCKS = {"1": (3, 3), "2": (6, 5)}
"""Expansion and kernel of an inverted residual."""
LAYER = Choice("operation", (IDENTITY, *BLOCKS), (1.0,) * 3, ordered=False)
SPACE = Space(Section({}, ()), sum(layers for layers, _ in STAGES), Section({}, (LAYER,)), {}, (1, 1))


def read_nbmacro(path: Path) -> Tabular:
    """A search sees one of the three trainings; a network is worth the mean of the other two.

    Args:
        path: CSV with columns arch, acc1, acc2 and acc3.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    seen = {row["arch"]: float(row["acc1"]) for row in rows}
    tested = {row["arch"]: (float(row["acc2"]) + float(row["acc3"])) / 2 for row in rows}
    return Tabular(SPACE, express, EVERYTHING, seen, tested)


@cache
def express(genome: Genome) -> Expressed:
    """The network without identities of stride 1: the same for genomes that compute the same."""
    graph = GraphBuilder((SIDE, SIDE, 3))
    end = graph.conv(0, STEM, 3)
    operations = iter(map(str, genome))
    for layers, filters in STAGES:
        for at in range(layers):
            end = _layer(graph, next(operations), end, filters, 2 if at == 0 else 1)
    network = canonical(graph.layers, [end])
    return Expressed(network.network_id, Cost(1, 1, 1, 1), 0, graph_features(network))


def _layer(graph: GraphBuilder, operation: str, x: int, filters: int, stride: int) -> int:
    same = stride == 1 and graph.shape(x)[2] == filters
    if operation == IDENTITY:
        return x if same else graph.conv(x, filters, 1, stride)
    expansion, kernel = BLOCKS[operation]
    inside = graph.depthwise_conv(graph.conv(x, expansion * graph.shape(x)[2], 1), kernel, stride)
    made = graph.conv(inside, filters, 1)
    return graph.add(x, made) if same else made
