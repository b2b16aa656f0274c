"""The deceptive landscape, worked out by hand, and that duplicates, dead genes and the limit occur in it."""

from itertools import chain, islice

import pytest

from evocnn.evolution.randomness import stream
from evocnn_bench.deceptive import PAIRS, SLOTS, SPACE, blocks_of, draw_landscape, express, problem
from evocnn_bench.strategies import DEFAULT, RANDOM, VARIANTS, search

LANDSCAPE = draw_landscape(1)


def genome_of(blocks):
    return tuple(chain.from_iterable((operation, filters or 1) for operation, filters in blocks))


def with_decoys(pairs):
    """What is wanted, but decoys in the first pairs."""
    lured = [(decoy, filters) for decoy, (_, filters) in zip(LANDSCAPE.decoys, LANDSCAPE.wanted, strict=False)]
    return genome_of([*lured[: 2 * pairs], *LANDSCAPE.wanted[2 * pairs :]])


def test_what_is_wanted_is_the_optimum_and_within_the_limit():
    searched, best = problem(LANDSCAPE), genome_of(LANDSCAPE.wanted)
    assert searched.score(best) == 100
    assert searched.limits.allow(express(best).cost)


def test_a_climber_ends_at_the_decoys():
    """Two decoys are worth 1.4 of 2, one of them and one wanted block 0.7: no single step leads away."""
    searched = problem(LANDSCAPE)
    assert searched.score(with_decoys(1)) == pytest.approx(100 * (SLOTS - 0.6) / SLOTS)
    assert searched.score(with_decoys(PAIRS)) == pytest.approx(92.5)
    blocks = list(blocks_of(with_decoys(1)))
    blocks[0] = LANDSCAPE.wanted[0]
    assert searched.score(genome_of(blocks)) == pytest.approx(100 * (SLOTS - 2 + 0.7) / SLOTS)


def test_filters_of_a_pooling_are_dead():
    first, other = ("max_pool", 1, *("conv", 2) * (SLOTS - 1)), ("max_pool", 4, *("conv", 2) * (SLOTS - 1))
    assert express(first) == express(other)
    assert express(first).network_id != express(("average_pool", *first[1:])).network_id


def test_the_limit_binds():
    rng = stream(1, "drawn")
    allowed = [problem(LANDSCAPE).limits.allow(express(SPACE.draw(rng)).cost) for _ in range(300)]
    assert 0 < sum(allowed) < 300


def test_the_default_strategy_is_better_than_random():
    searched = problem(LANDSCAPE)
    best = {
        name: max(map(searched.score, islice(search(VARIANTS[name], searched, 1), 200))) for name in (DEFAULT, RANDOM)
    }
    assert best[DEFAULT] > best[RANDOM] + 5
