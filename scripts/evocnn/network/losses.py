"""Losses, by head.

Targets of a pose are places (B, J, 2), x and y in fractions of the input, weighted by joint; a loss is averaged over
labelled joints. Losses are of one size, so that a weight of 1 is a fair beginning where there are several: a tenth of
the input too far costs about as much as one nat of a cross-entropy.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import keras
from keras import ops

from evocnn.space.heads import Head

OFF = 10.0
"""What an error of the input's whole side costs."""
BEND = 1 / 16
"""Error, in fractions of the input, below which the loss of a regression is quadratic."""
SIGMA_PIXELS = 4.0
"""Pixels per unit of `sigma` where there is no heatmap to count cells of: sigma is then meant for maps of stride 4."""


class HeatmapCrossEntropy(keras.losses.Loss):
    """Cross-entropy between a Gaussian about each joint and the softmax over the grid; averaged over labelled joints.

    The Gaussian has its centre between the cells where the joint is (Zhang et al., DARK, CVPR 2020, section 3.2) and
    sums to 1 over the grid. It is drawn here, a row and a column per joint, because whole heatmaps would cost the
    input pipeline a third of its time. Grid coordinate = fraction of the input × grid size, as in Simple Baselines.

    Args:
        sigma: standard deviation of the Gaussian in cells, above 0.
        smoothing: share of the Gaussian that is spread over the grid instead, 0 to below 1.
    """

    def __init__(self, sigma: float, smoothing: float = 0.0) -> None:
        super().__init__(reduction="mean_with_sample_weight", name="heatmap_cross_entropy")
        self.sigma, self.smoothing = sigma, smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """(B, J, 2), x and y in fractions of the input, and (B, height, width, J) to (B, J)."""
        rows = profile(y_true[..., 1], y_pred.shape[1], self.sigma)
        columns = profile(y_true[..., 0], y_pred.shape[2], self.sigma)
        expected = ops.sum(ops.sum(y_pred * columns[:, None], axis=2) * rows, axis=1)
        _, height, width, joints = y_pred.shape
        # Over one axis: TensorFlow's layout optimizer gives up on a graph that reduces two at once.
        cells = ops.reshape(y_pred, (-1, height * width, joints))
        return ops.logsumexp(cells, axis=1) - _smoothed(expected, y_pred, (1, 2), self.smoothing)


class IntegralDistance(keras.losses.Loss):
    """Distance |x| + |y| of the expected place from the joint (Sun et al., Integral Human Pose Regression, ECCV 2018).

    The place is expected over the softmax over the grid, whose cell i lies at i / cells of the input. Joints beyond the
    last cell are out of its reach, by less than a cell.
    """

    def __init__(self) -> None:
        super().__init__(reduction="mean_with_sample_weight", name="integral_distance")

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """(B, J, 2) and (B, height, width, J) to (B, J)."""
        _, height, width, joints = y_pred.shape
        flat = ops.softmax(ops.reshape(y_pred, (-1, height * width, joints)), axis=1)
        shares = ops.reshape(flat, (-1, height, width, joints))
        x = ops.sum(ops.sum(shares, axis=1) * _fractions(width), axis=1)
        y = ops.sum(ops.sum(shares, axis=2) * _fractions(height), axis=1)
        return OFF * (ops.abs(x - y_true[..., 0]) + ops.abs(y - y_true[..., 1]))


class SimCCCrossEntropy(keras.losses.Loss):
    """Cross-entropies along x and along y between a Gaussian about each joint and the softmax over bins, added up.

    After Li et al. (SimCC, ECCV 2022); the Gaussian is that of a heatmap, drawn finer.

    Args:
        sigma: standard deviation of the Gaussian in fractions of the input, above 0.
        smoothing: share of the Gaussian that is spread over the bins instead, 0 to below 1.
    """

    def __init__(self, sigma: float, smoothing: float = 0.0) -> None:
        super().__init__(reduction="mean_with_sample_weight", name="simcc_cross_entropy")
        self.sigma, self.smoothing = sigma, smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """(B, J, 2) and (B, 2, cells, J) to (B, J)."""
        cells = y_pred.shape[2]
        targets = ops.stack([profile(y_true[..., axis], cells, self.sigma * cells) for axis in (0, 1)], axis=1)
        expected = _smoothed(ops.sum(targets * y_pred, axis=2), y_pred, 2, self.smoothing)
        return ops.sum(ops.logsumexp(y_pred, axis=2) - expected, axis=1)


class CoordinateDistance(keras.losses.Loss):
    """Smooth L1 distance (Girshick, Fast R-CNN, ICCV 2015) of numbers 2 · place − 1 from the joint, over x and y."""

    def __init__(self) -> None:
        super().__init__(reduction="mean_with_sample_weight", name="coordinate_distance")

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """(B, J, 2) and (B, 1, 1, 2J), joint after joint, to (B, J)."""
        places = (ops.reshape(y_pred, (-1, y_pred.shape[-1] // 2, 2)) + 1) / 2
        error = ops.abs(places - y_true)
        smooth = ops.where(error < BEND, ops.square(error) / (2 * BEND), error - BEND / 2)
        return OFF * ops.sum(smooth, axis=-1)


class VisibilityCrossEntropy(keras.losses.Loss):
    """Cross-entropy between whether a joint can be seen (B, J), 1 or 0, and the sigmoid of (B, 1, 1, J); to (B, J)."""

    def __init__(self) -> None:
        super().__init__(reduction="mean_with_sample_weight", name="visibility_cross_entropy")

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """See the class."""
        logits = y_pred[:, 0, 0]
        return ops.softplus(logits) - y_true * logits


class ClassCrossEntropy(keras.losses.Loss):
    """Cross-entropy between one-hot classes (B, C) and the softmax of logits (B, 1, 1, C), to (B,).

    Args:
        smoothing: share of the truth that is spread over all classes (Szegedy et al., CVPR 2016), 0 to below 1.
    """

    def __init__(self, smoothing: float = 0.0) -> None:
        super().__init__(reduction="mean_with_sample_weight", name="class_cross_entropy")
        self.smoothing = smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """See the class."""
        return keras.losses.categorical_crossentropy(
            y_true, y_pred[:, 0, 0], from_logits=True, label_smoothing=self.smoothing
        )


class OwnLoss(keras.losses.Loss):
    """The loss of a head of the user's own; see `Head`."""

    def __init__(self, head: Head) -> None:
        super().__init__(reduction="mean_with_sample_weight", name="own_loss")
        self.head = head

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """See `Head`."""
        assert self.head.loss
        return self.head.loss(y_true, y_pred)


def profile(places: Any, cells: int, sigma: float) -> Any:
    """One-dimensional Gaussians (B, cells, J) about places (B, J) in fractions, that sum to 1; sigma in cells."""
    distance = ops.arange(cells, dtype="float32")[None, :, None] - places[:, None] * cells
    return ops.softmax(-ops.square(distance) / (2 * sigma**2), axis=1)


def _smoothed(expected: Any, logits: Any, axes: int | tuple[int, int], smoothing: float) -> Any:
    """The logit to be expected, where a share of the target is spread evenly."""
    return (1 - smoothing) * expected + smoothing * ops.mean(logits, axis=axes) if smoothing else expected


def _fractions(cells: int) -> Any:
    """Where cells lie, (1, cells, 1) in fractions of the input."""
    return ops.arange(cells, dtype="float32")[None, :, None] / cells


LOSSES: Mapping[str, Callable[..., keras.losses.Loss]] = {
    "heatmap": lambda sigma, side, smoothing=0.0: HeatmapCrossEntropy(sigma, smoothing),
    "integral": lambda sigma, side, smoothing=0.0: IntegralDistance(),
    "simcc": lambda sigma, side, smoothing=0.0: SimCCCrossEntropy(SIGMA_PIXELS * sigma / side, smoothing),
    "regression": lambda sigma, side, smoothing=0.0: CoordinateDistance(),
    "visibility": lambda sigma, side, smoothing=0.0: VisibilityCrossEntropy(),
    "classification": lambda sigma, side, smoothing=0.0: ClassCrossEntropy(smoothing),
}
"""From the standard deviation of a target's Gaussian, the input's side in pixels, and label smoothing, to the loss.

Where the target is no distribution nothing is smoothed; nor is visibility, whose probability is what it is for.
"""


def losses_of(
    heads: Iterable[str], own: Mapping[str, Head], *, sigma: float, side: int, smoothing: float
) -> dict[str, keras.losses.Loss]:
    """The losses of heads by name.

    Args:
        heads: names.
        own: heads that are not built in, by name.
        sigma: standard deviation of a target's Gaussian; see `LOSSES`.
        side: of the input in pixels.
        smoothing: of labels.
    """
    return {name: OwnLoss(own[name]) if name in own else LOSSES[name](sigma, side, smoothing) for name in heads}


def aims(heads: Sequence[str], targets: Any, weights: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A task's targets and weights for each head by name; weights say whether joints can be seen."""
    seen = {"visibility": (weights, ops.ones_like(weights))}
    each = {name: seen.get(name, (targets, weights)) for name in heads}
    return {name: aim for name, (aim, _) in each.items()}, {name: weight for name, (_, weight) in each.items()}
