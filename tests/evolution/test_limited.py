"""Outcomes that a limit made are tried again where the limit is raised, and the message says which limit to raise."""

from pathlib import Path

import pytest

from evocnn.evolution.fitness import Fitness
from evocnn.evolution.limited import explain_limited, outgrown


def fitness(status, *, epochs=0, **limits):
    return Fitness(status, {"score": 0.0}, {}, {}, {"epochs": epochs}, {"limits": limits})


@pytest.mark.parametrize(
    ("outcome", "now", "again"),
    [
        (fitness("timeout", time_limit=60), {"time_limit": 61}, True),
        (fitness("timeout", time_limit=60), {"time_limit": None}, True),
        (fitness("timeout", time_limit=60), {"time_limit": 60}, False),
        (fitness("timeout", time_limit=60), {"time_limit": 5, "memory_limit_mb": 10**6}, False),
        (fitness("out_of_memory", memory_limit_mb=900.5), {"memory_limit_mb": 2000}, True),
        (fitness("crashed", retries=1), {"retries": 2}, True),
        (fitness("diverged", time_limit=60), {"time_limit": 61}, False),
        (fitness("ok", time_limit=60), {"time_limit": 61}, False),
        (fitness("timeout"), {"time_limit": 61}, False),
    ],
)
def test_what_is_tried_again(outcome, now, again):
    assert outgrown([(Path("fitness.json"), outcome)], now) == [Path("fitness.json")] * again


def test_the_message_names_limits_numbers_and_epochs():
    late = [fitness("timeout", epochs=2, time_limit=60), fitness("timeout", epochs=3, time_limit=60)]
    large = fitness("out_of_memory", memory_limit_mb=900)
    assert explain_limited([*late, large, fitness("diverged")]) == (
        '2 ended as "timeout" by jobs.time_limit = 60, after 3 epochs at most; 1 ended as "out_of_memory" by '
        "jobs.memory_limit_mb = 900, after 0 epochs at most; raise the limit and run the same command again: these "
        "trainings are then tried again"
    )
    assert explain_limited([fitness("diverged")]) == ""
