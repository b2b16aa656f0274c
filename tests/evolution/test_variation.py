"""New genomes from old ones."""

import random
from dataclasses import replace

import pytest

from evocnn.evolution.variation import cross, mutate


@pytest.fixture
def parents(default_space):
    rng = random.Random(0)
    return default_space.draw(rng), default_space.draw(rng)


def changed(before, after):
    return [place for place, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]


def children(parents, space, seeds=200):
    return [cross(*parents, space, random.Random(seed)) for seed in range(seeds)]


def test_at_rate_0_one_gene_at_most_changes(default_space, parents):
    numbers = {len(changed(parents[0], mutate(parents[0], default_space, 0, random.Random(n)))) for n in range(100)}
    assert numbers == {1}


def test_at_rate_1_every_gene_changes(default_space, parents):
    mutant = mutate(parents[0], default_space, 1, random.Random(0))
    assert len(changed(parents[0], mutant)) == len(parents[0])


def test_about_rate_genes_change(default_space, parents):
    numbers = [len(changed(parents[0], mutate(parents[0], default_space, 0.25, random.Random(n)))) for n in range(100)]
    assert sum(numbers) / 100 == pytest.approx(0.25 * len(parents[0]), rel=0.1)


def test_mutants_belong_to_the_space_and_ordinal_genes_move_one_step(default_space, parents):
    for seed in range(50):
        mutant = mutate(parents[0], default_space, 0.5, random.Random(seed))
        for gene, old, new in zip(default_space.genes, parents[0], mutant, strict=True):
            assert new in gene.values
            assert not gene.ordered or abs(gene.values.index(new) - gene.values.index(old)) <= 1


def test_every_place_may_change(tiny_space):
    genome = tiny_space.draw(random.Random(1))
    places = {place for n in range(500) for place in changed(genome, mutate(genome, tiny_space, 0, random.Random(n)))}
    assert places == set(range(len(genome)))


def test_a_child_has_whole_blocks_of_its_parents_in_their_places(default_space, parents):
    first, second = (default_space.parts(parent).blocks for parent in parents)
    for child in children(parents, default_space):
        for slot, a, b in zip(default_space.parts(child).blocks, first, second, strict=True):
            assert slot in (a, b)


def test_one_stretch_comes_from_the_second_parent(default_space, parents):
    first = default_space.parts(parents[0]).blocks
    for child in children(parents, default_space):
        foreign = [slot != own for slot, own in zip(default_space.parts(child).blocks, first, strict=True)]
        assert sum(a != b for a, b in zip([False, *foreign], [*foreign, False], strict=True)) == 2


def test_crossing_does_not_touch_the_parents(default_space, parents):
    before = [default_space.parts(parent) for parent in parents]
    children(parents, default_space)
    assert [default_space.parts(parent) for parent in parents] == before


def test_every_block_may_come_from_either_parent(default_space, parents):
    # The first block is always the first parent's: which parent is first is drawn when breeding.
    first, second = (default_space.parts(parent).blocks for parent in parents)
    slots = [default_space.parts(child).blocks for child in children(parents, default_space)]
    assert all(child[0] == first[0] for child in slots)
    for place in range(1, default_space.blocks):
        assert {child[place] == second[place] for child in slots} == {True, False}


def test_one_block_cannot_be_crossed(tiny_space):
    single = replace(tiny_space, blocks=1)
    first, second = single.draw(random.Random(0)), single.draw(random.Random(1))
    assert cross(first, second, single, random.Random(0)) == first


def test_the_same_stream_gives_the_same_child(default_space, parents):
    assert cross(*parents, default_space, random.Random(3)) == cross(*parents, default_space, random.Random(3))
    mutants = [mutate(parents[0], default_space, 0.2, random.Random(3)) for _ in range(2)]
    assert mutants[0] == mutants[1]
