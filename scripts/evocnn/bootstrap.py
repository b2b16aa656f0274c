"""Shares in percent, and their standard errors by bootstrap."""

import numpy as np
from numpy.typing import NDArray

SAMPLES = 1000

Counts = NDArray[np.integer] | NDArray[np.float64]


def percent(part: Counts, whole: Counts) -> NDArray[np.float64]:
    """`part` of `whole` in percent, NaN where `whole` is 0."""
    return 100.0 * part / np.where(whole > 0, whole, np.nan)


def resampled(right: Counts, counted: Counts) -> NDArray[np.float64]:
    """Sums of `right` (N, …) in percent of sums of `counted` (N, …) for bootstrap samples of people: (SAMPLES, …).

    Where everything or nothing is right, all samples would be equal, as if there were no doubt: there, one more person
    of whom half is right takes part. The seed is fixed, so the same predictions give the same samples. NaN where
    nothing is counted.
    """
    # Floats hold counts exactly, and their matrix products are many times faster than those of integers.
    parts, wholes = right.astype(np.float64), counted.astype(np.float64)
    samples = _shares(parts, wholes)
    total = wholes.sum(0)
    sure = (total > 0) & ((parts.sum(0) == 0) | (parts.sum(0) == total))
    if sure.any():
        parts, wholes = parts[:, sure], wholes[:, sure]
        usual = wholes.sum(0) / (wholes > 0).sum(0)
        samples[:, sure] = _shares(np.vstack([parts, usual / 2]), np.vstack([wholes, usual]))
    return samples


def _shares(parts: NDArray[np.float64], wholes: NDArray[np.float64]) -> NDArray[np.float64]:
    count = len(parts)
    weights = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), SAMPLES).astype(np.float64)
    return percent(weights @ parts, weights @ wholes)


def spread_of(samples: NDArray[np.float64]) -> float:
    """Standard error: the standard deviation of bootstrap samples (SAMPLES,); NaN if nothing was counted."""
    return float(np.nanstd(samples)) if np.isfinite(samples).any() else float("nan")


def checked_shares(shares: object, counted: NDArray[np.bool_], metric: str) -> NDArray[np.float64]:
    """What a metric of the user's own gives, 0 where nothing is counted.

    Raises:
        ValueError: it has another shape than `counted`, or a counted value outside of 0 to 1.
    """
    given = np.asarray(shares, np.float64)
    if given.shape != counted.shape:
        raise ValueError(f"{metric}: found shares of the shape {given.shape}, expected {counted.shape}; correct it")
    inside = (given >= 0) & (given <= 1)
    if not inside[counted].all():
        wrong = given[counted & ~inside][0]
        raise ValueError(f"{metric}: found the share {wrong}, expected 0 to 1; correct it")
    return np.where(counted, given, 0.0)
