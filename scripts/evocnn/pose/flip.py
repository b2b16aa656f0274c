"""What heads yield for mirrored inputs, turned back: the average of both is the flip test of published results."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def turned_back(head: str, outputs: Array, *, input_size: int, mirror: Sequence[int]) -> Array:
    """What a head would have yielded for the inputs themselves, from what it yields for their mirror images.

    Args:
        head: name of a built-in head.
        outputs: its raw outputs (N, height, width, channels) for mirrored inputs.
        input_size: side of the inputs in pixels.
        mirror: index of the joint that stands at each joint's place in a mirrored image, length J; none for classes.

    Returns:
        The same shape.

    Raises:
        ValueError: the head is not built in.
    """
    if head not in TURNS:
        raise ValueError(f"the flip test cannot turn back outputs of the head {head}; expected {', '.join(TURNS)}")
    return TURNS[head](outputs, input_size, list(mirror))


def _maps(outputs: Array, side: int, mirror: list[int]) -> Array:
    return _mirrored(outputs, 2, side)[..., mirror]


def _simcc(outputs: Array, side: int, mirror: list[int]) -> Array:
    """The line along x is mirrored, that along y stays."""
    lines = np.stack([_mirrored(outputs[:, 0], 1, side), outputs[:, 1]], axis=1)
    return lines[..., mirror]


def _regression(outputs: Array, side: int, mirror: list[int]) -> Array:
    """From 2 · pixel / side − 1; pixel p shows what is at side − 1 − p."""
    places = outputs.reshape(len(outputs), -1, 2)[:, mirror]
    return np.stack([-2 / side - places[..., 0], places[..., 1]], axis=-1).reshape(outputs.shape)


def _mirrored(cells: Array, axis: int, side: int) -> Array:
    """Cells along x, mirrored: cell k lies at pixel k · side / count, so its mirror image lies between two others.

    Values there are interpolated linearly; published code moves maps by a whole cell (Wang et al., HRNet, TPAMI 2020)
    or has other places for cells (Huang et al., UDP, CVPR 2020). Beyond the last cell its value is repeated.
    """
    count = cells.shape[axis]
    places = np.clip((side - 1) * count / side - np.arange(count), 0, count - 1)
    low = places.astype(int)
    shares = (places - low).reshape([-1 if at == axis else 1 for at in range(cells.ndim)])
    left, right = (np.take(cells, at, axis) for at in (low, np.minimum(low + 1, count - 1)))
    return ((1 - shares) * left + shares * right).astype(cells.dtype)


TURNS: Mapping[str, Callable[[Array, int, list[int]], Array]] = {
    "heatmap": _maps,
    "integral": _maps,
    "simcc": _simcc,
    "regression": _regression,
    "visibility": lambda outputs, side, mirror: outputs[..., mirror],
    "classification": lambda outputs, side, mirror: outputs,
}
"""By name of the head."""
