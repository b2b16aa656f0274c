"""Genome to network."""

from collections.abc import Callable, Mapping
from typing import Any

from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.genes import Genome, Value
from evocnn.space.heads import HEADS
from evocnn.space.network import Network
from evocnn.space.space import Section, Space, is_skip

Genes = Mapping[str, Any]
CLASSIFICATION = Section({}, ())
"""What classifies images in a space that declares no head for it."""


def decode(genome: Genome, space: Space, *, input_size: int, outputs: int, task: str = "pose") -> Network:
    """Decode a genome: every genome of a space gives a network.

    A block reads the output of the block `input` places before it (1 where there is no such gene) and, for each skip
    that is not 0, of the block so many places before it; counting stops at the stem, and no-ops do not count. Strides
    that would take a map out of the space's bounds are 1 instead. Blocks that do not reach a head disappear.

    Args:
        genome: one value per gene of the space.
        space: what the values mean.
        input_size: side of the square RGB input in pixels, a multiple of the largest stride of the space.
        outputs: number of joints, or of classes.
        task: "pose" or "classification": which heads the network gets.

    Raises:
        ValueError: the input size is not such a multiple, an operation of the user's own does not keep to the strides,
            or the space has no head that predicts for the task.
    """
    if input_size % space.coarsest:
        raise ValueError(f"dataset.input_size is {input_size}; this space needs a multiple of {space.coarsest}")
    parts = space.parts(genome)
    graph = GraphBuilder((input_size, input_size, 3))
    stem: dict[str, Any] = {**space.stem.constants, **parts.stem}
    maps = [space.operations[stem["operation"]].build(graph, 0, stem)]
    _check_map(graph, maps[0], stem["operation"], space, input_size)
    for number, values in enumerate(parts.blocks):
        genes = _of_operation({**space.block.constants, **values})
        if genes["operation"] != "no_op":
            graph.block = number
            maps.append(_add_block(graph, maps, genes, space, input_size))
    graph.block = None
    heads = []
    for place, (name, section) in enumerate(heads_for(space, task).items()):
        settings = {**section.constants, **parts.heads.get(name, {})}
        if place and not settings.get("weight", 1):
            continue  # what helps with no weight is not there; the first head predicts whatever its weight
        yielded = space.head(name).build(graph, maps[-1], settings, input_size, outputs)
        heads.append(graph.head(name, yielded, place, float(settings.get("weight", 1))))
    return canonical(graph.layers, heads)


def heads_for(space: Space, task: str) -> Mapping[str, Section]:
    """The heads of a space that are for a task; the first one predicts, the others help to learn.

    Raises:
        ValueError: there is none, or the first one cannot predict.
    """
    result = {name: section for name, section in space.heads.items() if space.head(name).task == task}
    if not result and task == "classification":
        return {"classification": CLASSIFICATION}
    if not result:
        raise ValueError(f"the space has the heads {', '.join(space.heads)}, none of them for {task}; add one")
    first = next(iter(result))
    if not space.head(first).predicts:
        known = {**HEADS, **space.own_heads}
        able = ", ".join(name for name, head in known.items() if head.task == task and head.predicts)
        raise ValueError(f"the first head for {task} is {first}, which cannot predict; put one of {able} before it")
    return result


def _of_operation(values: Mapping[str, Value]) -> dict[str, Any]:
    """The values that hold for a block's operation, under their short names."""
    operation = values["operation"]
    shared = {name: value for name, value in values.items() if "." not in name}
    own = {name.split(".")[1]: value for name, value in values.items() if name.startswith(f"{operation}.")}
    return {**shared, **own}


def _add_block(graph: GraphBuilder, maps: list[int], genes: dict[str, Any], space: Space, input_size: int) -> int:
    x = maps[-min(genes.get("input", 1), len(maps))]
    for name in sorted(filter(is_skip, genes)):
        if genes[name]:
            x = _merge(graph, x, maps[-min(genes[name], len(maps))], genes["merge"], genes.get("align", "smallest"))
    operation = space.operations[genes["operation"]]
    for number in range(genes.get("repeats", 1)):
        stride = genes.get("stride", 1)
        reached = input_size // graph.shape(x)[0]
        after = reached / stride if operation.enlarges else reached * stride
        allowed = number == 0 and space.strides[0] <= after <= space.strides[1] and input_size % after == 0
        x = operation.build(graph, x, {**genes, "stride": stride if allowed else 1})
        _check_map(graph, x, genes["operation"], space, input_size)
    return x


def _check_map(graph: GraphBuilder, x: int, operation: str, space: Space, input_size: int) -> None:
    """Built-in operations cannot fail; those of the user's own may return any map."""
    height, width, _ = graph.shape(x)
    stride, rest = divmod(input_size, height)
    if height != width or rest or stride & (stride - 1) or not space.strides[0] <= stride <= space.strides[1]:
        raise ValueError(
            f"the operation '{operation}' gave a map of {height}×{width} for an input of {input_size}×{input_size}; "
            f"expected a stride that is a power of 2 from {space.strides[0]} to {space.strides[1]}: an operation "
            "changes the size of its input by genes['stride'] alone; correct it"
        )


def _merge(graph: GraphBuilder, a: int, b: int, how: str, align: str) -> int:
    """Merge two maps at one size: on the smaller one deep networks need least memory."""
    sides = graph.shape(a)[0], graph.shape(b)[0]
    resize: Callable[[int, int], int]
    size, resize = max(sides), graph.zero_pad
    if align != "pad":
        size = {"smallest": min(sides), "largest": max(sides), "first": sides[0]}[align]
        resize = lambda x, side: graph.shrink(x, side) if graph.shape(x)[0] > side else graph.enlarge(x, side)  # noqa: E731
    a, b = resize(a, size), resize(b, size)
    if a == b:
        return a
    if how == "concatenate":
        return graph.concatenate(min(a, b), max(a, b))
    if graph.shape(a)[2] != graph.shape(b)[2]:
        b = graph.normalised(graph.conv(b, graph.shape(a)[2], 1))
    return graph.add(a, b)
