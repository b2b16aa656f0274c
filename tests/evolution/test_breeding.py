"""Breeding: new, affordable, and from the best."""

import random
import time
from dataclasses import replace

import pytest

from evocnn.evolution import breeding
from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Requirements, expression
from evocnn.evolution.population import Population, Survivor
from evocnn.evolution.settings import EvolutionSettings, Limits, OperatorWeights
from evocnn.evolution.strategies import STRATEGIES
from evocnn.space.cost import Cost, cost
from evocnn.space.decode import decode
from evocnn.space.space import Section

TASK = Requirements(input_size=32, outputs=5, task="pose", batch_size=4)
ENOUGH = Limits(params=10**9, macs=10**12, memory_mb=10**6)
UNUSED = dict.fromkeys(("insert", "delete", "duplicate", "swap", "one_point"), 0)
MUTATION = OperatorWeights(mutation=1, uniform=0, **UNUSED)
SETTINGS = EvolutionSettings(
    strategy="genetic",
    population=3,
    tournament=2,
    operators=OperatorWeights(mutation=1, uniform=1, **UNUSED),
    mutation=(0.1, 0.1),
)


def actual(space, count=6, seed=1, limits=ENOUGH, settings=SETTINGS, **options):
    place = {"generation": 0, "parents": None, **options}
    return breed(space, expression(space, TASK), limits, settings, count=count, seed=seed, **place)


def population_of(offspring, size=3):
    """The first of them, best first, as survivors."""
    survivors = tuple(
        Survivor(individual, 50.0 - n, (50.0 - n,)) for n, individual in enumerate(offspring.individuals[:size])
    )
    state = {"since": offspring.generation, "operators": {}}
    return Population(offspring.generation, survivors[0], survivors, {}, state, tuple(ids(offspring)))


def descend(space, parents, count=6, settings=SETTINGS, **options):
    place = {"generation": 1, "seed": 1, **options}
    return breed(space, expression(space, TASK), ENOUGH, settings, count=count, parents=parents, **place)


def ids(offspring):
    return [individual.network_id for individual in offspring.individuals]


@pytest.fixture
def founders(tiny_space):
    return actual(tiny_space)


@pytest.fixture
def parents(founders):
    return population_of(founders)


def test_the_same_seed_breeds_the_same(tiny_space, parents):
    assert actual(tiny_space) == actual(tiny_space)
    assert descend(tiny_space, parents) == descend(tiny_space, parents)


def test_another_seed_or_generation_breeds_others(tiny_space, parents):
    assert ids(actual(tiny_space, seed=1)) != ids(actual(tiny_space, seed=2))
    assert ids(descend(tiny_space, parents)) != ids(descend(tiny_space, parents, generation=2))


def test_more_individuals_leave_the_first_as_they_were(tiny_space):
    assert actual(tiny_space, count=9).individuals[:4] == actual(tiny_space, count=4).individuals


def test_founders_come_from_nowhere(founders):
    assert {individual.operator for individual in founders.individuals} == {"random"}
    assert {individual.parents for individual in founders.individuals} == {()}
    assert [individual.number for individual in founders.individuals] == list(range(6))
    assert {individual.generation for individual in founders.individuals} == {0}


def test_individuals_are_what_their_genomes_decode_to(tiny_space, founders):
    for individual in founders.individuals:
        network = decode(individual.genome, tiny_space, input_size=32, outputs=5)
        assert individual.network_id == network.network_id
        assert individual.cost == cost(network, 4)


def test_all_networks_differ(tiny_space):
    names = ids(actual(tiny_space, count=100))
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
    again = actual(tiny_space, in_flight=[founders])
    assert not set(ids(again)) & set(ids(founders))


@pytest.mark.parametrize(
    "limits", [Limits(params=800, macs=10**12, memory_mb=10**6), Limits(params=10**9, macs=100_000, memory_mb=10**6)]
)
def test_limits_are_kept_and_what_breaks_them_is_counted(tiny_space, limits):
    bred = actual(tiny_space, count=10, limits=limits)
    assert all(limits.allow(individual.cost) for individual in bred.individuals)
    assert bred.redrawn["limits"] > 0


def test_limits_are_inclusive():
    limits = Limits(params=10, macs=20, memory_mb=30, gpu_memory_mb=40)
    assert limits.allow(Cost(10, 20, 30, 40))
    above = ((11, 20, 30, 40), (10, 21, 30, 40), (10, 20, 31, 40), (10, 20, 30, 41))
    assert not any(limits.allow(Cost(*actual)) for actual in above)


def test_no_limit_is_set_on_the_memory_of_a_gpu_unless_one_is_given():
    assert Limits(params=10, macs=20, memory_mb=30).allow(Cost(10, 20, 30, 10**6))


def test_children_descend_from_survivors(tiny_space, founders, parents):
    survivors = set(ids(founders)[:3])
    bred = descend(tiny_space, parents, count=40)
    operators = [individual.operator for individual in bred.individuals]
    assert set(operators) == {"mutation", "uniform"}
    for individual in bred.individuals:
        assert len(individual.parents) == {"mutation": 1, "uniform": 2}[individual.operator]
        assert set(individual.parents) <= survivors
    assert {parent for individual in bred.individuals for parent in individual.parents} == survivors


def test_a_child_by_mutation_differs_from_its_parent_by_the_chosen_genes(tiny_space, founders, parents):
    genomes = {individual.network_id: individual.genome for individual in founders.individuals}
    one_gene = SETTINGS.model_copy(update={"tournament": 1, "operators": MUTATION, "mutation": (0, 0)})
    for individual in descend(tiny_space, parents, settings=one_gene).individuals:
        parent = genomes[individual.parents[0]]
        assert sum(a != b for a, b in zip(individual.genome, parent, strict=True)) == 1


def test_large_tournaments_prefer_the_best(tiny_space, founders, parents):
    best, *_ = ids(founders)
    bred = descend(tiny_space, parents, settings=SETTINGS.model_copy(update={"tournament": 20, "operators": MUTATION}))
    assert {individual.parents for individual in bred.individuals} == {(best,)}


def test_the_global_generator_is_untouched(tiny_space, parents):
    random.seed(4)
    before = random.getstate()
    bred = descend(tiny_space, parents)
    assert random.getstate() == before
    random.seed(5)
    assert descend(tiny_space, parents) == bred


def test_limits_that_no_founder_keeps_are_named(tiny_space, monkeypatch):
    monkeypatch.setattr(breeding, "MAX_DRAWS", 50)
    with pytest.raises(
        RuntimeError,
        match=r"50 draws \(50 beyond the limits, 0 tried before\): 50 had more than limits\.\w+ = 1, \d+ at least",
    ):
        actual(tiny_space, limits=Limits(params=1, macs=1, memory_mb=1))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_exhausted_space_gives_fewer_individuals_and_says_so(tiny_space, caplog, strategy):
    """One block that may be one of 11 operations; an identity and a no-op are one network."""
    constants = {gene.name: gene.draw(random.Random(0)) for gene in tiny_space.block.genes}
    operation = next(gene for gene in tiny_space.block.genes if gene.name == "operation")
    constants.pop("operation")
    small = replace(tiny_space, blocks=1, block=Section({**constants, "skip": 0}, (operation,)))
    settings = SETTINGS.model_copy(update={"strategy": strategy})
    first = actual(small, count=4, settings=settings)
    rest = actual(small, count=20, settings=settings, parents=population_of(first), generation=1)
    assert len({*ids(first), *ids(rest)}) == len(first.individuals) + len(rest.individuals) <= 10
    assert f"the space is exhausted: {len(rest.individuals)} of 20 individuals" in caplog.text
    parents = replace(population_of(rest), tried=(*ids(first), *ids(rest)))
    assert actual(small, count=2, settings=settings, parents=parents, generation=2).individuals == ()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_breeds_new_networks_from_the_seed_alone(tiny_space, founders, parents, strategy):
    settings = SETTINGS.model_copy(update={"strategy": strategy})
    bred = descend(tiny_space, parents, settings=settings)
    assert len(set(ids(bred))) == 6
    assert not set(ids(bred)) & set(parents.tried)
    assert [individual.number for individual in bred.individuals] == list(range(6))
    assert descend(tiny_space, parents, settings=settings) == bred


def test_children_by_real_coded_variation_have_two_parents(tiny_space, parents):
    bred = descend(tiny_space, parents, settings=SETTINGS.model_copy(update={"variation": "real_coded"}))
    assert {individual.operator for individual in bred.individuals} == {"real_coded"}


def test_immigrants_have_no_parents(tiny_space, parents):
    bred = descend(tiny_space, parents, count=40, settings=SETTINGS.model_copy(update={"immigrants": 0.5}))
    share = sum(individual.operator == "random" for individual in bred.individuals) / 40
    assert 0.2 < share < 0.8


@pytest.mark.parametrize(("generation", "anew"), [(4, False), (5, True)])
def test_after_stagnation_all_are_drawn_at_random(tiny_space, parents, generation, anew):
    stagnant = replace(parents, generation=generation - 1, state={"since": 1, "operators": {}})
    bred = descend(tiny_space, stagnant, settings=SETTINGS.model_copy(update={"restart": 3}), generation=generation)
    assert ({individual.operator for individual in bred.individuals} == {"random"}) == anew


def test_the_predictor_prefers_what_is_like_the_best(tiny_space, founders):
    """Half of what it learned from has no-ops and scores badly; it proposes fewer of them than there are candidates."""
    genomes = drawn(tiny_space, 60)
    known = remembered(tiny_space, genomes, [-sum(value == "no_op" for value in genome) for genome in genomes])
    state = {"since": 0, "operators": {}, "known": known}
    parents = replace(population_of(founders), state=state)
    settings = SETTINGS.model_copy(update={"strategy": "predictor", "immigrants": 1.0, "candidates": 60})
    chosen = descend(tiny_space, parents, settings=settings, count=10)
    individuals = descend(tiny_space, parents, settings=settings.model_copy(update={"strategy": "genetic"}), count=60)
    assert no_ops(chosen) / 10 < 0.5 * no_ops(individuals) / 60


def remembered(space, genomes, scores):
    """What a predictor's population remembers."""
    express = expression(space, TASK)
    pairs = zip(genomes, scores, strict=True)
    return [[[float(score)], list(genome), express(genome).features] for genome, score in pairs]


def drawn(space, number):
    return [space.draw(random.Random(seed)) for seed in range(number)]


def no_ops(offspring):
    return sum(value == "no_op" for individual in offspring.individuals for value in individual.genome)


def test_twenty_offspring_with_ten_thousand_known_ids_in_a_second(default_space, founders):
    genomes = drawn(default_space, 300)
    first = actual(default_space, count=10)
    known = remembered(default_space, genomes, range(300))
    state = {"since": 0, "operators": {}, "known": known}
    parents = replace(population_of(first), tried=tuple(f"{n:012x}" for n in range(10_000)), state=state)
    settings = SETTINGS.model_copy(update={"strategy": "predictor", "candidates": 60})
    seconds = []
    while min(seconds, default=1.0) >= 1.0 and len(seconds) < 5:  # on a busy machine, the fastest one counts
        started = time.process_time()
        bred = descend(default_space, parents, count=20, settings=settings)
        seconds.append(time.process_time() - started)
        assert len(bred.individuals) == 20
    assert min(seconds) < 1.0


def test_given_genomes_come_first_and_the_others_are_drawn(tiny_space, founders):
    """The second exceeds the limits, the third is the first again."""
    first, second = founders.individuals[1], founders.individuals[2]
    limits = ENOUGH.model_copy(update={"params": second.cost.params - 1})
    assert limits.allow(first.cost)
    given = (first.genome, second.genome, first.genome, founders.individuals[0].genome)
    bred = actual(tiny_space, count=4, seed=9, limits=limits, given=given)
    assert [individual.operator for individual in bred.individuals][:1] == ["given"]
    assert bred.individuals[0].genome == first.genome
    assert second.network_id not in ids(bred)
    assert bred.redrawn["limits"] >= 1
    assert bred.redrawn["duplicate"] >= 1
    assert len({*ids(bred)}) == 4
    assert [i.parents for i in bred.individuals] == [()] * 4


def test_given_genomes_are_for_founders_alone(tiny_space, founders):
    later = descend(tiny_space, population_of(founders), given=(tiny_space.draw(random.Random(3)),))
    assert "given" not in {individual.operator for individual in later.individuals}


def test_networks_are_bred_within_the_memory_that_their_own_way_of_training_takes(tiny_space):
    """XLA keeps more maps on a GPU."""
    network = tiny_space.draw(random.Random(1))
    plain, compiled = (
        expression(tiny_space, replace(TASK, batch_size=256, xla=xla))(network).cost for xla in (False, True)
    )
    assert compiled.gpu_memory_mb > plain.gpu_memory_mb
    assert compiled.memory_mb == plain.memory_mb
