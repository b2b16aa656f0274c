"""From what a network's heads yield to joints. All grids share their origin with the pixels; see `heatmap`."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from evocnn.pose import heatmap

Decoded = tuple[NDArray[np.floating], NDArray[np.floating]]
"""Joints (N, J, 2), x and y in pixels of the input, and confidences (N, J), 0 to 1."""


Decoder = Callable[[NDArray[np.floating], int], Decoded]
"""From a head's raw output and the side of the input."""


def decode(
    outputs: Mapping[str, NDArray[np.floating]], input_size: int, own: Mapping[str, Decoder] | None = None
) -> NDArray[np.float32]:
    """Joints from the first head, with its own confidence.

    A regression has none: the probability that the joint can be seen takes its place where there is a head
    `visibility`, else 1.

    Args:
        outputs: raw outputs (N, height, width, channels) by name of the head, the one that predicts first.
        input_size: side of the network's input in pixels.
        own: decoders of heads that are not built in, by name.

    Returns:
        (N, J, 3): x and y in pixels of the input, and confidence.

    Raises:
        ValueError: the first head cannot predict.
    """
    first = next(iter(outputs))
    decoders = {**DECODERS, **(own or {})}
    if first not in decoders:
        raise ValueError(f"the first head is {first}, which gives no joints; expected one of {', '.join(decoders)}")
    joints, confidences = decoders[first](outputs[first], input_size)
    if first == "regression" and "visibility" in outputs:
        confidences = 0.5 + 0.5 * np.tanh(outputs["visibility"][:, 0, 0].astype(np.float64) / 2)
    return np.concatenate([joints, confidences[..., None]], -1).astype(np.float32)


def _heatmap(outputs: NDArray[np.floating], input_size: int) -> Decoded:
    return heatmap.decode(outputs, image_size=(input_size, input_size))


def _integral(outputs: NDArray[np.floating], input_size: int) -> Decoded:
    """Expected places (Sun et al., Integral Human Pose Regression, ECCV 2018); the confidence is the highest cell's."""
    heights = _shares(outputs, axis=(1, 2))
    _, rows, columns, _ = outputs.shape
    x = np.einsum("nhwj,w->nj", heights, np.arange(columns) * (input_size / columns))
    y = np.einsum("nhwj,h->nj", heights, np.arange(rows) * (input_size / rows))
    return np.stack([x, y], -1), heights.max((1, 2))


def _simcc(outputs: NDArray[np.floating], input_size: int) -> Decoded:
    """The summits of both lines of (N, 2, cells, J); the confidence is the product of their highest cells'."""
    lines = np.swapaxes(outputs, 2, 3)
    peaks = lines.argmax(-1)
    places = (peaks + heatmap.summit(lines, peaks)) * (input_size / lines.shape[-1])
    return np.swapaxes(places, 1, 2), _shares(lines, axis=3).max(-1).prod(1)


def _regression(outputs: NDArray[np.floating], input_size: int) -> Decoded:
    """From 2 · pixel / side − 1, joint after joint."""
    joints = (outputs.reshape(len(outputs), -1, 2).astype(np.float64) + 1) * (input_size / 2)
    return joints, np.ones(joints.shape[:2])


def _shares(logits: NDArray[np.floating], axis: int | tuple[int, ...]) -> NDArray[np.float64]:
    """Softmax."""
    powers = np.exp(logits.astype(np.float64) - logits.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


DECODERS: Mapping[str, Decoder] = {
    "heatmap": _heatmap,
    "integral": _integral,
    "simcc": _simcc,
    "regression": _regression,
}
"""By name of the head."""
