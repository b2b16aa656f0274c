"""Searches with rungs against the same searches without, from rows of their searches (searches.py)."""

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu

from evocnn_bench.evolving import of_strategies
from evocnn_bench.searches import FINAL

SEEDS = (1, 2, 3, 4, 5)
WHOLE, RUNGS = "without rungs", "with rungs"


def bench_rungs(rows: pd.DataFrame) -> str:
    """A row for the searches of each kind, and what they say together, as Markdown."""
    return f"{of_strategies(rows)}\n\n{_verdict(rows)}"


def _verdict(rows: pd.DataFrame) -> str:
    final, searched = rows[rows["part"] == FINAL], rows[rows["part"] != FINAL]
    before, after = (final["test"][final["strategy"] == name] for name in (WHOLE, RUNGS))
    error = np.sqrt(before.var() / len(before) + after.var() / len(after))
    p = float(mannwhitneyu(after, before, method="exact").pvalue)
    epochs = searched.groupby("strategy")["epochs"].sum()
    return (
        f"With rungs a search takes {epochs[RUNGS] / epochs[WHOLE]:.2f} times the epochs, those of finalists left out, "
        f"and its final network has {after.mean() - before.mean():+.1f} ± {error:.1f} points on test (one standard "
        f"error; p = {p:.2f}, Mann–Whitney, exact, two-sided; {len(after)} seeds each)."
    )
