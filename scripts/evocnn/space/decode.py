"""Genome to network."""

from typing import Any

from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.genes import Genome
from evocnn.space.network import Network
from evocnn.space.operations import OPERATIONS
from evocnn.space.space import Space


def decode(genome: Genome, space: Space, *, input_size: int, outputs: int, head: str = "heatmap") -> Network:
    """Decode a genome: every genome of a space gives a network.

    A block reads the output of the block `input` places before it and, where `skip` is not 0, of the block `skip`
    places before it; counting stops at the stem, and no-ops do not count. Strides that would take a map out of the
    space's bounds are 1 instead. Blocks that do not reach the head disappear.

    Args:
        genome: one value per gene of the space.
        space: what the values mean.
        input_size: side of the square RGB input in pixels, a multiple of the largest stride of the space.
        outputs: number of heatmaps, or of classes.
        head: "heatmap" or "classification".

    Raises:
        ValueError: the input size is not such a multiple.
    """
    if input_size % space.coarsest:
        raise ValueError(f"dataset.input_size is {input_size}; this space needs a multiple of {space.coarsest}")
    graph = GraphBuilder((input_size, input_size, 3))
    maps = [OPERATIONS["conv"].build(graph, 0, space.stem)]
    for number, genes in enumerate(space.slots(genome)):
        if genes["operation"] != "no_op":
            graph.block = number
            maps.append(_add_block(graph, maps, genes, space, input_size))
    graph.block = None
    if head == "classification":
        return canonical(graph.layers, graph.output_conv(graph.global_average_pool(maps[-1]), outputs))
    return canonical(graph.layers, _add_heatmaps(graph, maps[-1], space, input_size // space.head_stride, outputs))


def _add_heatmaps(graph: GraphBuilder, x: int, space: Space, size: int, joints: int) -> int:
    """Heatmaps at the head's stride; from coarser maps by transposed convolutions (Xiao et al., ECCV 2018).

    Interpolated heatmaps would have their summits on the coarse grid only.
    """
    while graph.shape(x)[0] < size:
        x = OPERATIONS["transposed_conv"].build(graph, x, {**space.head, "stride": 2})
    return graph.output_conv(graph.shrink(x, size), joints)


def _add_block(graph: GraphBuilder, maps: list[int], genes: dict[str, Any], space: Space, input_size: int) -> int:
    x = maps[-min(genes["input"], len(maps))]
    if genes["skip"]:
        x = _merge(graph, x, maps[-min(genes["skip"], len(maps))], genes["merge"])
    operation = OPERATIONS[genes["operation"]]
    if "stride" in operation.genes:
        reached = input_size // graph.shape(x)[0]
        after = reached / genes["stride"] if operation.enlarges else reached * genes["stride"]
        allowed = space.strides[0] <= after <= space.strides[1]
        genes = {**genes, "stride": genes["stride"] if allowed else 1}
    return operation.build(graph, x, genes)


def _merge(graph: GraphBuilder, a: int, b: int, how: str) -> int:
    """Merge two maps at the size of the smaller one, which is what memory allows in deep networks."""
    if a == b:
        return a
    size = min(graph.shape(a)[0], graph.shape(b)[0])
    a, b = graph.shrink(a, size), graph.shrink(b, size)
    if how == "concatenate":
        return graph.concatenate(min(a, b), max(a, b))
    if graph.shape(a)[2] != graph.shape(b)[2]:
        b = graph.normalised(graph.conv(b, graph.shape(a)[2], 1))
    return graph.add(a, b)
