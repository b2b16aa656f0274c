"""New genomes from old ones."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from evocnn.evolution.variation import (
    ONE_PARENT,
    TWO_PARENTS,
    cross_one_point,
    delete,
    duplicate,
    insert,
    mutate,
    swap,
)


@pytest.fixture
def parents(default_space):
    rng = random.Random(0)
    return default_space.draw(rng), default_space.draw(rng)


def changed(before, after):
    return [place for place, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]


def children(parents, space, cross, seeds=200):
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


@pytest.mark.parametrize("cross", TWO_PARENTS.values())
def test_a_child_has_whole_blocks_of_its_parents_in_their_places(default_space, parents, cross):
    first, second = (default_space.parts(parent).blocks for parent in parents)
    for child in children(parents, default_space, cross):
        for slot, a, b in zip(default_space.parts(child).blocks, first, second, strict=True):
            assert slot in (a, b)


def test_one_point_is_one_cut(default_space, parents):
    first = default_space.parts(parents[0]).blocks
    for child in children(parents, default_space, cross_one_point):
        own = [slot == mine for slot, mine in zip(default_space.parts(child).blocks, first, strict=True)]
        assert sum(a != b for a, b in pairwise(own)) == 1


@pytest.mark.parametrize("cross", TWO_PARENTS.values())
def test_every_block_may_come_from_either_parent(default_space, parents, cross):
    second = default_space.parts(parents[1]).blocks
    slots = [default_space.parts(child).blocks for child in children(parents, default_space, cross)]
    for place in range(default_space.blocks):
        assert {child[place] == second[place] for child in slots} == {True, False}


@pytest.mark.parametrize("cross", TWO_PARENTS.values())
def test_crossing_does_not_touch_the_parents(default_space, parents, cross):
    before = [default_space.parts(parent) for parent in parents]
    children(parents, default_space, cross)
    assert [default_space.parts(parent) for parent in parents] == before


def test_one_block_cannot_be_crossed_at_a_point(tiny_space):
    single = replace(tiny_space, blocks=1)
    first, second = single.draw(random.Random(0)), single.draw(random.Random(1))
    assert cross_one_point(first, second, single, random.Random(0)) == first


@pytest.fixture
def four(tiny_space):
    """A space of four blocks and a genome of four different ones, the third a no-op."""
    space = replace(tiny_space, blocks=4)
    parts = space.parts(space.draw(random.Random(5)))
    names = ("conv", "mbconv", "no_op", "identity")
    blocks = [{**block, "operation": name} for block, name in zip(parts.blocks, names, strict=True)]
    return space, space.genome(replace(parts, blocks=blocks))


def operations(space, genome):
    return [block["operation"] for block in space.parts(genome).blocks]


def test_duplicating_fills_the_no_op(four):
    space, genome = four
    actual = {tuple(operations(space, duplicate(genome, space, random.Random(seed)))) for seed in range(50)}
    assert ("conv", "conv", "mbconv", "identity") in actual
    assert ("conv", "mbconv", "mbconv", "identity") in actual


def test_deleting_moves_up_and_ends_with_a_no_op(four):
    space, genome = four
    actual = {tuple(operations(space, delete(genome, space, random.Random(seed)))) for seed in range(50)}
    assert actual == {
        ("mbconv", "no_op", "identity", "no_op"),
        ("conv", "no_op", "identity", "no_op"),
        ("conv", "mbconv", "identity", "no_op"),
        ("conv", "mbconv", "no_op", "no_op"),
    }


def test_swapping_exchanges_two(four):
    space, genome = four
    for seed in range(20):
        actual = operations(space, swap(genome, space, random.Random(seed)))
        assert sorted(actual) == sorted(operations(space, genome))
        assert sum(a != b for a, b in zip(actual, operations(space, genome), strict=True)) == 2


@pytest.fixture
def busy(four):
    """A genome of the same space without a no-op, and its operations."""
    space, genome = four
    parts = space.parts(genome)
    blocks = [{**block, "operation": name} for block, name in zip(parts.blocks, ("conv", "mbconv") * 2, strict=True)]
    blocks[2]["operation"], blocks[3]["operation"] = "identity", "upsample"
    return space, space.genome(replace(parts, blocks=blocks))


def test_where_no_block_is_idle_the_last_one_makes_room_for_a_repeated_one(busy):
    space, genome = busy
    outcomes = {tuple(operations(space, duplicate(genome, space, random.Random(seed)))) for seed in range(50)}
    assert outcomes == {
        ("conv", "conv", "mbconv", "identity"),
        ("conv", "mbconv", "mbconv", "identity"),
        ("conv", "mbconv", "identity", "identity"),
        ("conv", "mbconv", "identity", "upsample"),  # the last one repeated, in its own place
    }


def test_the_first_of_two_idle_blocks_makes_room(four):
    space, genome = four
    parts = space.parts(genome)
    blocks = [{**block, "operation": name} for block, name in zip(parts.blocks, ("conv", *["no_op"] * 3), strict=True)]
    blocks = [{**block, "filters": filters} for block, filters in zip(blocks, (4, 4, 8, 12), strict=True)]
    idle = space.genome(replace(parts, blocks=blocks))
    bred = [space.parts(duplicate(idle, space, random.Random(seed))).blocks for seed in range(50)]
    repeated = [child for child in bred if child[1]["operation"] == "conv"]
    assert repeated
    assert all(child == [blocks[0], blocks[0], *blocks[2:]] for child in repeated)


def test_a_block_is_inserted_before_or_after_any(four):
    space, genome = four
    before, places = space.parts(genome).blocks, set()
    for seed in range(100):
        blocks = space.parts(insert(genome, space, random.Random(seed))).blocks
        places |= {place for place, block in enumerate(blocks) if block not in before}
    assert places == {0, 1, 2, 3}


def test_a_uniform_child_has_half_of_its_blocks_from_either_parent(default_space, parents):
    first = default_space.parts(parents[0]).blocks
    own = [
        [block == mine for block, mine in zip(default_space.parts(child).blocks, first, strict=True)]
        for child in children(parents, default_space, TWO_PARENTS["uniform"])
    ]
    assert sum(map(sum, own)) / sum(map(len, own)) == pytest.approx(0.5, abs=0.05)
    assert sum(a != b for row in own for a, b in pairwise(row)) / sum(len(row) - 1 for row in own) == pytest.approx(
        0.5, abs=0.05
    )


def test_inserting_keeps_the_others_in_order(four):
    space, genome = four
    rest = ["conv", "mbconv", "identity"]
    for seed in range(50):
        actual = space.parts(insert(genome, space, random.Random(seed))).blocks
        kept = [block for block in actual if block in space.parts(genome).blocks]
        assert [block["operation"] for block in kept if block["operation"] != "no_op"] == rest


@pytest.mark.parametrize("operator", ONE_PARENT.values())
def test_children_belong_to_the_space_and_come_from_the_stream(tiny_space, operator):
    genome = tiny_space.draw(random.Random(1))
    for seed in range(50):
        child = operator(genome, tiny_space, random.Random(seed))
        assert tiny_space.genome(tiny_space.parts(child)) == child
        assert operator(genome, tiny_space, random.Random(seed)) == child


def test_the_same_stream_gives_the_same_child(default_space, parents):
    for cross in TWO_PARENTS.values():
        assert cross(*parents, default_space, random.Random(3)) == cross(*parents, default_space, random.Random(3))
    mutants = [mutate(parents[0], default_space, 0.2, random.Random(3)) for _ in range(2)]
    assert mutants[0] == mutants[1]
