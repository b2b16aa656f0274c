"""The controller of `reinforce`: a policy that draws genomes gene by gene, improved by policy gradients.

After Zoph & Le, ICLR 2017; here every gene has a distribution of its own, instead of one given by a recurrent network.
The update is that of Williams, Machine Learning 8, 1992.
"""

import math
import random
from collections.abc import Sequence
from typing import Any

from evocnn.evolution.real_coded import decode, encode
from evocnn.space.genes import Choice, Gene, Genome
from evocnn.space.space import Space

BINS = 8
"""Values that a number is drawn from."""

State = dict[str, Any]
"""`logits`, one list per gene, and `baseline` and `spread` of the objective."""


def start(space: Space) -> State:
    """Before anything is known: the space's own weights."""
    return {"logits": [_initial(gene) for gene in space.genes], "baseline": None, "spread": None}


def draw(state: State, space: Space, rng: random.Random) -> Genome:
    """Draw a genome by the policy."""
    vector = []
    for logits in state["logits"]:
        weights = _softmax(logits)
        chosen = rng.choices(range(len(weights)), weights)[0]
        vector.append((chosen + 0.5) / len(weights))
    return decode(vector, space)


def improve(state: State, genomes: Sequence[Genome], objectives: Sequence[float], space: Space, rate: float) -> State:
    """Make the values of genomes that were better than the baseline more probable, those of worse ones less.

    The baseline is a moving average, and gains are measured in its moving mean deviation.
    """
    if not genomes:
        return state
    mean = sum(objectives) / len(objectives)
    baseline = mean if state["baseline"] is None else state["baseline"]
    deviation = sum(abs(value - baseline) for value in objectives) / len(objectives)
    spread = max(deviation if state["spread"] is None else state["spread"], 1e-9)
    logits = [list(row) for row in state["logits"]]
    for genome, value in zip(genomes, objectives, strict=True):
        gain = min(max((value - baseline) / spread, -3.0), 3.0)
        for row, place in zip(logits, encode(genome, space), strict=True):
            chosen = min(int(place * len(row)), len(row) - 1)
            weights = _softmax(row)
            for at, weight in enumerate(weights):
                row[at] += rate * gain * ((at == chosen) - weight)
    rounded = [[round(logit, 9) for logit in row] for row in logits]
    return {"logits": rounded, "baseline": 0.8 * baseline + 0.2 * mean, "spread": 0.8 * spread + 0.2 * deviation}


def _initial(gene: Gene) -> list[float]:
    weights = gene.weights if isinstance(gene, Choice) else (1.0,) * BINS
    return [round(math.log(max(weight, 1e-6) / sum(weights)), 9) for weight in weights]


def _softmax(logits: Sequence[float]) -> list[float]:
    highest = max(logits)
    weights = [math.exp(logit - highest) for logit in logits]
    return [weight / sum(weights) for weight in weights]
