"""Networks of the literature that people would use instead, for input of any size; see `evocnn.space.network`.

Those for poses predict heatmaps of stride 4, except that of the space `ga_cnn`. All start from random weights, as
evolved ones do. `width` scales the number of filters, in steps of 8; 1 is what was published.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.genes import Value
from evocnn.space.network import Network
from evocnn.space.operations import OPERATIONS
from evocnn.space.space import Parts
from evocnn.space.space_file import read_space

SPACES = Path(__file__).resolve().parents[3] / "config/spaces"

RESNET_50 = ((256, 3, 1), (512, 4, 2), (1024, 6, 2), (2048, 3, 2))
"""Filters, blocks and first stride of each stage (He et al., CVPR 2016, table 1)."""
MOBILENET_V2 = (
    *((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2)),
    *((6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)),
)
"""Expansion, filters, blocks and first stride of each stage (Sandler et al., CVPR 2018, table 2)."""
EVOPOSE2D_XS = (
    (3, 1, 16, 1),
    (3, 3, 24, 2),
    (5, 2, 40, 2),
    (3, 4, 80, 2),
    (5, 2, 112, 1),
    (5, 4, 128, 2),
    (3, 2, 80, 1),
)
"""Kernel, blocks, filters and first stride of each stage: the genotype in the code of McNally et al."""
CIFAR_STAGES = (16, 32, 64)
"""Filters of the stages of residual networks for CIFAR-10 (He et al., CVPR 2016, section 4.2)."""
DECONVOLUTION = {"kernel": 4, "stride": 2, "activation": "relu"}
DRAWN = 50
"""Genomes of the space `ga_cnn` that are tried."""
HOURGLASS_DEPTH = 4
"""How often an hourglass halves its maps."""


def simple_baselines(width: float, input_size: int, outputs: int, seed: int) -> Network:
    """ResNet-50 and three transposed convolutions of 256 filters (Xiao, Wu & Wei, ECCV 2018): 34.0 M parameters."""
    graph = GraphBuilder((input_size, input_size, 3))
    x = graph.normalised(graph.conv(0, _scaled(64, width), 7, 2), "relu")
    x = graph.pool("max_pool", x, 3, 2)
    for filters, blocks, first in RESNET_50:
        for number in range(blocks):
            genes = {"filters": _scaled(filters, width), "kernel": 3, "stride": 1 if number else first}
            x = _operation("bottleneck", graph, x, **genes, activation="relu")
    return _deconvolved(graph, x, width, outputs)


def mobilenet_v2(width: float, input_size: int, outputs: int, seed: int) -> Network:
    """MobileNetV2 and three transposed convolutions: 9.6 M parameters (Yu et al., Lite-HRNet, CVPR 2021, table 3)."""
    graph = GraphBuilder((input_size, input_size, 3))
    x = graph.normalised(graph.conv(0, _scaled(32, width), 3, 2), "relu6")
    for expansion, filters, blocks, first in MOBILENET_V2:
        for number in range(blocks):
            genes = {"filters": _scaled(filters, width), "kernel": 3, "stride": 1 if number else first}
            x = _operation("mbconv", graph, x, **genes, activation="relu6", expansion=expansion)
    x = graph.normalised(graph.conv(x, _scaled(1280, width), 1), "relu6")
    return _deconvolved(graph, x, width, outputs)


def hourglass(width: float, input_size: int, outputs: int, seed: int) -> Network:
    """One stack of the Stacked Hourglass (Newell, Yang & Deng, ECCV 2016); its maps are enlarged bilinearly here."""
    graph = GraphBuilder((input_size, input_size, 3))
    x = graph.normalised(graph.conv(0, _scaled(64, width), 7, 2), "relu")
    x = graph.pool("max_pool", _residual(graph, x, _scaled(128, width)), 2, 2)
    x = _residual(graph, _residual(graph, x, _scaled(128, width)), _scaled(256, width))
    x = _residual(graph, _hourglass(graph, x, HOURGLASS_DEPTH), _scaled(256, width))
    x = graph.normalised(graph.conv(x, _scaled(256, width), 1), "relu")
    return _heatmaps(graph, x, outputs)


def evopose2d_xs(width: float, input_size: int, outputs: int, seed: int) -> Network:
    """EvoPose2D-XS (McNally, Vats, Wong & McPhee, IEEE Access, 2021) in the space evopose2d: 2.5 M parameters.

    `width` scales the filters of its stages, which are what the space can say, neither stem nor head.
    """
    space = read_space(SPACES / "evopose2d.yaml")
    blocks: list[dict[str, Value]] = [
        {
            **{"kernel": kernel, "repeats": repeats, "filters": _scaled(filters, width), "stride": stride},
            "expansion": 6 if number else 1,
        }
        for number, (kernel, repeats, filters, stride) in enumerate(EVOPOSE2D_XS)
    ]
    genome = space.genome(Parts({}, blocks, {"heatmap": {}}))
    return decode(genome, space, input_size=input_size, outputs=outputs)


def ga_cnn_style(width: float, input_size: int, outputs: int, seed: int) -> Network:
    """A random genome of the space `ga_cnn`, the style of markstrefford/GA_CNN (GitHub); it has no width to scale.

    The first of a seed's draws that takes no more multiply–accumulates than Simple Baselines of the same width; where
    none of `DRAWN` does, that which takes fewest.
    """
    space, rng = read_space(SPACES / "ga_cnn.yaml"), random.Random(seed)
    most = cost(simple_baselines(width, input_size, outputs, seed), 1).macs
    drawn = []
    for _ in range(DRAWN):
        network = decode(space.draw(rng), space, input_size=input_size, outputs=outputs)
        drawn.append((cost(network, 1).macs, network))
        if drawn[-1][0] <= most:
            return network
    return min(drawn, key=lambda pair: pair[0])[1]


def resnet_20(width: float, input_size: int, outputs: int, seed: int) -> Network:
    """The residual network of 20 layers for CIFAR-10 (He et al., CVPR 2016, section 4.2): 0.27 M parameters."""
    return _residual_network(3, width, input_size, outputs)


def resnet_56(width: float, input_size: int, outputs: int, seed: int) -> Network:
    """The residual network of 56 layers for CIFAR-10 (He et al., CVPR 2016, section 4.2): 0.85 M parameters."""
    return _residual_network(9, width, input_size, outputs)


@dataclass(frozen=True)
class Baseline:
    """A network of the literature.

    Attributes:
        build: from width, side of the input, number of joints or classes and seed to the network.
        task: "pose" or "classification".
        stride: the largest of its maps: the side of the input is a multiple of it.
    """

    build: Callable[[float, int, int, int], Network]
    task: str = "pose"
    stride: int = 32


BASELINES: Mapping[str, Baseline] = {
    "simple_baselines": Baseline(simple_baselines),
    "mobilenet_v2": Baseline(mobilenet_v2),
    "hourglass": Baseline(hourglass),
    "evopose2d_xs": Baseline(evopose2d_xs),
    "ga_cnn_style": Baseline(ga_cnn_style),
    "resnet_20": Baseline(resnet_20, "classification", 4),
    "resnet_56": Baseline(resnet_56, "classification", 4),
}
"""By name."""


def _scaled(filters: int, width: float) -> int:
    return max(8, round(filters * width / 8) * 8)


def _operation(name: str, graph: GraphBuilder, x: int, **genes: Any) -> int:
    return OPERATIONS[name].build(graph, x, genes)


def _deconvolved(graph: GraphBuilder, x: int, width: float, outputs: int) -> Network:
    for _ in range(3):
        x = _operation("transposed_conv", graph, x, filters=_scaled(256, width), **DECONVOLUTION)
    return _heatmaps(graph, x, outputs)


def _heatmaps(graph: GraphBuilder, x: int, outputs: int) -> Network:
    return canonical(graph.layers, [graph.head("heatmap", graph.conv(x, outputs, 1, bias=True), 0)])


def _hourglass(graph: GraphBuilder, x: int, depth: int) -> int:
    """Halve, go deeper, enlarge again, and add what was kept at this size."""
    size, _, filters = graph.shape(x)
    if size % 2:
        return _residual(graph, x, filters)  # nothing to halve on small inputs
    kept = _residual(graph, x, filters)
    y = _residual(graph, graph.pool("max_pool", x, 2, 2), filters)
    y = _hourglass(graph, y, depth - 1) if depth > 1 else _residual(graph, y, filters)
    return graph.add(kept, graph.enlarge(_residual(graph, y, filters), size))


def _residual_network(blocks: int, width: float, input_size: int, outputs: int) -> Network:
    """Three stages of basic blocks; where channels change, the shortcut is a convolution 1×1 (their option B)."""
    graph = GraphBuilder((input_size, input_size, 3))
    x = graph.normalised(graph.conv(0, _scaled(CIFAR_STAGES[0], width), 3), "relu")
    for stage, filters in enumerate(CIFAR_STAGES):
        for number in range(blocks):
            x = _basic(graph, x, _scaled(filters, width), 1 if number or not stage else 2)
    pooled = graph.conv(graph.global_average_pool(x), outputs, 1, bias=True)
    return canonical(graph.layers, [graph.head("classification", pooled, 0)])


def _basic(graph: GraphBuilder, x: int, filters: int, stride: int) -> int:
    """Two convolutions 3×3 and a shortcut (He et al., CVPR 2016, figure 2)."""
    y = graph.normalised(graph.conv(x, filters, 3, stride), "relu")
    y = graph.normalised(graph.conv(y, filters, 3))
    same = graph.shape(x) == graph.shape(y)
    return graph.activation(graph.add(y, x if same else graph.normalised(graph.conv(x, filters, 1, stride))), "relu")


def _residual(graph: GraphBuilder, x: int, filters: int) -> int:
    """Bottleneck with half of the filters inside, normalised before each convolution (He et al., ECCV 2016)."""
    y = graph.conv(graph.normalised(x, "relu"), filters // 2, 1)
    y = graph.conv(graph.normalised(y, "relu"), filters // 2, 3)
    y = graph.conv(graph.normalised(y, "relu"), filters, 1)
    same = graph.shape(x)[2] == filters
    return graph.add(y, x if same else graph.conv(x, filters, 1))
