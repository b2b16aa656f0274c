"""A child's first weights from its parent's; NumPy only."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evocnn.inheritance.alignment import align, channels, correspondence
from evocnn.space.layers import Axes, Role, kind_of
from evocnn.space.network import Network

Array = NDArray[np.float32]
Weights = Mapping[int, list[NDArray[np.float32]]]
"""The arrays of every layer with weights, by its position in the network, in the order of Keras's layer."""


def inherited(
    parent: Network, child: Network, weights: Weights, fresh: Weights
) -> dict[int, list[NDArray[np.float32]]]:
    """Weights for a child: its parent's wherever they fit, else fresh ones.

    A layer continues that of the parent's which `align` finds. Channels follow their origin, see `correspondence`, so
    that a wider layer and what reads it agree; those that are new have fresh weights. A larger kernel has the parent's
    in its middle and zeros around it, a smaller one is its middle. Averages of batch normalisation go along.

    Args:
        parent: whose weights are known.
        child: whose are asked for.
        weights: of the parent.
        fresh: of the child.

    Returns:
        By layer of the child, as `fresh`, which is left as it is.
    """
    matched = align(parent, child)
    old = channels(parent, {at: at for at in range(len(parent.layers))})
    new = channels(child, matched)
    result = dict(fresh)
    for at, source in matched.items():
        layer, before = child.layers[at], parent.layers[source]
        read = correspondence(old[before.inputs[0]], new[layer.inputs[0]])
        made = _leading(before.shape[2], layer.shape[2])
        arrays = kind_of(layer).arrays(layer, child.layers[layer.inputs[0]].shape)
        result[at] = [
            _transfer(axes, array, start, read, made)
            for axes, array, start in zip(arrays, weights[source], fresh[at], strict=False)
        ] + list(fresh[at][len(weights[source]) :])
    return result


def _transfer(axes: Axes, array: Array, start: Array, read: list[int | None], made: list[int | None]) -> Array:
    """One array of a layer; `read` and `made` give the parent's channel of the child's input and output channels."""
    roles = [role for _, role in axes]
    if "whole" in roles:
        return array if array.shape == start.shape else start
    if "kernel" in roles:
        array = _centred(array, start.shape[0])
    places: dict[Role, list[int | None]] = {"kernel": list(range(start.shape[0])), "read": read, "made": made}
    return _placed(array, start, [places.get(role, [0]) for role in roles])


def _leading(before: int, now: int) -> list[int | None]:
    return [channel if channel < before else None for channel in range(now)]


def _centred(kernel: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """A kernel (k, k, …) as (size, size, …): its middle, or itself among zeros; the odd one is below and right."""
    before = kernel.shape[0]
    if before >= size:
        start = (before - size) // 2
        return kernel[start : start + size, start : start + size]
    start = (size - before) // 2
    around = (start, size - before - start)
    return np.pad(kernel, (around, around, *((0, 0),) * (kernel.ndim - 2)))


def _placed(
    array: NDArray[np.float32], start: NDArray[np.float32], axes: Sequence[list[int | None]]
) -> NDArray[np.float32]:
    """`start`, with the numbers of `array` at those places that the axes name."""
    there = [[place for place, source in enumerate(axis) if source is not None] for axis in axes]
    sources = [[source for source in axis if source is not None] for axis in axes]
    placed = start.copy()
    placed[np.ix_(*there)] = array[np.ix_(*sources)]
    return placed
