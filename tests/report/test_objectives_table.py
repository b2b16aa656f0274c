"""What was optimised: values by hand, and the front."""

from dataclasses import replace

import pytest

from evocnn.report.run import Training, read_run
from evocnn.report.run_files import RunFiles
from evocnn.report.tables.objectives import objectives_table

OBJECTIVES = ["score", "-params / 1e6"]


@pytest.fixture
def trainings(run):
    """Five of the six; parameters by hand, in thousands."""
    known = read_run(RunFiles.in_folder(run.folder)).trainings
    return [
        Training(_with(training.individual, 1000 * params), training.fitness, training.folder)
        for training, params in zip(known, (200, 100, 300, 50, 900, 100), strict=True)
    ]


def _with(individual, params):
    return replace(individual, cost=replace(individual.cost, params=params))


def test_the_front_is_who_nobody_beats(trainings):
    """Scores 40, 20, none, 30, 50.5 and 10: 50 thousand parameters with 30 % beat both that have 100 thousand."""
    table = objectives_table(trainings, OBJECTIVES)
    assert table.key.tolist() == [0, 1, 3, 4, 5]
    assert table.objective_0.tolist() == [40.0, 20.0, 30.0, 50.5, 10.0]
    assert table.objective_1.tolist() == pytest.approx([-0.2, -0.1, -0.05, -0.9, -0.1])
    assert table.name[table.front].tolist() == ["0-00", "1-00", "1-01"]


def test_equals_are_both_on_the_front(trainings):
    table = objectives_table([trainings[0], trainings[0]], OBJECTIVES)
    assert table.front.tolist() == [True, True]


def test_of_one_objective_there_is_no_front(trainings):
    assert objectives_table(trainings, ["score"]).empty
    assert objectives_table([], OBJECTIVES).empty
