"""Accuracy: the share of images whose class is found."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evocnn.bootstrap import percent, standard_error
from evocnn.classification.classes import Classes


@dataclass(frozen=True)
class Accuracy:
    """Accuracy in percent. A class without a single image scores NaN.

    Attributes:
        mean: over all images.
        per_class: by class name.
        standard_error: of `mean`, by bootstrap over images.
    """

    mean: float
    per_class: Mapping[str, float]
    standard_error: float


def accuracy(predicted: NDArray[np.integer], category: NDArray[np.integer], classes: Classes) -> Accuracy:
    """Compare predicted classes (N,) with the true ones (N,).

    Raises:
        ValueError: shapes that do not fit, or no image to score.
    """
    if predicted.shape != category.shape or not len(category):
        raise ValueError(f"accuracy of {predicted.shape} against {category.shape}: expected (N,) twice with N > 0")
    right = (predicted == category).astype(int)
    members = category == np.arange(len(classes.classes))[:, None]
    rates = percent((members * right).sum(1), members.sum(1))
    return Accuracy(
        mean=float(100 * right.mean()),
        per_class={name: float(rate) for name, rate in zip(classes.classes, rates, strict=True)},
        standard_error=standard_error(right, np.ones_like(right)),
    )
