"""How long a run takes, worked out by hand."""

import pytest

from evocnn.planning.schedule import AROUND_GENERATION, AROUND_JOB, AROUND_RUN, PER_PERSON, Speed, duration
from evocnn.planning.workload import Stage, Workload

PEOPLE = {"train": 80, "valid": 20, "test": 30}
WORK = Workload((Stage(4, 3), Stage(3, 3)), (Stage(2, 10),), PEOPLE, batch_size=8, disk_mb=1.0)
SPEED = Speed(start=5 - AROUND_JOB, step=0.1, scoring=0.05)
AROUND = AROUND_RUN + 2 * AROUND_GENERATION + 130 * PER_PERSON
# An epoch: 10 steps of 0.1 s and 20 people of 0.05 s; a training of 3 epochs: 11 s, one of 10: 25 s.


def test_a_training_starts_and_has_epochs_of_steps_and_scoring():
    assert SPEED.seconds(WORK, 3) == pytest.approx(11)


def test_trainings_of_a_generation_wait_for_places_and_generations_for_each_other():
    actual = duration(WORK, [SPEED], places=2)
    assert actual.trainings == pytest.approx(7 * 11 + 2 * 25)
    assert actual.wall == pytest.approx(2 * 11 + 2 * 11 + 25 + AROUND)
    assert actual.chain == pytest.approx(11 + 11 + 25 + AROUND)


def test_with_overlap_no_place_waits_for_a_generation():
    assert duration(WORK, [SPEED], places=7, overlap=1).wall == pytest.approx(11 + 25 + AROUND)


def test_networks_take_turns():
    slow = Speed(start=20 - AROUND_JOB, step=0.1, scoring=0.05)
    assert duration(WORK, [SPEED, slow], places=4).wall == pytest.approx(26 + 26 + 40 + AROUND)
