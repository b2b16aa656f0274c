"""Scores are compared only where all trainings had the same settings."""

from pathlib import Path

import pytest

from evocnn.evolution.comparable import common_settings
from evocnn.evolution.fitness import Fitness

ONE, OTHER, POPULATION = Path("a/fitness.json"), Path("b/fitness.json"), Path("population.json")


def fitness(**settings: object) -> Fitness:
    return Fitness("ok", {"score": 1.0}, {}, {}, {}, {"settings": settings} if settings else {})


def test_equal_settings_are_kept():
    trained = [(ONE, fitness(epochs=1, threads=1)), (OTHER, fitness(epochs=1, threads=2))]
    assert common_settings(trained, None) == {"epochs": 1}
    assert common_settings(trained, (POPULATION, {"epochs": 1})) == {"epochs": 1}


def test_two_trainings_of_a_generation_that_differ_are_named():
    message = r"b/fitness.json: was trained with training.epochs = 3, and a/fitness.json with 1; their scores cannot be"
    with pytest.raises(ValueError, match=message):
        common_settings([(ONE, fitness(epochs=1)), (OTHER, fitness(epochs=3))], None)


def test_a_generation_that_differs_from_those_before_is_named():
    message = r"a/fitness.json: was trained with training.flip = 0.5, and population.json with None; .* back, or delete"
    with pytest.raises(ValueError, match=message):
        common_settings([(ONE, fitness(epochs=1, flip=0.5))], (POPULATION, {"epochs": 1}))


def test_trainings_of_another_run_are_named():
    """The same network and settings, from other data."""
    message = r"b/fitness.json: was trained with data = 'def', and a/fitness.json with 'abc'"
    with pytest.raises(ValueError, match=message):
        common_settings([(ONE, fitness(epochs=1, data="abc")), (OTHER, fitness(epochs=1, data="def"))], None)


def test_files_that_say_nothing_are_passed_over():
    assert common_settings([(ONE, fitness())], None) == {}
    assert common_settings([(ONE, fitness()), (OTHER, fitness(epochs=2))], (POPULATION, {})) == {"epochs": 2}
