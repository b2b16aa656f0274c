"""Genes: what is drawn, and how far a mutation goes."""

import math
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evocnn.space.genes import Choice, Number

SIZES = Choice("kernel", (1, 3, 5, 7), (1.0, 0.0, 2.0, 1.0), ordered=True)
KINDS = Choice("operation", ("conv", "pool", "skip"), (3.0, 0.0, 1.0), ordered=False)


def drawn(gene, times=4000):
    rng = random.Random(0)
    return [gene.draw(rng) for _ in range(times)]


def mutants(gene, value, times=500):
    rng = random.Random(0)
    return {gene.mutate(value, rng) for _ in range(times)}


def test_both_ends_are_drawn():
    assert {1, 7} <= set(drawn(SIZES))


def test_a_weight_of_0_is_never_drawn():
    assert set(drawn(SIZES)) == {1, 5, 7}
    assert set(drawn(KINDS)) == {"conv", "skip"}


def test_weights_are_relative_frequencies():
    values = drawn(KINDS)
    assert abs(values.count("conv") / len(values) - 0.75) < 0.03


def test_an_ordinal_gene_moves_by_one_step():
    assert mutants(SIZES, 3) == {1, 5}
    assert mutants(SIZES, 5) == {3, 7}


def test_at_its_ends_an_ordinal_gene_moves_inwards():
    assert mutants(SIZES, 1) == {3}
    assert mutants(SIZES, 7) == {5}


def test_a_categorical_gene_becomes_any_other_of_some_weight():
    assert mutants(KINDS, "conv") == {"skip"}
    assert mutants(KINDS, "pool") == {"conv", "skip"}


def test_an_only_value_stays():
    for ordered in (True, False):
        assert mutants(Choice("kernel", (3,), (1.0,), ordered), 3) == {3}


def test_an_only_value_of_some_weight_stays():
    assert mutants(Choice("kernel", (3, 5), (1.0, 0.0), ordered=False), 3) == {3}


def test_the_same_stream_gives_the_same_values():
    assert drawn(SIZES) == drawn(SIZES)


COUNT = Number("repeats", 1, 6, whole=True, logarithmic=False)
WIDTH = Number("filters", 4, 64, whole=True, logarithmic=True)
SHARE = Number("squeeze_excite", 0, 1, whole=False, logarithmic=False)
RATE = Number("rate", 0.001, 10, whole=False, logarithmic=True)


def test_whole_numbers_are_drawn_alike_both_ends_included():
    values = drawn(COUNT, 12_000)
    assert {type(value) for value in values} == {int}
    for value in range(1, 7):
        assert values.count(value) / len(values) == pytest.approx(1 / 6, abs=0.015)
    assert set(values) == set(range(1, 7))


def test_whole_numbers_on_a_logarithmic_scale_draw_equal_ratios_alike():
    values = drawn(WIDTH, 20_000)
    assert set(values) == set(range(4, 65))
    octaves = [sum(low <= value < 2 * low for value in values) for low in (4, 8, 16, 32)]
    # Each value stands for what rounds to it: from 3.5, 7.5, 15.5 and so on.
    whole = math.log(64.5 / 3.5)
    expected = [math.log((2 * low - 0.5) / (low - 0.5)) / whole for low in (4, 8, 16, 32)]
    assert [count / len(values) for count in octaves] == pytest.approx(expected, abs=0.012)


def test_a_logarithmic_scale_may_begin_at_1():
    values = drawn(Number("kernel", 1, 3, whole=True, logarithmic=True), 20_000)
    assert {value: values.count(value) / 20_000 for value in (1, 2, 3)} == pytest.approx(
        {value: math.log((value + 0.5) / (value - 0.5)) / math.log(7) for value in (1, 2, 3)}, abs=0.012
    )


def test_real_numbers_are_drawn_alike():
    values = drawn(SHARE)
    assert min(values) < 0.005
    assert max(values) > 0.995
    assert sum(value < 0.25 for value in values) / len(values) == pytest.approx(0.25, abs=0.03)


def test_real_numbers_on_a_logarithmic_scale_draw_equal_ratios_alike():
    values = drawn(RATE)
    decades = [sum(low <= value < 10 * low for value in values) / len(values) for low in (0.001, 0.01, 0.1, 1)]
    assert decades == pytest.approx([0.25] * 4, abs=0.03)
    assert min(values) < 0.0011
    assert max(values) > 9


@settings(max_examples=300, deadline=None)
@given(
    ends=st.tuples(st.integers(1, 500), st.integers(1, 500)),
    whole=st.booleans(),
    logarithmic=st.booleans(),
    seed=st.integers(0, 10**9),
)
def test_a_mutation_of_a_number_changes_it_within_its_bounds(ends, whole, logarithmic, seed):
    low, high = sorted(ends)
    assume(low < high)
    gene, rng = Number("any", low, high, whole, logarithmic), random.Random(seed)
    for value in (gene.draw(rng), low, high):
        mutant = gene.mutate(value, rng)
        assert gene.holds(value)
        assert gene.holds(mutant)
        assert mutant != value


@pytest.mark.parametrize("gene", [COUNT, WIDTH])
def test_mutations_reach_both_ends(gene):
    rng, value, met = random.Random(0), gene.draw(random.Random(1)), set()
    for _ in range(4000):
        value = gene.mutate(value, rng)
        met.add(value)
    assert {gene.low, gene.high} <= met


@pytest.mark.parametrize(("whole", "logarithmic"), [(True, False), (True, True), (False, False), (False, True)])
def test_a_number_with_equal_bounds_stays(whole, logarithmic):
    gene = Number("filters", 7, 7, whole, logarithmic)
    assert set(drawn(gene, 50)) == mutants(gene, 7) == {7}


def test_most_mutations_of_a_number_are_small():
    steps = [abs(gene_step) for gene_step in (SHARE.mutate(0.5, random.Random(n)) - 0.5 for n in range(1000))]
    assert sum(step < 0.15 for step in steps) / 1000 == pytest.approx(0.68, abs=0.05)


def test_how_many_values_there_are():
    assert [gene.count for gene in (SIZES, COUNT, WIDTH, SHARE)] == [4, 6, 61, math.inf]


@pytest.mark.parametrize(
    ("gene", "inside", "outside"),
    [
        (COUNT, [1, 6], [0, 7, 2.0, True, "2"]),
        (SHARE, [0, 1, 0.5], [-0.1, 1.1, True, "0.5", math.nan]),
        (KINDS, ["conv", "pool"], ["convolve", 3]),
    ],
)
def test_what_a_gene_holds(gene, inside, outside):
    assert all(gene.holds(value) for value in inside)
    assert not any(gene.holds(value) for value in outside)
