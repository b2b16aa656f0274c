"""The benchmark of strategies, on a few seeds."""

from itertools import islice, product

import numpy as np
import pytest

from evocnn_bench import nbmacro
from evocnn_bench.nb201 import SPACE, express
from evocnn_bench.strategies import DEFAULT, EVERYTHING, REFERENCE, VARIANTS, Tabular, search
from evocnn_bench.tabular import MACRO, course_of, problem


def test_cells_that_compute_the_same_are_one():
    same = [("0", "2", "0", "0", "0", "1"), ("0", "0", "0", "2", "0", "0")]
    assert express(same[0]) == express(same[1])
    assert express(("0", "2", "0", "0", "0", "3")) != express(same[0])


@pytest.mark.parametrize("name", VARIANTS)
def test_no_network_is_evaluated_twice(name):
    scores = dict.fromkeys(("".join(digits) for digits in product("01234", repeat=6)), 50.0)
    flat = problem(Tabular(SPACE, express, EVERYTHING, scores, scores))
    cells = list(islice(search(VARIANTS[name], flat, 3), 80))
    assert len({express(cell).network_id for cell in cells}) == 80
    assert list(islice(search(VARIANTS[name], flat, 3), 80)) == cells


def test_macro_networks_that_compute_the_same_are_one():
    """Identities of stride 1 change nothing, so "01" and "10" are one at the end of the last two stages, but not 12."""
    assert nbmacro.express(tuple("21012202")) == nbmacro.express(tuple("21012220"))
    distinct = {nbmacro.express(genome).network_id for genome in product("01", repeat=8)}
    assert len(distinct) == (2 * 2) * (2 * 3) * (2 * 3)


@pytest.mark.slow
@pytest.mark.parametrize("table", ["c10", MACRO])
def test_the_default_is_faster_than_aging(shared_data, table):
    if not (shared_data / "nb201").is_dir():
        pytest.skip(f"no {shared_data / 'nb201'}")
    ours, aging = ([course_of(shared_data, (name, table, seed)) for seed in range(5)] for name in (DEFAULT, REFERENCE))
    assert np.median([course.reached for course in ours]) < np.median([course.reached for course in aging])
    assert np.mean([course.tested for course in ours]) > np.mean([course.tested for course in aging])
