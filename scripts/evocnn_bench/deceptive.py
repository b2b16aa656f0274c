"""How many trainings a strategy needs where climbing misleads: a made-up space of 64 slots whose optimum is known.

Every slot wants one operation, and where that has filters, so many of them. A quarter of the slots form pairs that
deceive (traps, as of Deb & Goldberg, Analyzing Deception in Trap Functions, FOGA 1993): each slot of a pair is led to a
decoy, which alone is worth more than the wanted operation alone, but two decoys are worth less than what is wanted.
Whoever only climbs ends at 92.5 % of the optimum. Filters of a pooling are dead genes, so that many genomes are one
network, and the limit of parameters leaves the optimum little more than it needs.
"""

import hashlib
import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from statistics import fmean, median, stdev

import numpy as np

from evocnn.evolution.expression import Expressed
from evocnn.evolution.settings import Limits
from evocnn.space.cost import Cost
from evocnn.space.genes import Choice, Genome
from evocnn.space.space import Section, Space
from evocnn_bench.document import table
from evocnn_bench.strategies import LOCAL, VARIANTS, Problem, search

SLOTS, PAIRS = 64, 8
OPERATIONS = {"conv": 3, "depthwise_conv": 1, "max_pool": 0, "average_pool": 0}
"""Parameters per filter."""
FILTERS = (1, 2, 3, 4)
RIGHT, SLIGHT, DECOY, DECOYS = 1.0, 0.2, 0.5, 1.4
"""What is worth: a wanted operation, one of a pair alone, a decoy alone, and two decoys."""
ROOM = 1.2
"""Parameters allowed over those of the optimum."""
GOAL, EARLY, BUDGET = 0.95, 1000, 3000

SPACE = Space(
    Section({}, ()),
    SLOTS,
    Section(
        {},
        (
            Choice("operation", tuple(OPERATIONS), (1.0,) * len(OPERATIONS), ordered=False),
            Choice("filters", FILTERS, (1.0,) * len(FILTERS), ordered=True),
        ),
    ),
    {},
    (1, 1),
)
Block = tuple[str, int]
"""Operation, and filters; 0 where the operation has none."""


@dataclass(frozen=True)
class Landscape:
    """What the slots want.

    Attributes:
        wanted: of each slot; the first 2 × `PAIRS` slots are pairs.
        decoys: operations of the slots of pairs.
    """

    wanted: tuple[Block, ...]
    decoys: tuple[str, ...]

    @property
    def optimum(self) -> float:
        """Value of the wanted blocks."""
        return RIGHT * SLOTS

    def value(self, blocks: tuple[Block, ...]) -> float:
        """From 0 to the optimum."""
        pairs = [
            self._pair(blocks[at : at + 2], self.wanted[at : at + 2], self.decoys[at : at + 2])
            for at in range(0, 2 * PAIRS, 2)
        ]
        alone = [_fit(block, wanted) for block, wanted in zip(blocks, self.wanted, strict=True)][2 * PAIRS :]
        return sum(pairs) + sum(alone)

    @staticmethod
    def _pair(blocks: tuple[Block, ...], wanted: tuple[Block, ...], decoys: tuple[str, ...]) -> float:
        fits = [_fit(block, want) for block, want in zip(blocks, wanted, strict=True)]
        if all(fits):
            return sum(fits)
        lured = sum(operation == decoy for (operation, _), decoy in zip(blocks, decoys, strict=True))
        return DECOYS if lured == len(decoys) else DECOY * lured + SLIGHT * sum(fit > 0 for fit in fits)


def draw_landscape(seed: int) -> Landscape:
    """A landscape at random."""
    rng = random.Random(seed)
    wanted = tuple(_block(rng.choice(list(OPERATIONS)), rng.choice(FILTERS)) for _ in range(SLOTS))
    decoys = tuple(rng.choice([name for name in OPERATIONS if name != right]) for right, _ in wanted[: 2 * PAIRS])
    return Landscape(wanted, decoys)


def problem(landscape: Landscape) -> Problem:
    """To find what the slots want; scores are shares of the optimum in percent."""
    limits = Limits(params=round(ROOM * sum(map(_params, landscape.wanted))), macs=1, memory_mb=1)
    return Problem(SPACE, express, limits, lambda genome: 100 * landscape.value(blocks_of(genome)) / landscape.optimum)


def blocks_of(genome: Genome) -> tuple[Block, ...]:
    """What a genome stands for, dead genes left out."""
    pairs = zip(genome[::2], genome[1::2], strict=True)
    return tuple(_block(str(operation), int(filters)) for operation, filters in pairs)


def express(genome: Genome) -> Expressed:
    """Genomes that differ in dead genes only are one network."""
    blocks = blocks_of(genome)
    name = hashlib.sha256(repr(blocks).encode()).hexdigest()[:12]
    return Expressed(name, Cost(sum(map(_params, blocks)), 1, 1, 1), 0)


def bench_deceptive(seeds: int, processes: int) -> str:
    """Search with every variant but local search; the result as Markdown. Each seed is a landscape of its own."""
    work = [(name, seed) for name in VARIANTS if name != LOCAL for seed in range(seeds)]
    with ProcessPoolExecutor(processes) as pool:
        courses = list(pool.map(_course, work, chunksize=2))
    matches: dict[str, list[tuple[float, float]]] = {}
    for (name, _), course in zip(work, courses, strict=True):
        matches.setdefault(name, []).append(course)
    rows = [["64 slots, deceptive", f"evaluations to {GOAL:.0%} of the optimum", "reached by", f"after {EARLY:,}, %"]]
    for name, ends in matches.items():
        reached = [evaluations for evaluations, _ in ends]
        middle = f"{median(reached):,.0f}" if np.isfinite(median(reached)) else f"> {BUDGET:,}"
        best = [score for _, score in ends]
        share = f"{sum(map(np.isfinite, reached))} of {seeds}"
        rows.append([name, middle, share, f"{fmean(best):.1f} ± {stdev(best):.1f}"])
    return f"{seeds} landscapes.\n\n{table(rows)}"


def _course(work: tuple[str, int]) -> tuple[float, float]:
    """Evaluations until the goal was reached, infinite if never, and the best score of the first `EARLY`."""
    name, seed = work
    searched = problem(draw_landscape(seed))
    scores: list[float] = []
    for genome in islice(search(VARIANTS[name], searched, seed), BUDGET):
        scores.append(searched.score(genome))
        if len(scores) >= EARLY and max(scores) >= 100 * GOAL:
            break
    reached = (n for n, score in enumerate(scores, 1) if score >= 100 * GOAL)
    return next(reached, float("inf")), max(scores[:EARLY])


def _block(operation: str, filters: int) -> Block:
    return operation, filters if OPERATIONS[operation] else 0


def _params(block: Block) -> int:
    operation, filters = block
    return OPERATIONS[operation] * filters


def _fit(block: Block, wanted: Block) -> float:
    """0 for another operation; less, the further filters are off."""
    if block[0] != wanted[0]:
        return 0.0
    return RIGHT * (1 - 0.6 * abs(block[1] - wanted[1]) / (FILTERS[-1] - FILTERS[0]))
