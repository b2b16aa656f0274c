"""What holds for every strategy, whatever the scores: a few generations of the tiny space, in process."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Requirements, expression
from evocnn.evolution.fitness import Fitness
from evocnn.evolution.selection import select
from evocnn.evolution.settings import EvolutionSettings, Limits
from evocnn.evolution.strategies import STRATEGIES

LIMITS = Limits(params=3000, macs=10**9, memory_mb=10**6)
SEARCHES = st.builds(
    EvolutionSettings,
    strategy=st.sampled_from(list(STRATEGIES)),
    population=st.integers(1, 5),
    objectives=st.sampled_from([("score",), ("score", "-params"), ("score - 0.001 * params",)]),
    tournament=st.integers(1, 6),
    variation=st.sampled_from(["typed", "real_coded"]),
    mutation=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    immigrants=st.sampled_from([0.0, 0.3]),
    restart=st.sampled_from([None, 1]),
    adaptive=st.booleans(),
    candidates=st.just(12),
)


def outcome(individual, score):
    status = "ok" if score is not None else "diverged"
    return Fitness(status, {"score": score or 0.0}, {}, {}, {}, {"network_id": individual.network_id})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(search=SEARCHES, seed=st.integers(0, 1000), data=st.data())
def test_types_limits_uniqueness_and_the_best(tiny_space, search, seed, data):
    express = expression(tiny_space, Requirements(32, 5, "pose", 4))
    population, tried, best = None, [], float("-inf")
    for generation in range(4):
        offspring = breed(
            tiny_space, express, LIMITS, search, generation=generation, count=4, seed=seed, parents=population
        )
        people = offspring.individuals
        scores = [data.draw(st.one_of(st.none(), st.floats(0, 100))) for _ in people]
        if generation == 0:
            scores[0] = scores[0] or 1.0
        for individual in people:
            assert tiny_space.genome(tiny_space.parts(individual.genome)) == individual.genome
            assert LIMITS.allow(individual.cost)
            assert express(individual.genome).network_id == individual.network_id
        tried += [individual.network_id for individual in people]
        fitnesses = [outcome(individual, score) for individual, score in zip(people, scores, strict=True)]
        before = population
        population = select(offspring, fitnesses, before, tiny_space, search)
        assert select(offspring, fitnesses, before, tiny_space, search) == population
        for individual, score in zip(people, scores, strict=True):
            if score is not None:
                penalty = 0.001 * individual.cost.params if "0.001" in search.objectives[0] else 0
                best = max(best, score - penalty)
        assert population.best.objectives[0] == best
        assert len(population.survivors) <= search.population
    assert len(set(tried)) == len(tried)
    assert list(population.tried) == sorted(tried)


def test_no_draw_leaks_into_the_global_generator(tiny_space):
    random.seed(1)
    before = random.getstate()
    for name in STRATEGIES:
        search = EvolutionSettings(strategy=name, population=3, variation="real_coded")
        express = expression(tiny_space, Requirements(32, 5, "pose", 4))
        offspring = breed(tiny_space, express, LIMITS, search, generation=0, count=4, seed=1, parents=None)
        fitnesses = [outcome(individual, 50.0 + n) for n, individual in enumerate(offspring.individuals)]
        population = select(offspring, fitnesses, None, tiny_space, search)
        breed(tiny_space, express, LIMITS, search, generation=1, count=4, seed=1, parents=population)
    assert random.getstate() == before
