"""Which operations the networks of a search use, and how that changes over the generations."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from evocnn.evolution.individual import Individual
from evocnn.report.run import Run
from evocnn.space.network import Network


def operations_of(individual: Individual, network: Network, run: Run) -> list[str]:
    """The operation of each block that the network uses."""
    blocks = run.space.parts(individual.genome).blocks
    used = sorted({layer.block for layer in network.layers if layer.block is not None})
    return [str({**run.space.block.constants, **blocks[block]}["operation"]) for block in used]


def operation_shares(run: Run, used: Callable[[str], Sequence[str]]) -> pd.DataFrame:
    """Share in percent of each operation among the blocks of the survivors, a row per generation and operation.

    Args:
        run: the run.
        used: gives the operations of a network by its id; see `operations_of`.
    """
    counts = {
        g.offspring.generation: Counter(name for s in g.population.survivors for name in used(s.individual.network_id))
        for g in run.generations
        if g.population
    }
    names = sorted(set().union(*counts.values())) if counts else []
    return pd.DataFrame(
        [
            {"generation": generation, "operation": name, "share": 100 * count[name] / max(count.total(), 1)}
            for generation, count in counts.items()
            for name in names
        ],
        columns=["generation", "operation", "share"],
    )


def operation_trends(shares: pd.DataFrame) -> pd.DataFrame:
    """How the share of each operation changed: first and last share in percent, and a word; the most used first."""
    if shares.empty:
        return pd.DataFrame(columns=["operation", "first", "last", "trend"])
    table = shares.pivot_table(index="operation", columns="generation", values="share")
    first, last = table.iloc[:, 0], table.iloc[:, -1]
    word = np.select(
        [last == 0, first == 0, last > first, last < first], ["died out", "came up", "spread", "shrank"], "stayed"
    )
    result = pd.DataFrame({"first": first, "last": last, "trend": word}).reset_index()
    return result.sort_values(["last", "first"], ascending=False, ignore_index=True)
