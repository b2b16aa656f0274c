"""A network as a table of text: what each of its blocks is and costs."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

from evocnn.drawing.graph import describe_layer
from evocnn.drawing.network_drawing import draw_network
from evocnn.evolution.population import read_offspring, read_population
from evocnn.labels import read_labels
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.genes import Genome, Value
from evocnn.space.layers import layer_macs, layer_params
from evocnn.space.network import Network
from evocnn.space.operations import Operation
from evocnn.space.space import Space
from evocnn.space.space_file import read_space

COLUMNS = ("block", "operation", "reads", "output", "layers", "parameters", "million MACs", "outputs in MB")
DESCRIPTIONS = 4
"""Columns of text, which stand to the left; numbers stand to the right."""
FLOAT_BYTES = 4


@dataclass(frozen=True)
class Chosen:
    """Which network of a space to describe; the first that is not None.

    Attributes:
        individual: offspring file, and the number of the individual in it.
        population: population file, and the rank in it, 1 being the best.
        seed: of a random genome.
    """

    individual: tuple[Path, int] | None = None
    population: tuple[Path, int] | None = None
    seed: int = 0


@dataclass(frozen=True)
class Row:
    """One line of the table: layers that belong together."""

    name: str
    operation: str
    reads: str
    shape: str
    layers: int
    params: int
    macs: int
    elements: int


def describe_network(
    chosen: Chosen,
    *,
    space: Path,
    labels: Path,
    input_size: int,
    batch_size: int,
    each_layer: bool = False,
    drawing: Path | None = None,
) -> str:
    """Describe a network as text, and draw it where a file is named.

    Args:
        chosen: which network.
        space: space file.
        labels: labels file, which says what the network predicts.
        input_size: side of the network's input in pixels.
        batch_size: people per training step, for the memory.
        each_layer: a line for each layer instead of each block.
        drawing: SVG file to write.

    Raises:
        ValueError: a file is damaged or of another space, or has no such individual.
    """
    declared, predicted = read_space(space), read_labels(labels)
    genome = _genome(chosen, declared)
    network = decode(genome, declared, input_size=input_size, outputs=predicted.outputs, task=predicted.task)
    costs = cost(network, batch_size)
    if drawing:
        draw_network(drawing, network, costs)
    parts = _parts(network, _stem_layers(genome, declared, input_size))
    rows = _layer_rows(network, parts) if each_layer else _block_rows(network, parts, genome, declared)
    used = len({layer.block for layer in network.layers} - {None})
    lines = [
        f"network {network.network_id}, {used} of {declared.blocks} blocks in use",
        "",
        *_aligned([_cells(row, batch_size) for row in rows], _cells(_total(rows), batch_size)),
        "",
        f"predicted memory of a training process, {batch_size} people per step: {costs.memory_mb:,} MB",
    ]
    return "\n".join(lines)


def _genome(chosen: Chosen, space: Space) -> Genome:
    if chosen.individual:
        path, number = chosen.individual
        bred = [individual.genome for individual in read_offspring(path, space).individuals]
        return _pick(path, bred, number, 0)
    if chosen.population:
        path, rank = chosen.population
        survivors = [survivor.individual.genome for survivor in read_population(path, space).survivors]
        return _pick(path, survivors, rank, 1)
    return space.draw(random.Random(chosen.seed))


def _pick(path: Path, genomes: Sequence[Genome], number: int, first: int) -> Genome:
    if not first <= number < first + len(genomes):
        raise ValueError(f"{path}: no individual {number}; expected {first} to {first + len(genomes) - 1}")
    return genomes[number - first]


def _stem_layers(genome: Genome, space: Space, input_size: int) -> int:
    """How many layers the input and the stem have; in canonical order they are the first."""
    graph = GraphBuilder((input_size, input_size, 3))
    settings = {**space.stem.constants, **space.parts(genome).stem}
    last = space.operations[str(settings["operation"])].build(graph, 0, settings)
    return len(canonical(graph.layers, [last]).layers)


def _parts(network: Network, stem: int) -> list[str]:
    """What part of the network each layer belongs to: "input", "stem", "block 3", "head heatmap"."""
    parts = ["input", *["stem"] * (stem - 1), *[""] * (len(network.layers) - stem)]
    for at, layer in enumerate(network.layers):
        if layer.block is not None:
            parts[at] = f"block {layer.block}"
    for name, at in network.heads.items():
        waiting = [at]
        while waiting:
            reached = waiting.pop()
            if not parts[reached]:
                parts[reached] = f"head {name}"
                waiting.extend(network.layers[reached].inputs)
    return parts


def _layer_rows(network: Network, parts: Sequence[str]) -> list[Row]:
    return [
        _row(network, [at], f"{at} {parts[at]}", describe_layer(layer), map(str, layer.inputs))
        for at, layer in enumerate(network.layers)
    ]


def _block_rows(network: Network, parts: Sequence[str], genome: Genome, space: Space) -> list[Row]:
    values = space.parts(genome)
    operations = {"stem": _operation({**space.stem.constants, **values.stem}, space.operations)}
    for number, block in enumerate(values.blocks):
        operations[f"block {number}"] = _operation({**space.block.constants, **block}, space.operations)
    heads = [f"head {name}" for name in network.heads]
    rows = []
    for part in ("input", *operations, *heads):
        positions = [at for at, other in enumerate(parts) if other == part]
        read = {parts[i]: None for at in positions for i in network.layers[at].inputs if parts[i] != part}
        if positions:
            rows.append(_row(network, positions, part, operations.get(part, ""), read))
    return rows


def _operation(settings: Mapping[str, Value], operations: Mapping[str, Operation]) -> str:
    """The operation with what says most about it, e.g. "mbconv 5×5, 2 times"."""
    name = str(settings["operation"])
    kernel, repeats = (settings.get(f"{name}.{gene}", settings.get(gene)) for gene in ("kernel", "repeats"))
    text = f"{name} {kernel}×{kernel}" if "kernel" in operations[name].genes else name
    return text + (f", {repeats} times" if repeats and repeats != 1 else "")


def _row(network: Network, positions: Sequence[int], name: str, operation: str, reads: Iterable[str]) -> Row:
    layers = network.layers
    chosen = [layers[at] for at in positions]
    return Row(
        name=name,
        operation=operation,
        reads=", ".join(read.removeprefix("block ") for read in reads),
        shape="×".join(map(str, chosen[-1].shape)),
        layers=len(chosen),
        params=sum(layer_params(layer, layers) for layer in chosen),
        macs=sum(layer_macs(layer, layers) for layer in chosen),
        elements=sum(prod(layer.shape) for layer in chosen),
    )


def _total(rows: Sequence[Row]) -> Row:
    sums = (sum(getattr(row, name) for row in rows) for name in ("layers", "params", "macs", "elements"))
    return Row("total", "", "", "", *sums)


def _cells(row: Row, batch_size: int) -> tuple[str, ...]:
    megabytes = FLOAT_BYTES * batch_size * row.elements / 1e6
    numbers = (f"{row.layers:,}", f"{row.params:,}", f"{row.macs / 1e6:,.2f}", f"{megabytes:,.2f}")
    return row.name, row.operation, row.reads, row.shape, *numbers


def _aligned(rows: Sequence[Sequence[str]], total: Sequence[str]) -> list[str]:
    """Lines of equal columns: a title, the rows, and below a rule their total."""
    widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, total, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if at < DESCRIPTIONS else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "  ".join(padded).rstrip()

    rule = "─" * (sum(widths) + 2 * len(widths) - 2)
    return [line(COLUMNS), rule, *map(line, rows), rule, line(total)]
