"""The operations a block may perform, by name.

To add one: a function from (graph, position of its input, gene values) to the position of its output, and a line in
OPERATIONS that names the genes it needs, here or in a file of your own that the space names under `operations`. Layers
it needs are methods of the graph builder.
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
        genes: names of the genes that it cannot do without; a stride is already limited by the space.
        enlarges: whether its stride enlarges the map instead of shrinking it.
    """

    build: Callable[[GraphBuilder, int, Genes], int]
    genes: tuple[str, ...]
    enlarges: bool = False


def _finish(graph: GraphBuilder, x: int, genes: Genes, activation: bool = True) -> int:
    return graph.normalised(x, genes["activation"] if activation else None, _normalisation(genes))


def _normalisation(genes: Genes) -> str:
    return genes.get("normalisation", "batch")


def _bias(genes: Genes) -> bool:
    """Normalisation has a shift of its own."""
    return _normalisation(genes) == "none"


def _dilation(genes: Genes, stride: int) -> int:
    """There is no dilated convolution with a stride."""
    return genes.get("dilation", 1) if stride == 1 else 1


def _squeeze_excite(graph: GraphBuilder, x: int, genes: Genes) -> int:
    """Weights for channels (Hu et al., CVPR 2018); `squeeze_excite` is the share of channels inside, 0 for none."""
    share, channels = genes.get("squeeze_excite", 0), graph.shape(x)[2]
    if not share:
        return x
    inner = graph.conv(graph.global_average_pool(x), max(1, round(channels * share)), 1, bias=True)
    outer = graph.conv(graph.activation(inner, genes["activation"]), channels, 1, bias=True)
    return graph.multiply(x, graph.activation(outer, "sigmoid"))


def _conv(graph: GraphBuilder, x: int, genes: Genes) -> int:
    stride = genes["stride"]
    x = graph.conv(x, genes["filters"], genes["kernel"], stride, _dilation(genes, stride), _bias(genes))
    return _squeeze_excite(graph, _finish(graph, x, genes), genes)


def _depthwise_conv(graph: GraphBuilder, x: int, genes: Genes) -> int:
    stride = genes["stride"]
    return _finish(
        graph, graph.depthwise_conv(x, genes["kernel"], stride, _dilation(genes, stride), _bias(genes)), genes
    )


def _separable_conv(graph: GraphBuilder, x: int, genes: Genes) -> int:
    """Depthwise, then pointwise (Howard et al., MobileNets, 2017)."""
    x = _squeeze_excite(graph, _depthwise_conv(graph, x, genes), genes)
    return _finish(graph, graph.conv(x, genes["filters"], 1, bias=_bias(genes)), genes)


def _mbconv(graph: GraphBuilder, x: int, genes: Genes) -> int:
    """Inverted residual with linear bottleneck (Sandler et al., MobileNetV2, CVPR 2018)."""
    y = x
    if genes["expansion"] > 1:
        inner = round(graph.shape(x)[2] * genes["expansion"])
        y = _finish(graph, graph.conv(y, inner, 1, bias=_bias(genes)), genes)
    y = _squeeze_excite(graph, _depthwise_conv(graph, y, genes), genes)
    y = _finish(graph, graph.conv(y, genes["filters"], 1, bias=_bias(genes)), genes, activation=False)
    return graph.add(x, y) if graph.shape(x) == graph.shape(y) else y


def _bottleneck(graph: GraphBuilder, x: int, genes: Genes) -> int:
    """Residual bottleneck, a quarter of the filters inside (He et al., CVPR 2016); stride where the kernel is."""
    filters, stride = genes["filters"], genes["stride"]
    inner, bias = max(1, filters // 4), _bias(genes)
    y = _finish(graph, graph.conv(x, inner, 1, bias=bias), genes)
    y = _finish(graph, graph.conv(y, inner, genes["kernel"], stride, _dilation(genes, stride), bias), genes)
    y = _finish(graph, graph.conv(y, filters, 1, bias=bias), genes, activation=False)
    y = _squeeze_excite(graph, y, genes)
    if graph.shape(x) != graph.shape(y):
        x = _finish(graph, graph.conv(x, filters, 1, stride, bias=bias), genes, activation=False)
    return graph.activation(graph.add(x, y), genes["activation"])


def _transposed_conv(graph: GraphBuilder, x: int, genes: Genes) -> int:
    return _finish(
        graph, graph.transposed_conv(x, genes["filters"], genes["kernel"], genes["stride"], _bias(genes)), genes
    )


def _upsample(graph: GraphBuilder, x: int, genes: Genes) -> int:
    return graph.enlarge(x, graph.shape(x)[0] * genes["stride"])


def _pool(kind: str) -> Callable[[GraphBuilder, int, Genes], int]:
    return lambda graph, x, genes: graph.pool(kind, x, genes["kernel"], genes["stride"])


OPERATIONS: Mapping[str, Operation] = {
    "conv": Operation(_conv, ("filters", "kernel", "stride", "activation")),
    "depthwise_conv": Operation(_depthwise_conv, ("kernel", "stride", "activation")),
    "separable_conv": Operation(_separable_conv, ("filters", "kernel", "stride", "activation")),
    "mbconv": Operation(_mbconv, ("filters", "kernel", "stride", "activation", "expansion")),
    "bottleneck": Operation(_bottleneck, ("filters", "kernel", "stride", "activation")),
    "transposed_conv": Operation(_transposed_conv, ("filters", "kernel", "stride", "activation"), enlarges=True),
    "upsample": Operation(_upsample, ("stride",), enlarges=True),
    "max_pool": Operation(_pool("max_pool"), ("kernel", "stride")),
    "average_pool": Operation(_pool("average_pool"), ("kernel", "stride")),
    # Passes its input on, and counts when later blocks count back; a no-op is not there at all.
    "identity": Operation(lambda graph, x, genes: x, ()),
    "no_op": Operation(lambda graph, x, genes: x, ()),
}
