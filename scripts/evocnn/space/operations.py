"""The operations a block may perform, by name.

To add one: a function from (graph, position of its input, gene values) to the position of its output, and a line in
OPERATIONS that names the genes it reads. Layers it needs are methods of the graph builder.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evocnn.space.builder import GraphBuilder

Genes = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """What a block does.

    Attributes:
        build: adds the layers.
        genes: names of the genes it reads; a stride it reads is already limited by the space.
        enlarges: whether its stride enlarges the map instead of shrinking it.
    """

    build: Callable[[GraphBuilder, int, Genes], int]
    genes: tuple[str, ...]
    enlarges: bool = False


def _conv(graph: GraphBuilder, x: int, genes: Genes) -> int:
    x = graph.conv(x, genes["filters"], genes["kernel"], genes["stride"])
    return graph.normalised(x, genes["activation"])


def _separable_conv(graph: GraphBuilder, x: int, genes: Genes) -> int:
    """Depthwise, then pointwise (Howard et al., MobileNets, 2017)."""
    x = graph.normalised(graph.depthwise_conv(x, genes["kernel"], genes["stride"]), genes["activation"])
    return graph.normalised(graph.conv(x, genes["filters"], 1), genes["activation"])


def _mbconv(graph: GraphBuilder, x: int, genes: Genes) -> int:
    """Inverted residual with linear bottleneck (Sandler et al., MobileNetV2, CVPR 2018)."""
    channels = graph.shape(x)[2]
    y = x
    if genes["expansion"] > 1:
        y = graph.normalised(graph.conv(y, channels * genes["expansion"], 1), genes["activation"])
    y = graph.normalised(graph.depthwise_conv(y, genes["kernel"], genes["stride"]), genes["activation"])
    y = graph.normalised(graph.conv(y, genes["filters"], 1))
    return graph.add(x, y) if graph.shape(x) == graph.shape(y) else y


def _transposed_conv(graph: GraphBuilder, x: int, genes: Genes) -> int:
    x = graph.transposed_conv(x, genes["filters"], genes["kernel"], genes["stride"])
    return graph.normalised(x, genes["activation"])


def _pool(kind: str) -> Callable[[GraphBuilder, int, Genes], int]:
    return lambda graph, x, genes: graph.pool(kind, x, genes["kernel"], genes["stride"])


OPERATIONS: Mapping[str, Operation] = {
    "conv": Operation(_conv, ("filters", "kernel", "stride", "activation")),
    "separable_conv": Operation(_separable_conv, ("filters", "kernel", "stride", "activation")),
    "mbconv": Operation(_mbconv, ("filters", "kernel", "stride", "activation", "expansion")),
    "transposed_conv": Operation(_transposed_conv, ("filters", "kernel", "stride", "activation"), enlarges=True),
    "max_pool": Operation(_pool("max_pool"), ("kernel", "stride")),
    "average_pool": Operation(_pool("average_pool"), ("kernel", "stride")),
    "no_op": Operation(lambda graph, x, genes: x, ()),
}
