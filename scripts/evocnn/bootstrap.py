"""Shares in percent, and how sure they are."""

import numpy as np
from numpy.typing import NDArray

SAMPLES = 1000


def percent(part: NDArray[np.integer], whole: NDArray[np.integer]) -> NDArray[np.float64]:
    """`part` of `whole` in percent, NaN where there is nothing to be a part of."""
    return 100.0 * part / np.where(whole > 0, whole, np.nan)


def standard_error(right: NDArray[np.integer], counted: NDArray[np.integer]) -> float:
    """Standard error of the sum of `right` (N,) in percent of the sum of `counted` (N,), by bootstrap over people.

    With one fixed seed: the same predictions have the same error. NaN where nothing is counted.
    """
    rng = np.random.default_rng(0)
    weights = rng.multinomial(len(right), np.full(len(right), 1 / len(right)), SAMPLES)
    samples = percent(weights @ right, weights @ counted)
    return float(np.nanstd(samples)) if np.isfinite(samples).any() else float("nan")
