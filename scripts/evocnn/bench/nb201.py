"""How many trainings a strategy needs: every strategy on NAS-Bench-201, a table of all networks of a space."""

import csv
import gzip
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path
from statistics import fmean, median, stdev

import numpy as np
from scipy.stats import ttest_rel

from evocnn.bench.document import table
from evocnn.bench.strategies import RANDOM, REFERENCE, VARIANTS, Problem, search
from evocnn.evolution.expression import Expressed, Limits
from evocnn.space.cost import Cost
from evocnn.space.genes import Choice, Genome
from evocnn.space.space import Section, Space

DATA_SETS = {"c10": "CIFAR-10", "c100": "CIFAR-100", "in16": "ImageNet16-120"}
EDGES = (1, 2, 3)
"""Edges that lead to each node of a cell."""
NONE, PASS = "0", "1"
TOP = 15
"""Cells that are the top 0.1 % of 15,625."""
BUDGETS = (100, 300)
CELL = Choice("operation", ("0", "1", "2", "3", "4"), (1.0,) * 5, ordered=False)
SPACE = Space(Section({}, ()), sum(EDGES), Section({}, (CELL,)), {}, (1, 1))
EVERYTHING = Limits(1, 1, 1)


@dataclass(frozen=True)
class Course:
    """Attributes:
    reached: evaluations until a cell of the top 0.1 % by the search's own signal was found; infinite if never.
    tested: test accuracy of the best by that signal after each of `BUDGETS` evaluations.
    """

    reached: float
    tested: tuple[float, ...]


def bench_nb201(nb201: Path, seeds: int, processes: int) -> str:
    """Search with every variant on every data set; the result as Markdown.

    Args:
        nb201: CSV with columns arch, <data set>_val12 and <data set>_test200.
        seeds: searches per variant and data set.
        processes: that search side by side.
    """
    work = [(name, data_set, seed) for name in VARIANTS for data_set in DATA_SETS for seed in range(seeds)]
    with ProcessPoolExecutor(processes) as pool:
        courses = list(pool.map(partial(_search, nb201), work, chunksize=20))
    found: dict[tuple[str, str], list[Course]] = {}
    for (name, data_set, _), course in zip(work, courses, strict=True):
        found.setdefault((name, data_set), []).append(course)
    return "\n\n".join([f"{seeds} seeds.", *(_table(data_set, found) for data_set in DATA_SETS)])


def _table(data_set: str, found: Mapping[tuple[str, str], list[Course]]) -> str:
    usual = median(course.reached for course in found[REFERENCE, data_set])
    rows = []
    for name in VARIANTS:
        courses = found[name, data_set]
        reached = median(course.reached for course in courses)
        cells = [name, f"{reached:.0f}" if np.isfinite(reached) else "> 300", f"{reached / usual:.2f}"]
        for at in range(len(BUDGETS)):
            tested = [course.tested[at] for course in courses]
            against = [
                _p_value(tested, [course.tested[at] for course in found[other, data_set]])
                for other in (RANDOM, REFERENCE)
            ]
            cells += [f"{fmean(tested):.2f} ± {stdev(tested):.2f}", *against]
        rows.append(cells)
    head = [DATA_SETS[data_set], "evaluations to the top 0.1 %", f"over {REFERENCE}"]
    for budget in BUDGETS:
        head += [f"test after {budget}", "p, random", "p, aging"]
    return table([head, *rows])


def _p_value(ours: list[float], theirs: list[float]) -> str:
    if ours == theirs:
        return ""
    found = ttest_rel(ours, theirs).pvalue
    sign = "+" if fmean(ours) > fmean(theirs) else "-"
    return f"{sign} {'< 0.001' if found < 0.001 else f'{found:.3f}'}"


def _search(nb201: Path, work: tuple[str, str, int]) -> Course:
    name, data_set, seed = work
    validation, test = _accuracies(nb201, data_set)
    top = sorted(validation.values())[-TOP]
    genomes = islice(search(VARIANTS[name], problem(validation), seed), BUDGETS[-1])
    seen = ["".join(map(str, genome)) for genome in genomes]
    reached = next((n for n, cell in enumerate(seen, 1) if validation[cell] >= top), np.inf)
    best = [max(seen[:budget], key=lambda cell: validation[cell]) for budget in BUDGETS]
    return Course(reached, tuple(test[cell] for cell in best))


def problem(validation: Mapping[str, float]) -> Problem:
    """To find the cell with the highest validation accuracy."""
    return Problem(SPACE, express, EVERYTHING, lambda genome: validation["".join(map(str, genome))])


@cache
def express(genome: Genome) -> Expressed:
    """The cell as text without what adds nothing: the same for cells that compute the same."""
    digits = iter(genome)
    nodes: list[tuple[str, ...]] = [("x",)]
    for edges in EDGES:
        summands: list[str] = []
        for source in range(edges):
            operation = str(next(digits))
            if operation == PASS:
                summands += nodes[source]
            elif operation != NONE and nodes[source]:
                summands.append(f"({'+'.join(nodes[source])})@{operation}")
        nodes.append(tuple(sorted(summands)))
    return Expressed("+".join(nodes[-1]), Cost(1, 1, 1), 0)


@cache
def _accuracies(nb201: Path, data_set: str) -> tuple[dict[str, float], dict[str, float]]:
    with gzip.open(nb201, "rt") as file:
        rows = list(csv.DictReader(file))
    validation, test = (
        {row["arch"]: float(row[f"{data_set}_{what}"]) for row in rows} for what in ("val12", "test200")
    )
    return validation, test
