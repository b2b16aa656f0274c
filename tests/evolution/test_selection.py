"""Selection: the best survive, whatever the order of the files."""

import random
from dataclasses import replace

import pytest

from evocnn.evolution.fitness import Fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring
from evocnn.evolution.selection import select
from evocnn.space.cost import Cost


def individual(name, params=100, generation=0):
    return Individual((), name, Cost(params, 1, 1), generation, 0, "found", ())


def fitness(name, score, status="ok"):
    return Fitness(status, {"score": score}, {}, {}, {}, {"network_id": name})


def generation(number, redrawn=None, **scores):
    """Offspring and fitness by name: a score, or a pair of score and parameters."""
    pairs = {name: value if isinstance(value, tuple) else (value, 100) for name, value in scores.items()}
    individuals = tuple(individual(name, params, number) for name, (_, params) in pairs.items())
    return Offspring(number, individuals, redrawn or {}), [fitness(name, score) for name, (score, _) in pairs.items()]


def names(population):
    return [survivor.individual.network_id for survivor in population.survivors]


def test_the_best_survive_best_first():
    population = select(*generation(0, a=10.0, b=30.0, c=20.0), None, 2)
    assert names(population) == ["b", "c"]
    assert [survivor.score for survivor in population.survivors] == [30.0, 20.0]


def test_the_best_is_never_lost():
    population = select(*generation(0, a=50.0, b=1.0), None, 1)
    rng = random.Random(0)
    for number in range(1, 20):
        scores = {f"g{number}n{n}": rng.uniform(0, 60) for n in range(3)}
        before = population.survivors[0].score
        population = select(*generation(number, **scores), population, 1)
        assert population.survivors[0].score == max(before, *scores.values())


def test_parents_and_offspring_compete():
    parents = select(*generation(0, a=10.0, b=30.0), None, 2)
    assert names(select(*generation(1, c=20.0, d=40.0), parents, 3)) == ["d", "b", "c"]


def test_ties_go_to_fewer_parameters_then_to_the_name():
    offspring, fitnesses = generation(0, b=(10.0, 50), a=(10.0, 50), c=(10.0, 40), d=(11.0, 99))
    assert names(select(offspring, fitnesses, None, 4)) == ["d", "c", "a", "b"]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_files_changes_nothing(seed):
    offspring, fitnesses = generation(1, a=10.0, b=10.0, c=30.0, d=5.0, e=20.0)
    parents = select(*generation(0, z=15.0), None, 1)
    order = random.Random(seed).sample(range(5), 5)
    shuffled = replace(offspring, individuals=tuple(offspring.individuals[n] for n in order))
    expected = select(offspring, fitnesses, parents, 3)
    assert select(shuffled, [fitnesses[n] for n in order], parents, 3) == expected


@pytest.mark.parametrize("status", ["diverged", "timeout", "out_of_memory", "crashed"])
def test_who_did_not_end_well_never_survives(status):
    offspring, fitnesses = generation(0, a=10.0, b=90.0)
    fitnesses[1] = fitness("b", 90.0, status)
    population = select(offspring, fitnesses, None, 5)
    assert names(population) == ["a"]
    assert population.tried == ("a", "b")
    assert population.statistics["outcomes"] == {status: 1, "ok": 1}


def test_a_fitness_of_another_network_is_refused():
    offspring, fitnesses = generation(3, a=10.0, b=20.0)
    with pytest.raises(
        ValueError, match=r"generation 3, individual 0: the fitness is of network b, expected a; delete"
    ):
        select(offspring, fitnesses[::-1], None, 2)


def test_a_missing_fitness_is_refused():
    offspring, fitnesses = generation(0, a=10.0, b=20.0)
    with pytest.raises(ValueError, match="shorter"):
        select(offspring, fitnesses[:1], None, 2)


def test_nobody_left_says_what_happened():
    offspring, _ = generation(0, a=0.0, b=0.0)
    with pytest.raises(
        RuntimeError, match=r"generation 0: no training ended well \(crashed, diverged\); read the logs"
    ):
        select(offspring, [fitness("a", 0.0, "diverged"), fitness("b", 0.0, "crashed")], None, 2)


def test_parents_go_on_when_all_children_fail():
    parents = select(*generation(0, a=10.0), None, 1)
    population = select(generation(1, b=0.0)[0], [fitness("b", 0.0, "timeout")], parents, 1)
    assert names(population) == ["a"]
    assert population.statistics["offspring"] is None
    assert population.statistics["accepted"] == 0


def test_statistics_by_hand():
    parents = select(*generation(0, a=50.0, b=40.0), None, 2)
    statistics = select(*generation(1, {"limits": 7}, c=45.0, d=5.0, e=10.0), parents, 2).statistics
    assert statistics == {
        "offspring": {"best": 45.0, "median": 10.0, "worst": 5.0},
        "survivors": {"best": 50.0, "median": 47.5, "worst": 45.0},
        "outcomes": {"ok": 3},
        "accepted": 1,
        "redrawn": {"limits": 7},
    }


def test_everybody_ever_tried_is_remembered_in_order():
    parents = select(*generation(0, m=50.0, z=1.0), None, 1)
    assert select(*generation(1, a=2.0), parents, 1).tried == ("a", "m", "z")
