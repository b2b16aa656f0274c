"""Accuracy: the share of images whose class is predicted correctly."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from evocnn.bootstrap import percent, resampled, spread_of
from evocnn.classification.classes import Classes


@dataclass(frozen=True)
class Accuracy:
    """Accuracy in percent. A class without any image has the score NaN.

    Attributes:
        mean: over all images.
        per_class: by class name; of the images of a class, so that it is the recall.
        standard_error: of `mean`, by bootstrap over images.
        class_errors: standard errors of `per_class`, by the same bootstrap.
        balanced: mean of `per_class` over the classes that have images.
        precision: by class name, of the images that it was predicted for; NaN where it was never predicted.
        f1: by class name, the harmonic mean of precision and recall; NaN where one of them is.
        confusion: number of images by true class, and by predicted class; {} where the metric is the user's own.
    """

    mean: float
    per_class: Mapping[str, float]
    standard_error: float
    class_errors: Mapping[str, float]
    balanced: float
    precision: Mapping[str, float] = field(default_factory=dict)
    f1: Mapping[str, float] = field(default_factory=dict)
    confusion: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def accuracy(predicted: NDArray[np.integer], category: NDArray[np.integer], classes: Classes) -> Accuracy:
    """Compare predicted classes (N,) with the true ones (N,).

    Raises:
        ValueError: the shapes do not match, or there is no image to score.
    """
    if predicted.shape != category.shape or not len(category):
        raise ValueError(f"accuracy of {predicted.shape} against {category.shape}: expected (N,) twice with N > 0")
    scored, names = score_classes((predicted == category).astype(int), category, classes), classes.classes
    counts = np.zeros((len(names), len(names)), np.int64)
    np.add.at(counts, (category, predicted), 1)
    right, true, claimed = counts.diagonal(), counts.sum(1), counts.sum(0)
    f1 = np.where(claimed > 0, percent(2 * right, true + claimed), np.nan)
    f1[true == 0] = np.nan
    return replace(
        scored,
        precision=dict(zip(names, percent(right, claimed).tolist(), strict=True)),
        f1=dict(zip(names, f1.tolist(), strict=True)),
        confusion={name: dict(zip(names, row, strict=True)) for name, row in zip(names, counts.tolist(), strict=True)},
    )


def score_classes(
    shares: NDArray[np.integer] | NDArray[np.floating], category: NDArray[np.integer], classes: Classes
) -> Accuracy:
    """Average how right predictions are, (N,) from 0 to 1, over images, and over those of each class."""
    members = category == np.arange(len(classes.classes))[:, None]
    rates = percent((members * shares).sum(1), members.sum(1))
    counts = np.vstack([members * shares, shares]).T, np.vstack([members, np.ones_like(category)]).T
    samples = resampled(*counts)
    return Accuracy(
        mean=float(100 * shares.mean()),
        per_class={name: float(rate) for name, rate in zip(classes.classes, rates, strict=True)},
        standard_error=spread_of(samples[:, -1]),
        class_errors={name: spread_of(of) for name, of in zip(classes.classes, samples.T, strict=False)},
        balanced=float(np.nanmean(rates)),
    )
