"""The benchmark of strategies, on a few seeds."""

from itertools import islice, product

import numpy as np
import pytest

from evocnn.bench.nb201 import BUDGETS, DATA_SETS, _search, express, problem
from evocnn.bench.strategies import DEFAULT, RANDOM, REFERENCE, VARIANTS, search


@pytest.fixture
def nb201(shared_data):
    path = shared_data / "nb201/nb201.csv.gz"
    if not path.is_file():
        pytest.skip(f"no {path}")
    return path


def test_cells_that_compute_the_same_are_one():
    same = [("0", "2", "0", "0", "0", "1"), ("0", "0", "0", "2", "0", "0")]
    assert express(same[0]) == express(same[1])
    assert express(("0", "2", "0", "0", "0", "3")) != express(same[0])


@pytest.mark.parametrize("name", VARIANTS)
def test_no_network_is_evaluated_twice(name):
    flat = problem(dict.fromkeys(("".join(digits) for digits in product("01234", repeat=6)), 50.0))
    cells = list(islice(search(VARIANTS[name], flat, 3), 80))
    assert len({express(cell).network_id for cell in cells}) == 80
    assert list(islice(search(VARIANTS[name], flat, 3), 80)) == cells


@pytest.mark.slow
def test_the_default_is_faster_than_aging_and_better_than_random(nb201):
    def found(name):
        return [_search(nb201, (name, next(iter(DATA_SETS)), seed)) for seed in range(25)]

    ours, aging, drawn = found(DEFAULT), found(REFERENCE), found(RANDOM)
    assert np.median([c.reached for c in ours]) < np.median([c.reached for c in aging])
    for at in range(len(BUDGETS)):
        assert np.mean([c.tested[at] for c in ours]) > np.mean([c.tested[at] for c in drawn])
