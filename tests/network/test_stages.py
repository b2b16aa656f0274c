"""A training that pauses at rungs is, stage by stage, the same training."""

import numpy as np
import pandas as pd
import pytest
from dots import DOTS, TRAINING, dots, network
from job_runs import OF_THE_MACHINE

from evocnn.network.train import train

ENDS = (1, 3, 6)
EPOCHS = TRAINING.model_copy(update={"epochs": 6, "patience": 2})


def fit(folder, until, *, state="state", key="k"):
    return train(
        network("heatmap"),
        dots(48, seed=0),
        dots(64, seed=1),
        DOTS,
        EPOCHS,
        seed=3,
        history=folder / "history.csv",
        state=folder / state if state else None,
        key=key,
        ends=ENDS,
        until=until,
    )


def history(folder):
    return pd.read_csv(folder / "history.csv").drop(columns=list(OF_THE_MACHINE))


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.model.get_weights(), other.model.get_weights(), strict=True))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Trained at once, and where its history is."""
    folder = tmp_path_factory.mktemp("whole")
    return fit(folder, None, state=None), folder


def test_stages_give_the_same_bits_as_the_whole_training(tmp_path, whole):
    (tmp_path / "state").mkdir()
    for until in ENDS:
        trained = fit(tmp_path, until)
        assert trained.fitness.training["epochs"] == until
    assert same(trained, whole[0])
    assert trained.fitness.objectives == whole[0].fitness.objectives
    pd.testing.assert_frame_equal(history(tmp_path), history(whole[1]))


def test_a_stage_that_is_run_again_trains_nothing_and_gives_the_same(tmp_path, capsys):
    (tmp_path / "state").mkdir()
    first = fit(tmp_path, 3)
    capsys.readouterr()
    again = fit(tmp_path, 3)
    assert same(first, again)
    assert first.fitness.objectives == again.fitness.objectives
    assert "epoch 4" not in capsys.readouterr().out


def test_the_state_of_another_training_is_not_gone_on_from(tmp_path, whole, capsys):
    (tmp_path / "state").mkdir()
    fit(tmp_path, 1, key="of another")
    trained = fit(tmp_path, 6, key="k")
    assert "expected k" in capsys.readouterr().out
    assert same(trained, whole[0])


def test_patience_ends_no_training_between_rungs(whole):
    """After a restart scores fall, which says nothing."""
    assert whole[0].fitness.training["epochs"] == 6 > EPOCHS.patience
