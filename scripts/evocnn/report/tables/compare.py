"""Searches that differ in strategy and seed alone: mean, spread, and whether a difference is more than chance."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu

from evocnn.evolution.fitness import read_fitness
from evocnn.files import read_json, replacing
from evocnn.report.run_files import fitness_files

LEVEL = 0.05
"""Probability below which a difference counts as significant."""


@dataclass(frozen=True)
class Search:
    """One search: its strategy and seed, and of its final network the fitness and the score on test."""

    strategy: str
    seed: int
    fitness: Path
    score: Path


def write_comparison(table: Path, text: Path, searches: Sequence[Search]) -> None:
    """Write a row per search as CSV, and what follows from them as text.

    Args:
        table: file to write.
        text: file to write.
        searches: those of the strategy in question first.

    Raises:
        ValueError: a file is damaged, or there is no search.
    """
    if not searches:
        raise ValueError("there is nothing to compare: compare.seeds is empty; name at least two seeds, such as [1, 2]")
    rows = pd.DataFrame(map(_row, searches))
    with replacing(table) as temporary:
        rows.to_csv(temporary, index=False, float_format="%.3f")
    scores = {str(name): group.to_numpy(float) for name, group in rows.groupby("strategy", sort=False)["score"]}
    metric = read_json(searches[0].score, "score", ("metric",))["metric"]
    with replacing(text) as temporary:
        temporary.write_text(
            "\n".join([f"{metric} in percent on test, of final networks", *compared(scores), *_differences(searches)])
            + "\n",
            encoding="utf-8",
        )


def compared(scores: Mapping[str, np.ndarray]) -> list[str]:
    """Lines about scores (seeds,) by strategy: mean and standard deviation of each, then the first against each other.

    The test is that of Mann and Whitney (1947), exact and two-sided: it asks for the order of scores only. Several
    comparisons are corrected, see `holm`.
    """
    lines = [f"{name:<10} {_spread(values)}, {len(values)} seeds" for name, values in scores.items()]
    (first, mine), *others = scores.items()
    tests = {name: float(mannwhitneyu(mine, values, method="exact").pvalue) for name, values in others}
    for name, p in holm(tests).items():
        difference = float(np.mean(mine) - np.mean(scores[name]))
        verdict = "significant" if p < LEVEL else "not significant"
        lines.append(f"{first} − {name}: {difference:+.2f}, p = {p:.3f} (Mann–Whitney, exact, two-sided): {verdict}")
        least = _least(len(mine), len(scores[name])) * len(tests)
        if least >= LEVEL:
            lines.append(f"  with so few seeds p cannot be below {min(least, 1):.3f}; add some to compare.seeds")
    return lines


def holm(tests: Mapping[str, float]) -> dict[str, float]:
    """Probabilities of several tests, corrected after Holm (1979).

    The smallest is multiplied by the number of tests, the next by one less, and so on; none is below the one before.
    """
    corrected, largest = {}, 0.0
    for rank, (name, p) in enumerate(sorted(tests.items(), key=lambda item: item[1])):
        largest = max(largest, min(1.0, p * (len(tests) - rank)))
        corrected[name] = largest
    return {name: corrected[name] for name in tests}


def _differences(searches: Sequence[Search]) -> list[str]:
    """Versions, processors and devices, where trainings of the searches had several: a confounder of the comparison."""
    had: dict[str, set[str]] = defaultdict(set)
    for search in searches:
        folder = search.fitness.parents[1]
        for path in (search.fitness, *(path for of_generation in fitness_files(folder) for path in of_generation)):
            fitness = read_fitness(path)
            if fitness.status != "ok":
                continue  # a training that failed may not say what it ran on
            known = fitness.provenance
            kinds = {**known.get("versions", {}), **{name: known.get(name) for name in ("processor", "device")}}
            for name, value in kinds.items():
                had[name].add(value or "unknown")
    several = {name: sorted(values) for name, values in had.items() if len(values) > 1}
    unknown = [name for name, values in had.items() if values == {"unknown"}]
    if several:
        return [f"trainings differ in {name}: {', '.join(values)}" for name, values in several.items()]
    same = ", ".join(name for name in had if name not in unknown)
    return [f"all trainings with the same {same}", *(f"their {name} is not known" for name in unknown)]


def _row(search: Search) -> dict[str, Any]:
    fitness, score = read_fitness(search.fitness), read_json(search.score, "score", ("test",))["test"]
    return {
        "strategy": search.strategy,
        "seed": search.seed,
        "network_id": fitness.provenance["network_id"],
        "score": score["mean"],
        "standard_error": score["standard_error"],
        "valid_score": fitness.objectives["score"],
        "params": fitness.cost["params"],
        "macs": fitness.cost["macs"],
    }


def _spread(values: np.ndarray) -> str:
    return f"{np.mean(values):.2f}" + (f" ± {np.std(values, ddof=1):.2f} (sd)" if len(values) > 1 else "")


def _least(first: int, second: int) -> float:
    """The smallest probability that the test can give for so many values: all of one side above all of the other."""
    return float(mannwhitneyu(np.arange(first), first + np.arange(second), method="exact").pvalue)
