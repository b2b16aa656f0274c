"""What a search has shown, in sentences: each follows from the files of the run alone."""

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

import pandas as pd

RISING = 0.5
"""Share of trainings whose best epoch is the last one, from which curves count as still rising."""
CHEAPER = 0.9
"""Share of the final network's multiply–accumulates below which another counts as cheaper."""
SETTLED = 3
"""Generations without a better individual after which a search counts as converged."""


NOT_COMPARED = (
    "One run does not show whether it beats random search with as many trainings: set compare.seeds, and run snakemake "
    "compare."
)


def verdict(
    individuals: pd.DataFrame,
    generations: pd.DataFrame,
    trivial: Mapping[str, Any],
    test: Mapping[str, Any],
    literature: Mapping[str, Mapping[str, Any]],
    *,
    network_id: str,
    comparison: Sequence[str] = (),
) -> list[str]:
    """Sentences on a finished search, the most important first.

    Args:
        individuals: table of `write_tables`.
        generations: table of `write_tables`.
        trivial: scores of trivial baselines by name; each has `test` with its `mean`.
        test: score of the final network on test: `mean` and `standard_error`, in percent.
        literature: the same of networks of the literature, by name.
        network_id: of the final network; "" where there is none yet.
        comparison: what a comparison of several searches says of each pair of strategies.
    """
    trained = individuals[individuals.status == "ok"]
    return [
        *above_trivial(trivial, test),
        *above_literature(literature, test),
        *cheaper_equal(trained, network_id),
        *convergence(generations),
        *still_learning(trained),
        *([f"Final networks of several seeds on test, {line}." for line in comparison] or [NOT_COMPARED]),
    ]


def above_trivial(trivial: Mapping[str, Any], test: Mapping[str, Any]) -> list[str]:
    """Whether the final network is better than the best prediction that does not look at the image, and how surely."""
    known = {name: of["test"]["mean"] for name, of in trivial.items() if of["test"].get("mean") is not None}
    if not known or test.get("mean") is None:
        return []
    name = max(known, key=lambda of: known[of])
    gain, error = test["mean"] - known[name], test.get("standard_error") or 0.0
    if gain <= 0:
        return [
            f"The final network is not above {name} on test ({test['mean']:.1f} and {known[name]:.1f}): it has learned "
            "nothing that the search could use. Train longer, or use more images."
        ]
    sure = "more than two standard errors" if gain > 2 * error else "less than two standard errors"
    return [f"The final network is {gain:.1f} points above {name} on test, {sure}."]


def above_literature(literature: Mapping[str, Mapping[str, Any]], test: Mapping[str, Any]) -> list[str]:
    """Whether the final network is better than the best of the baselines, and how surely."""
    known = {name: of for name, of in literature.items() if of.get("mean") is not None}
    if not known or test.get("mean") is None:
        return []
    name = max(known, key=lambda of: known[of]["mean"])
    gain = test["mean"] - known[name]["mean"]
    error = hypot(test.get("standard_error") or 0.0, known[name].get("standard_error") or 0.0)
    place = "above" if gain > 0 else "below"
    sure = "more than two standard errors" if abs(gain) > 2 * error else "less than two standard errors"
    advice = "" if gain > 0 else " Use that one, or search longer: the search has not paid yet."
    return [f"The final network is {abs(gain):.1f} points {place} {name}, the best baseline, on test, {sure}.{advice}"]


def cheaper_equal(trained: pd.DataFrame, network_id: str) -> list[str]:
    """The cheapest network whose score in the search is within one standard error of the final network's."""
    of_final = trained[trained.network_id == network_id]
    if of_final.empty:
        return []
    final = of_final.iloc[0]
    errors = trained.standard_error.fillna(0).map(lambda error: hypot(error, final.standard_error or 0))
    ties = trained[(final.score - trained.score <= errors) & (trained.macs < CHEAPER * final.macs)]
    if ties.empty:
        return ["No cheaper network comes within one standard error of the final network's score in the search."]
    cheapest = ties.sort_values(["macs", "score"], ascending=[True, False]).iloc[0]
    return [
        f"Network {cheapest.network_id} has {cheapest.macs / final.macs:.0%} of the final network's "
        f"multiply-accumulates, and its score in the search is within one standard error ({cheapest.score:.1f} and "
        f"{final.score:.1f})."
    ]


def convergence(generations: pd.DataFrame) -> list[str]:
    """Whether the best score still rises."""
    best: Sequence[float] = list(generations.best)
    if len(best) < 2:
        return []
    since = len(best) - 1 - best.index(max(best))
    if since >= SETTLED:
        return [f"The best score has not risen for {since} generations: more of them promise little."]
    if since == 0:
        return ["The best score rose in the last generation: more generations may find a better network."]
    return [f"The best score rose {since} generation{'s' * (since > 1)} ago."]


def still_learning(trained: pd.DataFrame) -> list[str]:
    """Whether trainings ended while their scores were rising."""
    known = trained.dropna(subset=["best_epoch", "epochs"])
    if known.empty:
        return []
    rising = float((known.best_epoch == known.epochs).mean())
    if rising < RISING:
        return []
    return [f"The last epoch was the best one in {rising:.0%} of the trainings: training.epochs is short."]
