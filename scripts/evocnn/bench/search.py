"""How many trainings a strategy needs: every strategy on a table of all networks of a space, in process."""

import csv
import gzip
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from statistics import fmean, median, stdev

import numpy as np
from scipy.stats import ttest_rel

from evocnn.bench.document import table
from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Expressed, Limits
from evocnn.evolution.fitness import Fitness
from evocnn.evolution.population import Population
from evocnn.evolution.selection import select
from evocnn.evolution.settings import Settings
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

CELL_OPERATORS = {
    "mutation": 8.0,
    "uniform": 4.0,
    "one_point": 2.0,
    "insert": 1.0,
    "delete": 1.0,
    "duplicate": 1.0,
    "swap": 1.0,
}
BASE = Settings("genetic", population=10, tournament=2, operators=CELL_OPERATORS, mutation=(0.0, 0.0))


@dataclass(frozen=True)
class Variant:
    """A strategy with its settings.

    Attributes:
        settings: of the search.
        founders: in generation 0.
        offspring: in each later generation.
    """

    settings: Settings
    founders: int
    offspring: int


REFERENCE = "regularized evolution (30, 10)"
VARIANTS: Mapping[str, Variant] = {
    "random search": Variant(replace(BASE, strategy="random"), 20, 5),
    REFERENCE: Variant(replace(BASE, strategy="aging", population=30, tournament=10), 30, 1),
    "regularized evolution (10, 3)": Variant(replace(BASE, strategy="aging", tournament=3), 10, 1),
    "genetic (10 + 5)": Variant(BASE, 20, 5),
    "genetic (10 + 5), adaptive": Variant(replace(BASE, adaptive=True), 20, 5),
    "genetic (10 + 5), 10 % immigrants": Variant(replace(BASE, immigrants=0.1), 20, 5),
    "genetic (10 + 5), restart after 8": Variant(replace(BASE, restart=8), 20, 5),
    "genetic (10 + 5), real-coded": Variant(replace(BASE, variation="real_coded", mutation=(0.17, 0.17)), 20, 5),
    "local search (1 + 1)": Variant(replace(BASE, population=1, operators={"mutation": 1.0}), 10, 1),
    "reinforce": Variant(replace(BASE, strategy="reinforce", controller_rate=0.1), 20, 5),
    "nsga2 of one objective": Variant(replace(BASE, strategy="nsga2"), 20, 5),
    "predictor (10 + 5)": Variant(replace(BASE, strategy="predictor"), 20, 5),
    "predictor (10 + 20)": Variant(replace(BASE, strategy="predictor"), 20, 20),
}
DEFAULT = "predictor (10 + 5)"


@dataclass(frozen=True)
class Course:
    """Attributes:
    reached: evaluations until a cell of the top 0.1 % by the search's own signal was found; infinite if never.
    tested: test accuracy of the best by that signal after each of `BUDGETS` evaluations.
    """

    reached: float
    tested: tuple[float, ...]


def bench_search(nb201: Path, seeds: int, processes: int) -> str:
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
                for other in ("random search", REFERENCE)
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
    seen: list[str] = []
    for cell in search(VARIANTS[name], validation, seed):
        seen.append(cell)
        if len(seen) == BUDGETS[-1]:
            break
    reached = next((n for n, cell in enumerate(seen, 1) if validation[cell] >= top), np.inf)
    best = [max(seen[:budget], key=lambda cell: validation[cell]) for budget in BUDGETS]
    return Course(reached, tuple(test[cell] for cell in best))


def search(variant: Variant, validation: Mapping[str, float], seed: int) -> Iterator[str]:
    """Cells in the order of their evaluation, by the very functions that the workflow's jobs call."""
    population: Population | None = None
    generation = 0
    while True:
        offspring = breed(
            SPACE,
            express,
            EVERYTHING,
            variant.settings,
            generation=generation,
            count=variant.offspring if population else variant.founders,
            seed=seed,
            parents=population,
        )
        cells = ["".join(map(str, individual.genome)) for individual in offspring.individuals]
        yield from cells
        outcomes = [
            Fitness("ok", {"score": validation[cell]}, {}, {}, {}, {"network_id": individual.network_id})
            for cell, individual in zip(cells, offspring.individuals, strict=True)
        ]
        population = select(offspring, outcomes, population, SPACE, variant.settings)
        generation += 1


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
