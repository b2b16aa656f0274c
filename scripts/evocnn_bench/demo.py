"""Does the demo show evolution? Its last generation against its first one, and against random search."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evocnn.evolution.fitness import Fitness
from evocnn_bench.document import table
from evocnn_bench.searches import Searched, read_search, score_of

CLEAR = 2.0
"""Standard errors from which on a difference is called clear."""


@dataclass(frozen=True)
class Rise:
    """The best scores on search-valid of a search, in percent, and of random search with the same seed.

    Attributes:
        first: of generation 0.
        last: of the last generation.
        error: standard error of `last - first`, as if both were of different people, which makes it larger.
        best: of all generations.
        random: of all generations of random search.
    """

    first: float
    last: float
    error: float
    best: float
    random: float

    @property
    def clear(self) -> bool:
        """Whether the last generation is above the first one by more than chance."""
        return self.last - self.first > CLEAR * self.error


def bench_demo(run: Path) -> str:
    """A row per seed, and what they say together.

    Args:
        run: folder of a run that has compared its strategy with random search.
    """
    compared: list[Any] = pd.read_csv(run / "tables/compare.csv").to_dict("records")
    searches = [read_search(run, row["strategy"], row["seed"]) for row in compared]
    random = {search.seed: search for search in searches if search.strategy == "random"}
    mine = [search for search in searches if search.strategy != "random"]
    rises = [_rise(search, random[search.seed]) for search in mine]
    head = ("seed", "generation 0, best", "last generation, best", "rise", "± s.e.", "best of all", "of random search")
    rows: list[tuple[str, ...]] = [(*head, "final, test", "of random search")]
    for search, rise in zip(mine, rises, strict=True):
        numbers = rise.first, rise.last, rise.last - rise.first, rise.error, rise.best, rise.random
        tests = search.test, random[search.seed].test
        rows.append((str(search.seed), *(f"{number:.1f}" for number in (*numbers, *tests))))
    return "\n\n".join([table(rows), _sentences(rises), _verdict(run)])


def _rise(search: Searched, random: Searched) -> Rise:
    first, last = (_best(search.generations[at]) for at in (0, -1))
    error = float(np.hypot(*(of.metrics["standard_error"] for of in (first, last))))
    reached, drawn = (max(score_of(_best(generation)) for generation in of.generations) for of in (search, random))
    return Rise(score_of(first), score_of(last), error, reached, drawn)


def _sentences(rises: list[Rise]) -> str:
    above = np.array([rise.best - rise.random for rise in rises])
    clear, better = sum(rise.clear for rise in rises), sum(above > 0)
    return (
        f"In {clear} of {len(rises)} searches the best of the last generation is above that of generation 0 by more "
        f"than {CLEAR:g} standard errors of the difference. In {better} of {len(rises)} the best of all generations is "
        f"above the best of random search with as many trainings; the mean difference is {above.mean():+.1f} points."
    )


def _verdict(run: Path) -> str:
    """What a comparison says of the final networks, as a list."""
    verdict = (run / "compare/summary.txt").read_text(encoding="utf-8").splitlines()
    sentences = "\n".join(f"- {line.strip()}" for line in verdict[1:])
    return f"Final networks on test:\n\n{sentences}"


def _best(generation: tuple[Fitness, ...]) -> Fitness:
    return max(generation, key=score_of)
