"""Losses, by head."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops


class HeatmapCrossEntropy(keras.losses.Loss):
    """Cross-entropy between a Gaussian about each joint and the softmax over the grid; averaged over labelled joints.

    The Gaussian has its centre between the cells where the joint is (Zhang et al., DARK, CVPR 2020, section 3.2) and
    sums to 1 over the grid. It is drawn here, a row and a column per joint, because whole heatmaps would cost the
    input pipeline a third of its time. Grid coordinate = fraction of the input × grid size, as in Simple Baselines.

    Args:
        sigma: standard deviation of the Gaussian in cells, above 0.
    """

    def __init__(self, sigma: float) -> None:
        super().__init__(reduction="mean_with_sample_weight", name="heatmap_cross_entropy")
        self.sigma = sigma

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """(B, J, 2), x and y in fractions of the input, and (B, height, width, J) to (B, J)."""
        rows = self.profile(y_true[..., 1], y_pred.shape[1])
        columns = self.profile(y_true[..., 0], y_pred.shape[2])
        expected = ops.sum(ops.sum(y_pred * columns[:, None], axis=2) * rows, axis=1)
        return ops.logsumexp(y_pred, axis=(1, 2)) - expected

    def profile(self, places: Any, cells: int) -> Any:
        """One-dimensional Gaussians (B, cells, J) about places (B, J) in fractions, that sum to 1."""
        distance = ops.arange(cells, dtype="float32")[None, :, None] - places[:, None] * cells
        return ops.softmax(-ops.square(distance) / (2 * self.sigma**2), axis=1)


class ClassCrossEntropy(keras.losses.Loss):
    """Cross-entropy between one-hot classes (B, C) and the softmax of logits (B, 1, 1, C), to (B,)."""

    def __init__(self) -> None:
        super().__init__(reduction="mean_with_sample_weight", name="class_cross_entropy")

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """See the class."""
        return ops.categorical_crossentropy(y_true, y_pred[:, 0, 0], from_logits=True)


LOSSES: dict[str, Callable[[float], keras.losses.Loss]] = {
    "heatmap": HeatmapCrossEntropy,
    "classification": lambda sigma: ClassCrossEntropy(),
}
"""From the standard deviation of a target's Gaussian to the loss of a head."""
