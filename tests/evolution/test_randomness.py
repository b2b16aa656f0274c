"""Streams of draws, and DEAP's use of them."""

import random

from evocnn.evolution.randomness import global_draws_from, stream


def draws(rng, times=5):
    return [rng.random() for _ in range(times)]


def test_the_same_name_gives_the_same_stream():
    assert draws(stream(1, 2, 3, "found 0")) == draws(stream(1, 2, 3, "found 0"))


def test_every_part_of_the_name_matters():
    names = [(1, 2, 3, "a"), (2, 2, 3, "a"), (1, 3, 3, "a"), (1, 2, 4, "a"), (1, 2, 3, "b"), (12, 3, "a"), (1, 23, "a")]
    assert len({tuple(draws(stream(*name))) for name in names}) == len(names)


def test_a_stream_by_its_numbers():
    assert stream(1, 2, "x").random() == random.Random("1/2/x").random()


def test_global_draws_come_from_the_stream_and_use_it_up():
    rng = random.Random(5)
    with global_draws_from(rng):
        actual = [random.random(), random.random()]
    assert [*actual, rng.random()] == draws(random.Random(5), 3)


def test_the_global_generator_is_restored_even_after_an_error():
    random.seed(9)
    before = random.getstate()
    try:
        with global_draws_from(random.Random(5)):
            random.random()
            raise KeyError
    except KeyError:
        pass
    assert random.getstate() == before
