"""Genomes as vectors of numbers."""

import random

from hypothesis import given
from hypothesis import strategies as st

from evocnn.evolution.real_coded import decode, encode, vary
from evocnn.space.genes import Choice, Number
from evocnn.space.space import Section, Space

GENES = (
    Choice("operation", ("conv", "pool", "no_op"), (1.0, 1.0, 1.0), ordered=False),
    Number("filters", 16, 128, whole=True, logarithmic=True),
    Number("share", 0.0, 1.0, whole=False, logarithmic=False),
    Number("same", 5, 5, whole=True, logarithmic=False),
)
SPACE = Space(Section({}, ()), 1, Section({}, GENES), {}, (1, 1))


def test_by_hand():
    assert encode(("pool", 16, 0.25, 5), SPACE)[0] == 0.5
    assert encode(("pool", 16, 0.25, 5), SPACE)[2:] == [0.25, 0.5]
    assert decode([0.0, 0.0, 0.0, 0.0], SPACE) == ("conv", 16, 0.0, 5)
    assert decode([1.0, 1.0, 1.0, 1.0], SPACE) == ("no_op", 128, 1.0, 5)


@given(st.integers(0, 10**6))
def test_a_genome_survives_the_round_trip(seed):
    genome = SPACE.draw(random.Random(seed))
    actual = decode(encode(genome, SPACE), SPACE)
    assert actual[:2] == genome[:2]
    assert abs(actual[2] - genome[2]) < 1e-9


@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.2, 1.0]))
def test_children_keep_types_and_bounds_and_differ(seed, rate):
    rng = random.Random(seed)
    first, second = SPACE.draw(rng), SPACE.draw(rng)
    child = vary(first, second, SPACE, rate, random.Random(seed))
    assert all(gene.holds(value) for gene, value in zip(SPACE.genes, child, strict=True))
    assert vary(first, second, SPACE, rate, random.Random(seed)) == child
