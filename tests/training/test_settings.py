"""Settings of trainings whose default depends on the task."""

import pytest

from evocnn.training.settings import TrainingSettings


@pytest.mark.parametrize(
    ("flip", "task", "share"),
    [(None, "pose", 0.5), (None, "classification", 0.0), (0.25, "pose", 0.25), (0.25, "classification", 0.25)],
)
def test_classes_are_mirrored_only_where_it_is_asked_for(flip, task, share):
    assert TrainingSettings(flip=flip).flip_for(task) == share
