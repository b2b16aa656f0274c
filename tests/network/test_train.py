"""What a training leaves: the weights of the epoch it reports, a history, a log."""

from collections import Counter
from itertools import combinations

import keras
import pandas as pd
import pytest
import tensorflow as tf
from dots import DOTS, TRAINING, dots, network, predict

from evocnn.evolution.fitness import HISTORY
from evocnn.network.train import train


def fit(folder, *, people=48, tensorboard=None, **changes):
    made = network("heatmap")
    training = TRAINING.model_copy(update=changes)
    files = {"history": folder / "history.csv", "tensorboard": tensorboard}
    return train(made, dots(people, seed=0), dots(64, seed=1), DOTS, training, seed=3, **files)


@pytest.mark.parametrize(("min_delta", "best"), [(0.0, None), (100.0, 1)])
def test_the_score_is_that_of_the_weights_restored(tmp_path, capsys, min_delta, best):
    """Where no improvement is large enough the first epoch is kept, and three more are waited for."""
    trained = fit(tmp_path, epochs=5, patience=3, min_delta=min_delta, tensorboard=tmp_path / "tensorboard")
    history = pd.read_csv(tmp_path / "history.csv")
    assert tuple(history.columns) == HISTORY
    assert list(history["epoch"]) == list(range(1, len(history) + 1))
    actual = trained.fitness.training["best_epoch"]
    assert actual == (best or 1 + history["score"].argmax())
    assert trained.fitness.objectives["score"] == history["score"][actual - 1]
    valid = dots(64, seed=1)
    assert DOTS.score(predict(trained.model, valid), valid).mean == trained.fitness.objectives["score"]
    if best:
        assert len(history) == 4
        assert history["score"].max() > history["score"][0]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == [f"epoch {n}/5" for n in history["epoch"]]
    assert len(list((tmp_path / "tensorboard").iterdir())) == 1


def test_each_setting_reaches_the_training(tmp_path):
    changes = [{"warmup": 0.5}, {"weight_decay": 5.0}, {"clip_norm": 1e-3}, {"label_smoothing": 0.5}]
    weights = [fit(tmp_path, people=32, **change).model.get_weights() for change in ({}, *changes)]
    for one, other in combinations(weights, 2):
        assert any((a != b).any() for a, b in zip(one, other, strict=True))


def test_a_model_is_traced_once_to_train_and_once_to_score(tmp_path, monkeypatch):
    """However many epochs: tracing costs more than many steps."""
    traced = []
    call = keras.layers.Conv2D.call

    def counted(self, inputs):
        if tf.inside_function():
            traced.append(self.name)
        return call(self, inputs)

    monkeypatch.setattr(keras.layers.Conv2D, "call", counted)
    fit(tmp_path, people=40, epochs=3)  # a batch would be left over
    assert traced
    assert set(Counter(traced).values()) == {2}
