"""The probe: do short trainings rank networks as full ones do, and do scores tell networks apart?"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.files import replacing

SETTLED = 0.8
"""Rank correlation from which the order of networks counts as settled."""
FEW = 12
"""Networks below which an interval is wide."""


@dataclass(frozen=True)
class Agreement:
    """Rank correlation with the scores of full trainings (Spearman).

    Attributes:
        correlation: from -1 to 1.
        low: of the 95 % interval (Bonett & Wright, Psychometrika 65, 2000).
        high: of the same.
    """

    correlation: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.correlation:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True)
class Probe:
    """What the founders' trainings have shown.

    Attributes:
        short: score of each network after a training of the search, in percent.
        full: after a full training.
        epochs: of a training of the search.
        agreement: of the short scores with the full ones.
        by_epoch: of the scores after each epoch of the full trainings with those at their end.
        error: standard error of a short score over people, root mean square; None where it is not known.
        seed_error: standard deviation of a short score over seeds of training; None where it is not known.
    """

    short: tuple[float, ...]
    full: tuple[float, ...]
    epochs: int
    agreement: Agreement
    by_epoch: tuple[Agreement, ...]
    error: float | None
    seed_error: float | None

    @property
    def rank(self) -> int:
        """Place, by the short scores, of the network that is best after full trainings."""
        best = int(np.argmax(self.full))
        return 1 + sum(score > self.short[best] for score in self.short)

    @property
    def settled(self) -> int | None:
        """First epoch of full trainings from which on the order is settled; None if it is at the end alone."""
        return settled_after(self.by_epoch[:-1])


def settled_after(by_epoch: Sequence[Agreement]) -> int | None:
    """First epoch from which on the order of networks is that of the end; None if it never is.

    Args:
        by_epoch: rank correlation with the end after each epoch but the last.
    """
    epochs = range(1, len(by_epoch) + 1)
    return next((n for n in epochs if all(of.correlation >= SETTLED for of in by_epoch[n - 1 :])), None)


def agreement(scores: Sequence[float], full: Sequence[float]) -> Agreement:
    """The rank correlation of scores with those of full trainings, 4 networks or more; 0 where all scores are equal."""
    if len(set(scores)) == 1 or len(set(full)) == 1:
        return Agreement(0.0, -1.0, 1.0)
    correlation = float(spearmanr(scores, full).statistic)
    if abs(correlation) > 1 - 1e-9:
        return Agreement(correlation, correlation, correlation)
    half = 1.96 * sqrt((1 + correlation**2 / 2) / (len(scores) - 3))
    return Agreement(correlation, tanh(atanh(correlation) - half), tanh(atanh(correlation) + half))


def read_probe(short: Sequence[Path], full: Sequence[Path], again: Sequence[Path], *, epochs: int) -> Probe:
    """The probe from fitness files.

    Args:
        short: of the founders in the search.
        full: of the same in full trainings, each with history.csv beside it.
        again: of the first of them, trained as in the search with another seed.
        epochs: of a training of the search.

    Raises:
        ValueError: a file is damaged, or fewer than 4 networks were trained well in both ways.
    """
    pairs = [(read_fitness(a), read_fitness(b)) for a, b in zip(short, full, strict=True)]
    both = [at for at, pair in enumerate(pairs) if pair[0].status == pair[1].status == "ok"]
    pairs = [pairs[at] for at in both]
    if len(pairs) < 4:
        raise ValueError(
            f"{len(pairs)} founders were trained well in both ways, expected 4 or more; set evolution.population to "
            f"{FEW} or more for the probe"
        )
    scores, ends = (tuple(pair[at].objectives["score"] for pair in pairs) for at in (0, 1))
    curves = pd.concat([_curve(full[at].with_name("history.csv")) for at in both], axis=1).ffill()
    return Probe(
        scores,
        ends,
        epochs,
        agreement(scores, ends),
        tuple(agreement(row.tolist(), curves.iloc[-1].tolist()) for _, row in curves.iterrows()),
        _error([pair[0] for pair in pairs]),
        _seed_error([(read_fitness(a), read_fitness(b)) for a, b in zip(short, again, strict=False)]),
    )


def write_probe(table: Path, text: Path, probe: Probe) -> None:
    """Write the rank correlation of every epoch as CSV, and what follows as text."""
    rows = [
        {"epoch": epoch, "rank_correlation": of.correlation, "low": of.low, "high": of.high}
        for epoch, of in enumerate(probe.by_epoch, 1)
    ]
    with replacing(table) as temporary:
        pd.DataFrame(rows).to_csv(temporary, index=False, float_format="%.3f")
    with replacing(text) as temporary:
        temporary.write_text("\n".join(sentences(probe)) + "\n", encoding="utf-8")


def sentences(probe: Probe) -> list[str]:
    """What the probe says, and what to set."""
    count = len(probe.short)
    lines = [
        f"{count} founders were trained for {probe.epochs} epochs, as in the search, and in full, for up to "
        f"{len(probe.by_epoch)}.",
        f"Rank correlation of the search's scores with those of full trainings: {probe.agreement}.",
    ]
    if count < FEW:
        lines.append(f"So few networks say little: set evolution.population to {FEW} or more for the probe.")
    if probe.settled:
        lines.append(
            f"On the schedule of full trainings, ranks correlate with the end by {SETTLED} or more from epoch "
            f"{probe.settled} on."
        )
    else:
        lines.append("On the schedule of full trainings, ranks are not settled before the end.")
    return [*lines, *_noise(probe), *_advice(probe)]


def _noise(probe: Probe) -> list[str]:
    spread = stdev(probe.short)
    known = {"over people": probe.error, "over seeds": probe.seed_error}
    errors = [f"{error:.1f} {what}" for what, error in known.items() if error is not None]
    lines = [
        f"Scores of the search spread by {spread:.1f} points between networks (standard deviation); "
        f"a score has a standard error of {' and '.join(errors) or 'unknown size'}."
    ]
    noise = sqrt(sum(error**2 for error in known.values() if error is not None))
    if noise and spread < 2 * noise:
        lines.append(
            "Warning: the search can hardly tell these networks apart, because scores spread by less than twice their "
            "error. Use more images for search-valid, more epochs, or a wider space."
        )
    return lines


def _advice(probe: Probe) -> list[str]:
    lines = []
    if probe.agreement.correlation >= SETTLED:
        lines.append(f"training.epochs: {probe.epochs} is enough.")
    else:
        more = max(probe.settled or len(probe.by_epoch), probe.epochs + 1)
        lines.append(f"training.epochs: {probe.epochs} is short; try {more}.")
    lines.append(
        f"final.finalists: the best of the full trainings is number {probe.rank} by the search's scores, so "
        f"{max(probe.rank, 3)} finalists or more."
    )
    return lines


def _curve(history: Path) -> "pd.Series[float]":
    """Best score so far after each epoch: what would have been kept."""
    return pd.read_csv(history)["score"].cummax()


def _error(fitnesses: Sequence[Fitness]) -> float | None:
    errors = [fitness.metrics["standard_error"] for fitness in fitnesses if fitness.metrics.get("standard_error")]
    return sqrt(fmean(error**2 for error in errors)) if errors else None


def _seed_error(pairs: Sequence[tuple[Fitness, Fitness]]) -> float | None:
    """Half the mean squared difference of two seeds is the variance of one."""
    differences = [a.objectives["score"] - b.objectives["score"] for a, b in pairs if a.status == b.status == "ok"]
    return sqrt(fmean(difference**2 for difference in differences) / 2) if differences else None
