"""Genes: what is drawn, and how far a mutation goes."""

import random

from evocnn.space.genes import Gene

SIZES = Gene("kernel", (1, 3, 5, 7), (1.0, 0.0, 2.0, 1.0), ordered=True)
KINDS = Gene("operation", ("conv", "pool", "skip"), (3.0, 0.0, 1.0), ordered=False)


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
        assert mutants(Gene("kernel", (3,), (1.0,), ordered), 3) == {3}


def test_an_only_value_of_some_weight_stays():
    assert mutants(Gene("kernel", (3, 5), (1.0, 0.0), ordered=False), 3) == {3}


def test_the_same_stream_gives_the_same_values():
    assert drawn(SIZES) == drawn(SIZES)
