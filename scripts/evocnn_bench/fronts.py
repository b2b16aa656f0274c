"""Two objectives on NAS-Bench-201, accuracy and parameters: how much of the best front a search reaches."""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from statistics import fmean, stdev

from scipy.stats import ttest_rel

from evocnn.evolution.expression import Expressed
from evocnn.evolution.fronts import hypervolume
from evocnn.evolution.settings import Limits
from evocnn.space.genes import Genome
from evocnn_bench.document import table
from evocnn_bench.nb201 import DATA_SETS, express
from evocnn_bench.strategies import Problem, Tabular, Variant, changed, search
from evocnn_bench.tabular import read_table

BUDGETS = (50, 100)
OBJECTIVES = ("score", "-params / 1e6")
PARAMS = {"conv 1 at 1": 28_000, "conv 3 at 1": 243_040}
"""Of an operation in all 15 cells: 1×1 and 3×3 convolutions of 16, 32 and 64 channels, with their normalisation; by
its name among the features of a cell."""
OTHERS = 73_000
"""Parameters of a network whose cells have none."""
PLAIN = "nsga2 (10 + 5)"
VARIANTS: Mapping[str, Variant] = {
    "random search": Variant(changed(strategy="random", objectives=OBJECTIVES), 20, 5),
    PLAIN: Variant(changed(strategy="nsga2", objectives=OBJECTIVES), 20, 5),
    "predictor (10 + 5)": Variant(changed(strategy="predictor", objectives=OBJECTIVES), 10, 5),
    "predictor (10 + 20)": Variant(changed(strategy="predictor", objectives=OBJECTIVES), 10, 20),
}
DEFAULT = "predictor (10 + 5)"
NO_LIMITS = Limits(params=10**9, macs=10**9, memory_mb=10**9)


def bench_fronts(data: Path, seeds: int, processes: int) -> str:
    """Search with every variant on every data set; the result as Markdown.

    Args:
        data: see `read_table`.
        seeds: searches per variant and data set.
        processes: that search side by side.
    """
    work = [(name, of, seed) for name in VARIANTS for of in DATA_SETS for seed in range(seeds)]
    with ProcessPoolExecutor(processes) as pool:
        shares = list(pool.map(partial(shares_of, data), work, chunksize=5))
    reached: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    for (name, of, _), share in zip(work, shares, strict=True):
        reached.setdefault((name, of), []).append(share)
    return "\n\n".join([f"{seeds} seeds.", *(_table(of, reached) for of in DATA_SETS)])


def shares_of(data: Path, work: tuple[str, str, int]) -> tuple[float, ...]:
    """Share of the hypervolume of all cells that a search has reached after each of `BUDGETS` evaluations.

    Hypervolume is above the mean accuracy and the largest number of parameters of all cells.

    Args:
        data: see `read_table`.
        work: variant, data set, and seed.
    """
    name, of, seed = work
    known, reference, whole = _everything(data, of)
    genomes = islice(search(VARIANTS[name], _problem(known), seed), BUDGETS[-1])
    seen = [objectives_of(known, genome) for genome in genomes]
    return tuple(hypervolume(seen[:budget], reference) / whole for budget in BUDGETS)


def objectives_of(known: Tabular, genome: Genome) -> tuple[float, float]:
    """Accuracy in percent, and parameters in millions, negative."""
    return known.seen[_name(genome)], -params_of(genome) / 1e6


def params_of(genome: Genome) -> int:
    """Parameters of a network with a cell; those of operations that add nothing are left out."""
    counts = express(genome).features["statistics"]
    return OTHERS + round(sum(number * counts.get(operation, 0) for operation, number in PARAMS.items()))


@cache
def _everything(data: Path, of: str) -> tuple[Tabular, tuple[float, float], float]:
    known = read_table(data, of)
    genomes = [tuple(name) for name in known.seen]
    values = [objectives_of(known, genome) for genome in genomes]
    reference = fmean(accuracy for accuracy, _ in values), min(params for _, params in values)
    return known, reference, hypervolume(values, reference)


def _problem(known: Tabular) -> Problem:
    def expressed(genome: Genome) -> Expressed:
        plain = express(genome)
        return replace(plain, cost=replace(plain.cost, params=params_of(genome)))

    return Problem(known.space, expressed, NO_LIMITS, lambda genome: known.seen[_name(genome)])


def _name(genome: Genome) -> str:
    return "".join(map(str, genome))


def _table(of: str, reached: Mapping[tuple[str, str], list[tuple[float, ...]]]) -> str:
    head = [DATA_SETS[of]]
    for budget in BUDGETS:
        head += [f"hypervolume after {budget}", f"p, {PLAIN}"]
    rows = [head]
    for name in VARIANTS:
        cells = [name]
        for at in range(len(BUDGETS)):
            ours, plain = ([share[at] for share in reached[which, of]] for which in (name, PLAIN))
            cells += [f"{fmean(ours):.1%} ± {stdev(ours):.1%}", _p_value(ours, plain)]
        rows.append(cells)
    return table(rows)


def _p_value(ours: list[float], theirs: list[float]) -> str:
    if ours == theirs:
        return ""
    p = ttest_rel(ours, theirs).pvalue
    return f"{'+' if fmean(ours) > fmean(theirs) else '-'} {'< 0.001' if p < 0.001 else f'{p:.3f}'}"
