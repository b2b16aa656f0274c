"""What confidences mean: the probability that a prediction is right, fitted on search-valid and checked on test."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evocnn.files import read_json, write_json

NAME = "calibration.json"
"""Of the file, in the folder of the model."""
BINS = 10


@dataclass(frozen=True)
class Bin:
    """Predictions of test whose probabilities are close to one another.

    Attributes:
        probability: the mean of theirs.
        right: the share of them that are right, 0 to 1.
        count: how many they are.
    """

    probability: float
    right: float
    count: int


@dataclass(frozen=True)
class Calibration:
    """From confidence to probability, linear between points and constant beyond them.

    Attributes:
        metric: whose threshold says what is right.
        confidences: of the points, rising.
        probabilities: at the points, 0 to 1, never falling.
        fitted: number of predictions of search-valid that they were fitted to.
        bins: predictions of test by their probability, each about as many; () where none can be scored.
    """

    metric: str
    confidences: tuple[float, ...]
    probabilities: tuple[float, ...]
    fitted: int
    bins: tuple[Bin, ...]

    def probability(self, confidence: NDArray[np.floating]) -> NDArray[np.float64]:
        """The probability that a prediction is right, for any shape of confidences."""
        return np.interp(confidence, self.confidences, self.probabilities)

    @property
    def error(self) -> float:
        """Expected calibration error on test (Guo et al., ICML 2017), 0 to 1: how far shares are from probabilities."""
        total = sum(of.count for of in self.bins)
        return sum(of.count * abs(of.right - of.probability) for of in self.bins) / total if total else float("nan")


Outcomes = tuple[NDArray[np.floating], NDArray[np.floating]]
"""Confidences (M,), and how right each prediction is (M,), 0 to 1."""


def calibrate(metric: str, valid: Outcomes, test: Outcomes) -> Calibration:
    """Fit probabilities by isotonic regression (Zadrozny & Elkan, KDD 2002).

    Of each stretch of equal probability one point remains, at its mean confidence. A stretch that is always right, or
    always wrong, counts as if one more had been half right.

    Args:
        metric: see `Calibration`.
        valid: of search-valid.
        test: of test.

    Raises:
        ValueError: search-valid has nothing that can be scored.
    """
    from scipy.optimize import isotonic_regression  # here, because trainings start without SciPy

    confidences, right = valid
    if not len(confidences):
        raise ValueError("search-valid has no prediction that can be scored; check the normaliser of the labels")
    order = np.argsort(confidences, kind="stable")
    sorted_confidences = np.asarray(confidences, np.float64)[order]
    # Predictions of one confidence share their mean.
    levels, starts, counts = np.unique(sorted_confidences, return_index=True, return_counts=True)
    means = np.add.reduceat(np.asarray(right, np.float64)[order], starts) / counts
    fit = isotonic_regression(means, weights=counts)
    blocks = [slice(start, end) for start, end in zip(fit.blocks[:-1], fit.blocks[1:], strict=True)]
    points = [np.average(levels[block], weights=counts[block]) for block in blocks]
    values = [_smoothed(float(fit.x[block.start]), int(counts[block].sum())) for block in blocks]
    rising = np.maximum.accumulate(values)
    fitted = Calibration(metric, tuple(map(float, points)), tuple(rising.tolist()), len(right), ())
    return replace(fitted, bins=_bins(fitted, test))


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Write a calibration."""
    meaning = f"probability that a prediction is right by {calibration.metric}, by its confidence"
    document = {**asdict(calibration), "bins": [asdict(of) for of in calibration.bins], "meaning": meaning}
    write_json(path, "calibration", document)


def read_calibration(path: Path) -> Calibration:
    """Read what `write_calibration` has written.

    Raises:
        ValueError: the file is damaged.
    """
    content = read_json(path, "calibration", ("metric", "confidences", "probabilities", "fitted", "bins"))
    bins = tuple(Bin(**of) for of in content["bins"])
    points = tuple(content["confidences"]), tuple(content["probabilities"])
    return Calibration(content["metric"], *points, content["fitted"], bins)


def _smoothed(share: float, count: int) -> float:
    return (share * count + 0.5) / (count + 1) if share in (0.0, 1.0) else share


def _bins(calibration: Calibration, test: Outcomes) -> tuple[Bin, ...]:
    confidences, right = test
    probabilities = calibration.probability(confidences)
    order = np.argsort(probabilities, kind="stable")
    parts: Sequence[NDArray[np.intp]] = np.array_split(order, min(BINS, len(order))) if len(order) else []
    return tuple(Bin(float(probabilities[part].mean()), float(right[part].mean()), len(part)) for part in parts)
