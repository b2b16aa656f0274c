"""What `overlap` is for: fewer idle devices at the end of a generation. A clock of its own, no sleeping."""

import heapq
import random

import pytest

SLOTS, OFFSPRING, GENERATIONS = 8, 8, 40


def idle_share(overlap: int, seed: int) -> float:
    """Share of device time without work, where trainings take 0.5 to 2 units and a population waits for all of its own.

    A generation is bred once the population `overlap` generations before the last is selected, as rules/common.smk has
    it, and its trainings start in order as devices come free.
    """
    rng = random.Random(seed)
    seconds = [[rng.uniform(0.5, 2.0) for _ in range(OFFSPRING)] for _ in range(GENERATIONS)]
    free = [0.0] * SLOTS
    selected: list[float] = []
    for generation in range(GENERATIONS):
        awaited = generation - 1 - overlap
        bred = selected[awaited] if awaited >= 0 else 0.0
        ends = []
        for duration in seconds[generation]:
            end = max(heapq.heappop(free), bred) + duration
            heapq.heappush(free, end)
            ends.append(end)
        selected.append(max([*ends, *selected[-1:]]))
    return 1 - sum(map(sum, seconds)) / (SLOTS * max(free))


@pytest.mark.parametrize("seed", range(5))
def test_overlap_halves_idle_time_at_least(seed):
    assert idle_share(0, seed) > 0.2
    assert idle_share(1, seed) < 0.5 * idle_share(0, seed)


def test_by_hand_with_nothing_unequal(monkeypatch):
    monkeypatch.setattr(random.Random, "uniform", lambda self, low, high: 1.0)
    assert idle_share(0, 0) == pytest.approx(0)
