"""The benchmark of two objectives, on a few seeds."""

import numpy as np
import pytest

from evocnn_bench.fronts import DEFAULT, OTHERS, PLAIN, VARIANTS, params_of, shares_of


def test_parameters_are_those_of_operations_that_reach_the_end():
    assert params_of(tuple("000300")) == OTHERS + 243_040  # from the input to the output
    assert params_of(tuple("300000")) == OTHERS  # to a node that nothing follows
    assert params_of(tuple("200203")) == OTHERS + 28_000  # the others are on dead ends


@pytest.fixture
def table(shared_data):
    if not (shared_data / "nb201").is_dir():
        pytest.skip(f"no {shared_data / 'nb201'}")
    return shared_data


@pytest.mark.parametrize("name", VARIANTS)
def test_what_a_search_has_reached_grows_and_is_at_most_everything(table, name):
    after_50, after_100 = shares_of(table, (name, "c10", 3))
    assert 0 < after_50 <= after_100 <= 1
    assert shares_of(table, (name, "c10", 3)) == (after_50, after_100)


@pytest.mark.slow
def test_the_predictor_reaches_more_of_the_front_than_nsga2(table):
    ours, plain = ([shares_of(table, (name, "c100", seed))[1] for seed in range(5)] for name in (DEFAULT, PLAIN))
    assert np.mean(ours) > np.mean(plain)
