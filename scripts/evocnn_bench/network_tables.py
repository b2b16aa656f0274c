"""Tables and sentences about networks that were trained with several seeds, from the rows of trainings.py."""

from collections.abc import Iterable, Mapping

import pandas as pd
from scipy.stats import ttest_ind

from evocnn.report.tables.compare import LEVEL, holm
from evocnn_bench.document import spread, table

SMALLEST = 0.001
"""Of the p values that are written as numbers."""


def networks_table(rows: pd.DataFrame, names: Mapping[str, str]) -> str:
    """A row per network, all trained with the same number of epochs; times are medians over seeds.

    Args:
        rows: of `train_all`.
        names: what each network is called, in the order of the table.
    """
    head = ("", "score on test", "on search-valid", "augmentation", "parameters", "MACs, million", "memory, MB")
    lines: list[tuple[str, ...]] = [(*head, "latency, ms", "training, s")]
    for network, name in names.items():
        of = rows[rows["network"] == network]
        one = of.iloc[0]
        costs = f"{one['params']:,.0f}", f"{one['macs'] / 1e6:,.1f}", f"{of['peak_memory_mb'].max():,.0f}"
        times = f"{of['latency_ms'].median():.1f}", f"{of['seconds'].median():,.0f}"
        lines.append((name, spread(of["score"]), spread(of["valid_score"]), one["augmentation"], *costs, *times))
    return table(lines)


def verdicts(pairs: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]]) -> Iterable[str]:
    """A sentence per pair, as a list item: whether the difference of means is clear, by Welch's t test.

    Args:
        pairs: rows of an evolved network, and of the one that it is compared with, by the name of the comparison.
    """
    tests = {
        name: float(ttest_ind(ours["score"], other["score"], equal_var=False).pvalue)
        for name, (ours, other) in pairs.items()
    }
    for name, p in holm(tests).items():
        ours, other = pairs[name]
        difference = ours["score"].mean() - other["score"].mean()
        clear = f"the evolved network is {'better' if difference > 0 else 'worse'}"
        verdict = clear if p < LEVEL else "no clear difference"
        corrected = ", corrected after Holm" if len(pairs) > 1 else ""
        chance = f"p = {p:.3f}" if p >= SMALLEST else f"p < {SMALLEST}"
        yield (
            f"- {name}: {verdict}, {difference:+.1f} points with {_computing(ours, other):.0%} of the computing "
            f"({chance}, Welch's t test{corrected})."
        )


def _computing(rows: pd.DataFrame, others: pd.DataFrame) -> float:
    """Multiply–accumulates of a training, as a share of those of another one."""
    one, other = rows.iloc[0], others.iloc[0]
    return float(one["macs"] * one["epochs"] / (other["macs"] * other["epochs"]))
