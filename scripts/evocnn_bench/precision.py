"""What 16 bits and XLA do to the speed and the memory of trainings."""

import random
from pathlib import Path

import numpy as np

from evocnn.space.decode import decode
from evocnn.space.network import Network
from evocnn.space.space_file import read_space
from evocnn_bench.document import table
from evocnn_bench.training_memory import empty_training, measure

SPACE = Path(__file__).resolve().parents[2] / "config/spaces/weighted.yaml"
SIZE, BATCH, JOINTS, SEED = 128, 16, 16, 1
STEPS, ROUNDS = 6, 3
WAYS: dict[str, tuple[str, bool]] = {
    "float32": ("float32", False),
    "mixed_float16": ("mixed_float16", False),
    "mixed_bfloat16": ("mixed_bfloat16", False),
    "float32, xla": ("float32", True),
}
"""Precision, and whether XLA compiles the steps."""


def bench_precision(steps: int = STEPS, rounds: int = ROUNDS) -> str:
    """Train in every way in turn, as Markdown; ratios are medians over rounds."""
    network, base = draw_network(), empty_training()
    turns = [[_measure(network, base, steps, *way) for way in WAYS.values()] for _ in range(rounds)]
    rows = [["", "seconds per step over float32's", "seconds to the first step over float32's", "peak memory, MB"]]
    for at, name in enumerate(WAYS):
        ratios = [np.divide(turn[at], turn[0]) for turn in turns]
        step, start, _ = np.median(ratios, axis=0)
        rows.append([name, f"{step:.2f}", f"{start:.2f}", f"{np.median([turn[at][2] for turn in turns]):,.0f}"])
    return table(rows)


def draw_network() -> Network:
    """One of the space weighted."""
    space = read_space(SPACE)
    return decode(space.draw(random.Random(SEED)), space, input_size=SIZE, outputs=JOINTS)


def _measure(network: Network, base: float, steps: int, precision: str, xla: bool) -> tuple[float, float, float]:
    """Seconds of a step, seconds to the end of the first, and memory in MB."""
    result = measure(network, BATCH, base, precision=precision, xla=xla, steps=steps, limit=float("inf"))
    return result.step or 0.0, result.start or 0.0, result.memory or 0.0
