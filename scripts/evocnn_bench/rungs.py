"""Searches with rungs against the same searches without, from their files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import mannwhitneyu

from evocnn.files import read_json
from evocnn_bench.evolving import Searched, of_strategies, read_search

SEEDS = (1, 2, 3, 4, 5)
STRATEGY = "predictor"


def targets(experiment: str) -> list[str]:
    """What has to be made of an experiment: the final score of a search with each seed."""
    return [f"results/{experiment}/compare/{STRATEGY}-{seed}/final/score.json" for seed in SEEDS]


def bench_rungs(whole: Path, rungs: Path, seeds: Sequence[int] = SEEDS) -> str:
    """A row for the searches of each kind, and what they say together, as Markdown.

    Args:
        whole: folder of the experiment without rungs.
        rungs: folder of the experiment with rungs.
        seeds: of the searches of each.
    """
    of_whole, of_rungs = (
        [_read(name, run / "compare", seed) for seed in seeds]
        for name, run in (("without rungs", whole), ("with rungs", rungs))
    )
    return f"{of_strategies([*of_whole, *of_rungs])}\n\n{_verdict(of_whole, of_rungs)}"


def _read(name: str, folder: Path, seed: int) -> Searched:
    score = read_json(folder / f"{STRATEGY}-{seed}/final/score.json", "score", ("test",))["test"]["mean"]
    return read_search(folder, STRATEGY, seed, score, name)


def _verdict(whole: Sequence[Searched], rungs: Sequence[Searched]) -> str:
    before, after = ([search.test for search in group] for group in (whole, rungs))
    difference = np.mean(after) - np.mean(before)
    error = np.sqrt(np.var(before, ddof=1) / len(before) + np.var(after, ddof=1) / len(after))
    p = float(mannwhitneyu(after, before, method="exact").pvalue)
    share = np.mean([search.epochs for search in rungs]) / np.mean([search.epochs for search in whole])
    return (
        f"With rungs a search takes {share:.2f} times the epochs, those of finalists left out, and its final network "
        f"has {difference:+.1f} ± {error:.1f} points on test (one standard error; p = {p:.2f}, Mann–Whitney, exact, "
        f"two-sided; {len(after)} seeds each)."
    )
