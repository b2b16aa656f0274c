"""The heads a network may end with, by name.

A head is built by a function from (graph, position of its input, settings, side of the input, number of outputs) to
the position of its output. Losses of those in HEADS are in `evocnn.network.losses`, and what leads from their outputs
to joints is in `evocnn.pose.decoders`. A head of the user's own brings both: docs/extending.md. A head's setting
`weight` is that of its loss, 1 where it is not given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
        predicts: whether predictions can be made from it; the others only help to learn.
        loss: of a head of the user's own, from targets and outputs (B, height, width, channels) to (B, J) for poses or
            (B,) for classes, with Keras operations. Targets are places (B, J, 2) in fractions of the input, or one-hot
            classes (B, C). The file is also run where Keras is not needed, so the function imports it itself.
        decode: of a head of the user's own that predicts, from its outputs (B, height, width, channels) and the side of
            the input in pixels to joints (B, J, 2) in pixels and confidences (B, J), or to probabilities (B, C).
    """

    build: Callable[[GraphBuilder, int, Settings, int, int], int]
    task: str
    settings: tuple[str, ...]
    predicts: bool = True
    loss: Callable[[Any, Any], Any] | None = None
    decode: Callable[[NDArray[np.floating], int], Any] | None = None


def _maps(graph: GraphBuilder, x: int, settings: Settings, input_size: int, outputs: int) -> int:
    """Maps at the head's stride; from coarser maps by transposed convolutions (Xiao et al., ECCV 2018).

    Interpolated heatmaps would have their summits on the coarse grid only.
    """
    size = input_size // settings["stride"]
    while graph.shape(x)[0] < size:
        x = OPERATIONS["transposed_conv"].build(graph, x, {**settings, "stride": 2})
    return graph.conv(graph.shrink(x, size), outputs, 1, bias=True)


def _simcc(graph: GraphBuilder, x: int, settings: Settings, input_size: int, outputs: int) -> int:
    """Two distributions over bins per joint, one along each axis (Li et al., SimCC, ECCV 2022), from its map."""
    return graph.simcc(_maps(graph, x, settings, input_size, outputs), input_size * settings["bins"])


def _regression(graph: GraphBuilder, x: int, settings: Settings, input_size: int, outputs: int) -> int:
    """Joint after joint x and y, −1 at pixel 0 and 1 at the side of the input: 2 · pixel / side − 1."""
    return graph.activation(_pooled(graph, x, settings, input_size, 2 * outputs), "tanh")


def _pooled(graph: GraphBuilder, x: int, settings: Settings, input_size: int, outputs: int) -> int:
    """Numbers about the whole image: logits of classes, or of whether each joint can be seen."""
    return graph.conv(graph.global_average_pool(x), outputs, 1, bias=True)


_OF_MAPS = ("stride", "filters", "kernel", "activation")


HEADS: Mapping[str, Head] = {
    "heatmap": Head(_maps, "pose", _OF_MAPS),
    "integral": Head(_maps, "pose", _OF_MAPS),
    "simcc": Head(_simcc, "pose", (*_OF_MAPS, "bins")),
    "regression": Head(_regression, "pose", ()),
    "visibility": Head(_pooled, "pose", (), predicts=False),
    "classification": Head(_pooled, "classification", ()),
}
