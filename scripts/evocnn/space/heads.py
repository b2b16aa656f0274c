"""The heads a network may end with, by name.

To add one: a function from (graph, position of its input, settings, side of the input, number of outputs) to the
position of its output, and a line in HEADS with the task that it is for and the settings that it needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evocnn.space.builder import GraphBuilder
from evocnn.space.operations import OPERATIONS

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Head:
    """What a network ends with.

    Attributes:
        build: adds the layers.
        task: what it is for: "pose" or "classification".
        settings: names of the settings that it cannot do without.
    """

    build: Callable[[GraphBuilder, int, Settings, int, int], int]
    task: str
    settings: tuple[str, ...]


def _heatmap(graph: GraphBuilder, x: int, settings: Settings, input_size: int, outputs: int) -> int:
    """Maps at the head's stride; from coarser maps by transposed convolutions (Xiao et al., ECCV 2018).

    Interpolated heatmaps would have their summits on the coarse grid only.
    """
    size = input_size // settings["stride"]
    while graph.shape(x)[0] < size:
        x = OPERATIONS["transposed_conv"].build(graph, x, {**settings, "stride": 2})
    return graph.conv(graph.shrink(x, size), outputs, 1, bias=True)


def _classification(graph: GraphBuilder, x: int, settings: Settings, input_size: int, outputs: int) -> int:
    return graph.conv(graph.global_average_pool(x), outputs, 1, bias=True)


HEADS: Mapping[str, Head] = {
    "heatmap": Head(_heatmap, "pose", ("stride", "filters", "kernel", "activation")),
    "classification": Head(_classification, "classification", ()),
}
