"""Randomness that depends on nothing but its name."""

import random
from collections.abc import Iterator
from contextlib import contextmanager


def stream(seed: int, *name: int | str) -> random.Random:
    """The stream of draws of a purpose, e.g. `stream(seed, generation, individual, "mutation")`."""
    return random.Random("/".join(map(str, (seed, *name))))


@contextmanager
def global_draws_from(rng: random.Random) -> Iterator[None]:
    """Let DEAP's operators, which use Python's global generator, draw from a stream; restore the global one."""
    before = random.getstate()
    random.setstate(rng.getstate())
    try:
        yield
    finally:
        rng.setstate(random.getstate())
        random.setstate(before)
