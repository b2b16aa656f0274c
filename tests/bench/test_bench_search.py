"""The benchmark of strategies, on a few seeds."""

import numpy as np
import pytest

from evocnn.bench.search import BUDGETS, DATA_SETS, DEFAULT, REFERENCE, VARIANTS, _search, express, search


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
    validation = dict.fromkeys((f"{n:06d}" for n in range(10**6)), 50.0)
    cells = [cell for cell, _ in zip(search(VARIANTS[name], validation, 3), range(80), strict=False)]
    assert len({express(tuple(cell)).network_id for cell in cells}) == 80
    again = [cell for cell, _ in zip(search(VARIANTS[name], validation, 3), range(80), strict=False)]
    assert again == cells


@pytest.mark.slow
def test_the_default_is_faster_than_aging_and_better_than_random(nb201):
    def found(name):
        return [_search(nb201, (name, next(iter(DATA_SETS)), seed)) for seed in range(25)]

    ours, aging, drawn = found(DEFAULT), found(REFERENCE), found("random search")
    assert np.median([c.reached for c in ours]) < np.median([c.reached for c in aging])
    for at in range(len(BUDGETS)):
        assert np.mean([c.tested[at] for c in ours]) > np.mean([c.tested[at] for c in drawn])
