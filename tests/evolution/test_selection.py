"""Selection: the best survive, whatever the order of the files."""

import random
from dataclasses import replace

import pytest

from evocnn.evolution.fitness import Fitness
from evocnn.evolution.fronts import hypervolume
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring
from evocnn.evolution.selection import select
from evocnn.evolution.settings import EvolutionSettings
from evocnn.space.cost import Cost
from evocnn.space.genes import Choice
from evocnn.space.space import Section, Space

EMPTY = Space(Section({}, ()), 0, Section({}, ()), {}, (1, 1))


def chosen(offspring, fitnesses, parents, size, strategy="genetic", **options):
    return select(
        offspring, fitnesses, parents, EMPTY, EvolutionSettings(strategy=strategy, population=size, **options)
    )


def individual(name, params=100, generation=0):
    return Individual((), name, Cost(params, 1, 1, 1), 0, generation, 0, "mutation", ())


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
    population = chosen(*generation(0, a=10.0, b=30.0, c=20.0), None, 2)
    assert names(population) == ["b", "c"]
    assert [survivor.score for survivor in population.survivors] == [30.0, 20.0]


def test_the_best_is_never_lost():
    population = chosen(*generation(0, a=50.0, b=1.0), None, 1)
    rng = random.Random(0)
    for number in range(1, 20):
        scores = {f"g{number}n{n}": rng.uniform(0, 60) for n in range(3)}
        before = population.survivors[0].score
        population = chosen(*generation(number, **scores), population, 1)
        assert population.survivors[0].score == max(before, *scores.values())


def test_parents_and_offspring_compete():
    parents = chosen(*generation(0, a=10.0, b=30.0), None, 2)
    assert names(chosen(*generation(1, c=20.0, d=40.0), parents, 3)) == ["d", "b", "c"]


def test_ties_go_to_fewer_parameters_then_to_the_name():
    offspring, fitnesses = generation(0, b=(10.0, 50), a=(10.0, 50), c=(10.0, 40), d=(11.0, 99))
    assert names(chosen(offspring, fitnesses, None, 4)) == ["d", "c", "a", "b"]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_files_changes_nothing(seed):
    offspring, fitnesses = generation(1, a=10.0, b=10.0, c=30.0, d=5.0, e=20.0)
    parents = chosen(*generation(0, z=15.0), None, 1)
    order = random.Random(seed).sample(range(5), 5)
    shuffled = replace(offspring, individuals=tuple(offspring.individuals[n] for n in order))
    expected = chosen(offspring, fitnesses, parents, 3)
    assert chosen(shuffled, [fitnesses[n] for n in order], parents, 3) == expected


@pytest.mark.parametrize("status", ["diverged", "timeout", "out_of_memory", "crashed"])
def test_who_did_not_end_well_never_survives(status):
    offspring, fitnesses = generation(0, a=10.0, b=90.0)
    fitnesses[1] = fitness("b", 90.0, status)
    population = chosen(offspring, fitnesses, None, 5)
    assert names(population) == ["a"]
    assert population.tried == ("a", "b")
    assert population.statistics["outcomes"] == {status: 1, "ok": 1}


def test_a_fitness_of_another_network_is_refused():
    offspring, fitnesses = generation(3, a=10.0, b=20.0)
    with pytest.raises(
        ValueError, match=r"generation 3, individual 0: the fitness is of network b, expected a; delete"
    ):
        chosen(offspring, fitnesses[::-1], None, 2)


def test_a_missing_fitness_is_refused():
    offspring, fitnesses = generation(0, a=10.0, b=20.0)
    with pytest.raises(
        ValueError, match=r"generation 0: found 1 fitness files, expected one for each of 2 individuals"
    ):
        chosen(offspring, fitnesses[:1], None, 2)


def test_nobody_left_says_what_happened():
    offspring, _ = generation(0, a=0.0, b=0.0)
    with pytest.raises(
        RuntimeError, match=r'generation 0: no training ended well \(crashed, diverged\): 1 ended as "crashed" by jobs'
    ):
        chosen(offspring, [fitness("a", 0.0, "diverged"), fitness("b", 0.0, "crashed")], None, 2)
    with pytest.raises(RuntimeError, match=r"no training ended well \(diverged\): read the logs of its"):
        chosen(offspring, [fitness("a", 0.0, "diverged"), fitness("b", 0.0, "diverged")], None, 2)


def test_parents_go_on_when_all_children_fail():
    parents = chosen(*generation(0, a=10.0), None, 1)
    population = chosen(generation(1, b=0.0)[0], [fitness("b", 0.0, "timeout")], parents, 1)
    assert names(population) == ["a"]
    assert population.statistics["offspring"] is None
    assert population.statistics["accepted"] == 0


def test_diversity_by_hand():
    """Two of four genes differ, one of four, and one of four; two of three operations are in use."""
    operation = Choice("operation", ("conv", "mbconv", "no_op"), (1.0, 1.0, 1.0), ordered=False)
    filters = Choice("filters", (8, 16), (1.0, 1.0), ordered=True)
    space = Space(Section({}, ()), 2, Section({}, (operation, filters)), {}, (1, 1))
    genomes = {"a": ("conv", 8, "conv", 8), "b": ("conv", 16, "mbconv", 8), "c": ("conv", 16, "conv", 8)}
    offspring, fitnesses = generation(0, a=1.0, b=2.0, c=3.0)
    individuals = tuple(replace(one, genome=genomes[one.network_id]) for one in offspring.individuals)
    population = select(
        replace(offspring, individuals=individuals), fitnesses, None, space, EvolutionSettings(population=3)
    )
    assert population.statistics["diversity"] == pytest.approx({"genes": (2 + 1 + 1) / 12, "operations": 2 / 3})


def test_statistics_by_hand():
    parents = chosen(*generation(0, a=50.0, b=40.0), None, 2)
    statistics = chosen(*generation(1, {"limits": 7}, c=45.0, d=5.0, e=10.0), parents, 2).statistics
    assert statistics == {
        "offspring": {"best": 45.0, "median": 10.0, "worst": 5.0, "spread": pytest.approx(17.795, abs=1e-3)},
        "survivors": {"best": 50.0, "median": 47.5, "worst": 45.0, "spread": 2.5},
        "outcomes": {"ok": 3},
        "accepted": 1,
        "operators": {"mutation": [3, 1]},
        "diversity": {"genes": 0.0, "operations": 1.0},
        "redrawn": {"limits": 7},
        "restarted": False,
    }


def test_every_network_ever_tried_is_remembered_in_order():
    parents = chosen(*generation(0, m=50.0, z=1.0), None, 1)
    assert chosen(*generation(1, a=2.0), parents, 1).tried == ("a", "m", "z")


def test_places_without_an_individual_are_left_out():
    offspring, fitnesses = generation(1, a=10.0)
    nobody = Fitness("exhausted", {"score": 0.0}, {}, {}, {}, {"network_id": None})
    population = chosen(offspring, [*fitnesses, nobody], None, 2)
    assert names(population) == ["a"]
    assert population.statistics["outcomes"] == {"exhausted": 1, "ok": 1}


def test_a_generation_of_nobody_leaves_the_parents():
    parents = chosen(*generation(0, a=10.0), None, 1)
    population = chosen(Offspring(1, (), {}), [], parents, 1)
    assert (names(population), population.best, population.state["since"]) == (["a"], parents.best, 0)


def test_the_old_die_but_the_best_is_remembered():
    parents = chosen(*generation(0, a=90.0, b=10.0), None, 2, "aging")
    population = chosen(*generation(1, c=20.0, d=30.0), parents, 2, "aging")
    assert names(population) == ["d", "c"]
    assert population.best.individual.network_id == "a"


def test_the_front_survives_with_its_ends():
    """Scores and parameters by hand: d is dominated by b; of a, b, c the middle one is the most crowded."""
    offspring, fitnesses = generation(0, a=(50.0, 900), b=(40.0, 500), c=(20.0, 100), d=(30.0, 600))
    objectives = ("score", "-params")
    individuals = chosen(offspring, fitnesses, None, 4, "nsga2", objectives=objectives)
    assert set(names(individuals)[:3]) == {"a", "b", "c"}
    assert names(individuals)[2:] == ["b", "d"]
    assert set(names(chosen(offspring, fitnesses, None, 2, "nsga2", objectives=objectives))) == {"a", "c"}
    assert individuals.best.individual.network_id == "a"
    # Above the worst of both, (20, -900): only b and d are above in both; b has 20 × 400 and covers d.
    assert individuals.statistics["hypervolume"] == 20 * 400


def test_hypervolume_by_hand():
    assert hypervolume([(1.0, 3.0), (2.0, 1.0)], (0.0, 0.0)) == 3 + 1
    assert hypervolume([(-1.0, 5.0)], (0.0, 0.0)) == 0


def test_an_objective_with_penalties_decides():
    offspring, fitnesses = generation(0, a=(50.0, 3_000_000), b=(45.0, 1_000_000))
    penalised = ("score - 5 * max(params / 1e6 - 1, 0)",)
    population = chosen(offspring, fitnesses, None, 2, objectives=penalised)
    assert names(population) == ["b", "a"]
    assert [survivor.objectives for survivor in population.survivors] == [(45.0,), (40.0,)]


def test_a_restart_forgets_the_survivors_but_not_the_best():
    parents = chosen(*generation(0, a=90.0), None, 1, restart=2)
    offspring, fitnesses = generation(5, b=10.0, c=20.0)
    anew = replace(offspring, individuals=tuple(replace(i, operator="random") for i in offspring.individuals))
    population = chosen(anew, fitnesses, parents, 2, restart=2)
    assert names(population) == ["c", "b"]
    assert population.best.individual.network_id == "a"
    assert population.state["since"] == 5


def test_state_counts_operators_and_the_generation_of_the_last_better_one():
    parents = chosen(*generation(0, a=10.0), None, 1)
    population = chosen(*generation(1, b=5.0), parents, 1)
    assert population.state == {"since": 0, "operators": {"mutation": [2, 1]}}
    assert chosen(*generation(2, c=50.0), population, 1).state["since"] == 2


def test_latency_is_an_objective_where_it_was_measured():
    offspring, (slow, fast) = generation(0, a=40.0, b=39.0)
    measured = [replace(slow, metrics={"latency_ms": 30.0}), replace(fast, metrics={"latency_ms": 5.0})]
    population = chosen(offspring, measured, None, 2, objectives=("score - latency_ms / 10",))
    assert names(population) == ["b", "a"]
    assert [survivor.objectives for survivor in population.survivors] == [(38.5,), (37.0,)]
    with pytest.raises(ValueError, match="found 'latency_ms'"):
        chosen(offspring, [slow, fast], None, 2, objectives=("score - latency_ms / 10",))
