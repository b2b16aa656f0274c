"""A head of the user's own: numbers for x and y of each joint from the pooled map, without a bound."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocnn.space.builder import GraphBuilder
from evocnn.space.heads import Head, Settings


def build(graph: GraphBuilder, x: int, settings: Settings, input_size: int, outputs: int) -> int:
    """(B, 1, 1, 2J): x and y of joint after joint, in fractions of the input, from the middle."""
    return graph.conv(graph.global_average_pool(x), 2 * outputs, 1, bias=True)


def loss(places: Any, outputs: Any) -> Any:
    """Squared distance (B, J) of places (B, J, 2) in fractions of the input."""
    from keras import ops

    return ops.sum(ops.square(ops.reshape(outputs, ops.shape(places)) + 0.5 - places), axis=-1)


def decode(outputs: NDArray[np.floating], input_size: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Joints (B, J, 2) in pixels of the input, and confidences (B, J)."""
    joints = (outputs.reshape(len(outputs), -1, 2) + 0.5) * input_size
    return joints, np.ones(joints.shape[:2])


HEADS = {"offsets": Head(build, "pose", (), loss=loss, decode=decode)}
