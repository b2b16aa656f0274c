"""Breeding: new, affordable, and from the best."""

import random
from dataclasses import replace

import pytest

from evocnn.evolution import breeding
from evocnn.evolution.breeding import Limits, Requirements, Variation, breed
from evocnn.evolution.population import Population, Survivor
from evocnn.space.cost import Cost, cost
from evocnn.space.decode import decode

TASK = Requirements(input_size=32, outputs=5, task="pose", batch_size=4)
ENOUGH = Limits(10**9, 10**12, 10**6)
VARIATION = Variation(tournament=2, crossover=0.5, mutation=0.1)


def found(space, count=6, seed=1, limits=ENOUGH, **options):
    settings = {"generation": 0, "parents": None, **options}
    return breed(space, TASK, limits, VARIATION, count=count, seed=seed, **settings)


def population_of(offspring, size=3):
    """The first of them, best first, as survivors."""
    survivors = tuple(Survivor(individual, 50.0 - n) for n, individual in enumerate(offspring.individuals[:size]))
    return Population(offspring.generation, survivors, {}, tuple(ids(offspring)))


def descend(space, parents, count=6, variation=VARIATION, **options):
    settings = {"generation": 1, "seed": 1, **options}
    return breed(space, TASK, ENOUGH, variation, count=count, parents=parents, **settings)


def ids(offspring):
    return [individual.network_id for individual in offspring.individuals]


@pytest.fixture
def founders(tiny_space):
    return found(tiny_space)


@pytest.fixture
def parents(founders):
    return population_of(founders)


def test_the_same_seed_breeds_the_same(tiny_space, parents):
    assert found(tiny_space) == found(tiny_space)
    assert descend(tiny_space, parents) == descend(tiny_space, parents)


def test_another_seed_or_generation_breeds_others(tiny_space, parents):
    assert ids(found(tiny_space, seed=1)) != ids(found(tiny_space, seed=2))
    assert ids(descend(tiny_space, parents)) != ids(descend(tiny_space, parents, generation=2))


def test_more_individuals_leave_the_first_as_they_were(tiny_space):
    assert found(tiny_space, count=9).individuals[:4] == found(tiny_space, count=4).individuals


def test_founders_come_from_nowhere(founders):
    assert {individual.operator for individual in founders.individuals} == {"found"}
    assert {individual.parents for individual in founders.individuals} == {()}
    assert [individual.number for individual in founders.individuals] == list(range(6))
    assert {individual.generation for individual in founders.individuals} == {0}


def test_individuals_are_what_their_genomes_decode_to(tiny_space, founders):
    for individual in founders.individuals:
        network = decode(individual.genome, tiny_space, input_size=32, outputs=5)
        assert individual.network_id == network.network_id
        assert individual.cost == cost(network, 4)


def test_all_networks_differ(tiny_space):
    names = ids(found(tiny_space, count=100))
    assert len(set(names)) == 100


def test_networks_tried_or_in_flight_are_not_bred_again(tiny_space, parents):
    first = descend(tiny_space, parents, count=20)
    second = descend(tiny_space, parents, count=20, in_flight=[first])
    third = descend(tiny_space, replace(parents, tried=(*parents.tried, *ids(first))), count=20)
    assert not set(ids(first)) & set(parents.tried)
    for later in (second, third):
        assert not set(ids(later)) & {*parents.tried, *ids(first)}
    assert second.redrawn["duplicate"] >= 20  # each was proposed again, and refused


def test_founders_avoid_what_is_in_flight(tiny_space, founders):
    again = found(tiny_space, in_flight=[founders])
    assert not set(ids(again)) & set(ids(founders))


@pytest.mark.parametrize("limits", [Limits(800, 10**12, 10**6), Limits(10**9, 200_000, 10**6)])
def test_limits_are_kept_and_what_breaks_them_is_counted(tiny_space, limits):
    bred = found(tiny_space, count=10, limits=limits)
    assert all(limits.allow(individual.cost) for individual in bred.individuals)
    assert bred.redrawn["limits"] > 0


def test_limits_are_inclusive():
    limits = Limits(params=10, macs=20, memory_mb=30)
    assert limits.allow(Cost(10, 20, 30))
    assert not any(limits.allow(Cost(*found)) for found in ((11, 20, 30), (10, 21, 30), (10, 20, 31)))


def test_children_descend_from_survivors(tiny_space, founders, parents):
    survivors = set(ids(founders)[:3])
    bred = descend(tiny_space, parents, count=40)
    operators = [individual.operator for individual in bred.individuals]
    assert set(operators) == {"mutation", "crossover"}
    for individual in bred.individuals:
        assert len(individual.parents) == {"mutation": 1, "crossover": 2}[individual.operator]
        assert set(individual.parents) <= survivors
    assert {parent for individual in bred.individuals for parent in individual.parents} == survivors


def test_a_child_by_mutation_differs_from_its_parent_by_the_chosen_genes(tiny_space, founders, parents):
    genomes = {individual.network_id: individual.genome for individual in founders.individuals}
    one_gene = Variation(tournament=1, crossover=0, mutation=0)
    for individual in descend(tiny_space, parents, variation=one_gene).individuals:
        parent = genomes[individual.parents[0]]
        assert sum(a != b for a, b in zip(individual.genome, parent, strict=True)) == 1


def test_large_tournaments_prefer_the_best(tiny_space, founders, parents):
    best, *_ = ids(founders)
    bred = descend(tiny_space, parents, variation=Variation(tournament=20, crossover=0, mutation=0.3))
    assert {individual.parents for individual in bred.individuals} == {(best,)}


def test_the_global_generator_is_untouched(tiny_space, parents):
    random.seed(4)
    before = random.getstate()
    bred = descend(tiny_space, parents)
    assert random.getstate() == before
    random.seed(5)
    assert descend(tiny_space, parents) == bred


def test_an_exhausted_space_ends_breeding_with_counts(tiny_space, monkeypatch):
    monkeypatch.setattr(breeding, "MAX_DRAWS", 50)
    with pytest.raises(
        RuntimeError, match=r"generation 0, individual 0: no new network in 50 draws .*50 beyond the lim"
    ):
        found(tiny_space, limits=Limits(1, 1, 1))


def test_duplicates_are_counted_when_everything_is_tried(tiny_space, monkeypatch):
    monkeypatch.setattr(breeding, "MAX_DRAWS", 50)
    smallest = Limits(params=320, macs=10**9, memory_mb=10**6)  # the stem and the head alone have 293
    with pytest.raises(RuntimeError, match=r"no new network in 50 draws .* [1-9]\d* tried before\); raise limits"):
        found(tiny_space, count=10_000, limits=smallest)
