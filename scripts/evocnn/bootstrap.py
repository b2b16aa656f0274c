"""Shares in percent, and how sure they are."""

import numpy as np
from numpy.typing import NDArray

SAMPLES = 1000

Counts = NDArray[np.integer] | NDArray[np.float64]


def percent(part: Counts, whole: Counts) -> NDArray[np.float64]:
    """`part` of `whole` in percent, NaN where there is nothing to be a part of."""
    return 100.0 * part / np.where(whole > 0, whole, np.nan)


def resampled(right: NDArray[np.integer], counted: NDArray[np.integer]) -> NDArray[np.float64]:
    """Sums of `right` (N, …) in percent of sums of `counted` (N, …) for bootstrap samples of people: (SAMPLES, …).

    With one fixed seed: the same predictions give the same samples. NaN where nothing is counted.
    """
    rng = np.random.default_rng(0)
    # As floats, which hold counts exactly and multiply many times faster than integers.
    weights = rng.multinomial(len(right), np.full(len(right), 1 / len(right)), SAMPLES).astype(np.float64)
    return percent(weights @ right.astype(np.float64), weights @ counted.astype(np.float64))


def spread_of(samples: NDArray[np.float64]) -> float:
    """Standard error that bootstrap samples (SAMPLES,) show; NaN where nothing was counted."""
    return float(np.nanstd(samples)) if np.isfinite(samples).any() else float("nan")
