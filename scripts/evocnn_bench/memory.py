"""Memory of deep networks: merging at the larger map without a stem, and merging at the smaller map after one."""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import BASE_BYTES, cost
from evocnn.space.decode import decode
from evocnn.space.network import Network
from evocnn.space.space import Space
from evocnn.space.space_file import read_space
from evocnn_bench.document import table
from evocnn_bench.training_memory import Measured, empty_training, measure

BLOCKS = (8, 16, 32, 64)
SIZE, BATCH, JOINTS = 256, 8, 16
LIMIT_MB = 8000
SEED = 2
DEFAULT = Path(__file__).resolve().parents[2] / "config/spaces/weighted.yaml"
STEM, COARSEST = 4, 16
"""Stride of the stem, and the largest stride, of the space weighted."""


@dataclass(frozen=True)
class Block:
    """What both ways make a block from.

    Attributes:
        filters: 16 to 128.
        kernel: side.
        stride: 1 or 2.
        sources: how many blocks back its two inputs are; the same twice is one input.
        merge: "add" or "concatenate", where the way has a choice.
    """

    filters: int
    kernel: int
    stride: int
    sources: tuple[int, int]
    merge: str


def draw_blocks(count: int, seed: int) -> list[Block]:
    """Blocks at random. The first of fewer are the same: a network of 16 begins as that of 8."""
    rng = random.Random(seed)
    return [
        Block(
            filters=rng.choice([16, 24, 32, 48, 64, 96, 128]),
            kernel=rng.choice([1, 3, 3, 5]),
            stride=rng.choice([1, 1, 1, 1, 1, 1, 2]),
            sources=(1, rng.choice([1, 2, 3, 4])),
            merge=rng.choice(["add", "concatenate"]),
        )
        for _ in range(count)
    ]


def merging_large(blocks: Sequence[Block]) -> Network:
    """No stem; inputs are padded with zeros to the larger one and concatenated."""
    graph = GraphBuilder((SIZE, SIZE, 3))
    maps = [0]
    for block in blocks:
        a, b = (maps[-min(back, len(maps))] for back in block.sources)
        if a != b:
            size = max(graph.shape(a)[0], graph.shape(b)[0])
            a = graph.concatenate(graph.zero_pad(a, size), graph.zero_pad(b, size))
        maps.append(_convolve(graph, a, block, block.stride if graph.shape(a)[0] > SIZE // COARSEST else 1))
    return _end(graph, maps[-1])


def merging_small(blocks: Sequence[Block]) -> Network:
    """A stem, as that of the space weighted; inputs are pooled to the smaller one and added or concatenated."""
    graph = GraphBuilder((SIZE, SIZE, 3))
    maps = [graph.normalised(graph.conv(0, 24, 5, STEM), "relu")]
    for block in blocks:
        a, b = (maps[-min(back, len(maps))] for back in block.sources)
        if a != b:
            size = min(graph.shape(a)[0], graph.shape(b)[0])
            a, b = graph.shrink(a, size), graph.shrink(b, size)
            if block.merge == "add" and graph.shape(a)[2] != graph.shape(b)[2]:
                b = graph.normalised(graph.conv(b, graph.shape(a)[2], 1))
            a = graph.add(a, b) if block.merge == "add" else graph.concatenate(a, b)
        maps.append(_convolve(graph, a, block, block.stride if graph.shape(a)[0] > SIZE // COARSEST else 1))
    return _end(graph, maps[-1])


@dataclass(frozen=True)
class Way:
    """A way to put blocks together, and the depths at which it is measured."""

    name: str
    build: Callable[[int], Network]
    remat: bool
    depths: Sequence[int] = BLOCKS


def drawn(space: Space, count: int, seed: int) -> Network:
    """A random network of a space with as many slots, none of them a no-op: every operation occurs."""
    rng = random.Random(seed)
    longer = replace(space, blocks=count)
    parts = longer.parts(longer.draw(rng))
    gene = next(gene for gene in space.block.genes if gene.name == "operation")
    for block in parts.blocks:
        while block["operation"] == "no_op":
            block["operation"] = gene.draw(rng)
    return decode(longer.genome(parts), longer, input_size=SIZE, outputs=JOINTS)


WAYS = (
    Way("(a) no stem, merged at the larger map", lambda depth: merging_large(draw_blocks(depth, SEED)), False),
    Way("(b) stem, merged at the smaller map", lambda depth: merging_small(draw_blocks(depth, SEED)), False),
    Way("(c) as (b), with `training.remat`", lambda depth: merging_small(draw_blocks(depth, SEED)), True),
    Way("(d) as (a), with `training.remat`", lambda depth: merging_large(draw_blocks(depth, SEED)), True, BLOCKS[:1]),
    Way("(e) the space weighted, every operation", lambda depth: drawn(read_space(DEFAULT), depth, SEED), False),
)


def bench_memory(ways: Sequence[Way] = WAYS) -> str:
    """Predict and measure, as Markdown; memory is over that of an empty training."""
    base, threads = empty_training(), len(os.sched_getaffinity(0))
    rows = [["way, blocks", "predicted, MB", "measured, MB", "predicted over measured", "seconds per step"]]
    for way in ways:
        for depth in way.depths:
            network = way.build(depth)
            predicted = cost(network, BATCH, remat=way.remat).memory_mb - BASE_BYTES / 1e6
            result = measure(network, BATCH, base, remat=way.remat, limit=LIMIT_MB, threads=threads)
            rows.append([f"{way.name}: {depth}", f"{predicted:,.0f}", *_describe(result, predicted)])
    return table(rows)


def _describe(result: Measured, predicted: float) -> list[str]:
    if result.memory is None:
        return [f"more than {LIMIT_MB:,}", "", ""]
    return [f"{result.memory:,.0f}", f"{predicted / result.memory:.2f}", f"{result.step:.1f}"]


def _convolve(graph: GraphBuilder, x: int, block: Block, stride: int) -> int:
    return graph.normalised(graph.conv(x, block.filters, block.kernel, stride), "relu")


def _end(graph: GraphBuilder, x: int) -> Network:
    """Heatmaps at the size of the last map."""
    return canonical(graph.layers, [graph.head("heatmap", graph.conv(x, JOINTS, 1, bias=True), 0)])
