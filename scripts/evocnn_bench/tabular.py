"""How many trainings a strategy needs: every strategy on tables of all networks of a space."""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from statistics import fmean, median, stdev

import numpy as np
from scipy.stats import ttest_rel

from evocnn.space.genes import Genome
from evocnn_bench.document import table
from evocnn_bench.nb201 import DATA_SETS, read_nb201
from evocnn_bench.nbmacro import read_nbmacro
from evocnn_bench.strategies import RANDOM, REFERENCE, VARIANTS, Problem, Tabular, search

BUDGETS = (50, 100)
SHARE = 0.001
"""Of all networks, those that count as the top."""
MACRO = "NAS-Bench-Macro"
TABLES = (*DATA_SETS, MACRO)


@cache
def read_table(data: Path, name: str) -> Tabular:
    """A table by its name in `TABLES`; `data` is the folder with nb201/nb201.csv.gz and nbmacro/nb_macro.csv.gz."""
    if name == MACRO:
        return read_nbmacro(data / "nbmacro/nb_macro.csv.gz")
    return read_nb201(data / "nb201/nb201.csv.gz", name)


@dataclass(frozen=True)
class Course:
    """Attributes:
    reached: evaluations until a network of the top was seen; infinite if it was not within the last of `BUDGETS`.
    tested: what the best network so far is worth in the end, after each of `BUDGETS` evaluations.
    """

    reached: float
    tested: tuple[float, ...]


def bench_tabular(data: Path, seeds: int, processes: int) -> str:
    """Search with every variant on every table; the result as Markdown.

    Args:
        data: see `read_table`.
        seeds: searches per variant and table.
        processes: that search side by side.
    """
    work = [(name, of, seed) for name in VARIANTS for of in TABLES for seed in range(seeds)]
    with ProcessPoolExecutor(processes) as pool:
        courses = list(pool.map(partial(course_of, data), work, chunksize=10))
    matches: dict[tuple[str, str], list[Course]] = {}
    for (name, of, _), course in zip(work, courses, strict=True):
        matches.setdefault((name, of), []).append(course)
    return "\n\n".join([f"{seeds} seeds.", *(_table(of, matches) for of in TABLES)])


def _table(of: str, matches: Mapping[tuple[str, str], list[Course]]) -> str:
    usual = median(course.reached for course in matches[REFERENCE, of])
    rows = []
    for name in VARIANTS:
        courses = matches[name, of]
        reached = median(course.reached for course in courses)
        known = np.isfinite(reached)
        cells = [
            name,
            f"{reached:.0f}" if known else f"> {BUDGETS[-1]}",
            f"{reached / usual:.2f}" if known and np.isfinite(usual) else "",
            f"{fmean(np.isfinite(course.reached) for course in courses):.1%}",
        ]
        for at in range(len(BUDGETS)):
            tested = [course.tested[at] for course in courses]
            against = [
                _p_value(tested, [course.tested[at] for course in matches[other, of]]) for other in (RANDOM, REFERENCE)
            ]
            cells += [f"{fmean(tested):.2f} ± {stdev(tested):.2f}", *against]
        rows.append(cells)
    head = [DATA_SETS.get(of, of), "evaluations to the top 0.1 %", f"over {REFERENCE}", f"reached by {BUDGETS[-1]}"]
    for budget in BUDGETS:
        head += [f"test after {budget}", "p, random", "p, aging"]
    return table([head, *rows])


def _p_value(ours: list[float], theirs: list[float]) -> str:
    if ours == theirs:
        return ""
    p = ttest_rel(ours, theirs).pvalue
    sign = "+" if fmean(ours) > fmean(theirs) else "-"
    return f"{sign} {'< 0.001' if p < 0.001 else f'{p:.3f}'}"


def course_of(data: Path, work: tuple[str, str, int]) -> Course:
    """Search with a variant on a table with a seed, which are `work`, for the last of `BUDGETS` evaluations."""
    name, of, seed = work
    known = read_table(data, of)
    top = sorted(known.seen.values())[-int(SHARE * len(known.seen))]
    genomes = islice(search(VARIANTS[name], problem(known), seed), BUDGETS[-1])
    seen = ["".join(map(str, genome)) for genome in genomes]
    reached = next((n for n, network in enumerate(seen, 1) if known.seen[network] >= top), np.inf)
    best = [max(seen[:budget], key=known.seen.__getitem__) for budget in BUDGETS]
    return Course(reached, tuple(known.tested[network] for network in best))


def problem(known: Tabular) -> Problem:
    """To find the network with the highest score that a search sees."""

    def score(genome: Genome) -> float:
        return known.seen["".join(map(str, genome))]

    return Problem(known.space, known.express, known.limits, score)
