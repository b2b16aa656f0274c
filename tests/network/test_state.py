"""An interrupted training ends as one that was not: bit for bit, wherever it was interrupted."""

import json

import keras
import numpy as np
import pandas as pd
import pytest
from dots import DOTS, TRAINING, dots, network

import evocnn.network.state as state_module
from evocnn.network.build import build
from evocnn.network.predict import predictor
from evocnn.network.scoring import Clock, ScoreOnValid
from evocnn.network.state import EarlyStopping
from evocnn.network.train import train
from evocnn.training.progress import Progress

EPOCHS = 5


class PulledPlug(BaseException):
    """Nothing catches it."""


def fit(folder, heads=("heatmap",), patience=9, remat=False):
    settings = {**TRAINING.__dict__, "epochs": EPOCHS, "patience": patience, "remat": remat, "flip": 0.5, "scale": 0.2}
    trained = train(
        network(*heads),
        dots(48, seed=0),
        dots(32, seed=1),
        DOTS,
        type(TRAINING)(**settings),
        seed=3,
        history=folder / "history.csv",
        state=folder / "state",
        key="a",
    )
    fitness = trained.fitness
    efforts = [fitness.training[name] for name in ("epochs", "best_epoch")]
    weights = [weight.tobytes() for weight in trained.model.get_weights()]
    history = pd.read_csv(folder / "history.csv", dtype=str).drop(columns=["seconds", "samples_per_second"]).to_csv()
    return fitness.status, fitness.objectives, fitness.metrics, efforts, history, weights


def pull_the_plug(monkeypatch, function, call):
    """Make a function of the module that saves raise when it is called for the so-manieth time."""
    plain, calls = getattr(state_module, function), []

    def interrupted(*arguments, **more):
        calls.append(None)
        if len(calls) == call:
            raise PulledPlug
        return plain(*arguments, **more)

    monkeypatch.setattr(state_module, function, interrupted)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return fit(tmp_path_factory.mktemp("whole"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "call", "saved"),
    [
        ("variables", 4, 3),  # before the fourth state is written
        ("digest", 4, 3),  # it is there, and nothing refers to it
        ("write_progress", 1, 0),  # nothing is saved yet
    ],
)
def test_interrupted_while_saving(tmp_path, monkeypatch, whole, function, call, saved):
    with monkeypatch.context() as patch:
        pull_the_plug(patch, function, call)
        with pytest.raises(PulledPlug):
            fit(tmp_path)
    path = tmp_path / "state/progress.json"
    assert (len(json.loads(path.read_text())["rows"]) if path.exists() else 0) == saved
    assert fit(tmp_path) == whole


@pytest.mark.slow
def test_interrupted_when_all_was_done_but_the_result(tmp_path, whole):
    fit(tmp_path)
    (tmp_path / "history.csv").unlink()
    assert fit(tmp_path) == whole


@pytest.mark.slow
def test_interrupted_twice(tmp_path, monkeypatch, whole):
    for call in (2, 3):  # restoring asks for the variables as well
        with monkeypatch.context() as patch:
            pull_the_plug(patch, "digest", call)
            with pytest.raises(PulledPlug):
                fit(tmp_path)
    assert fit(tmp_path) == whole


@pytest.mark.slow
@pytest.mark.parametrize("settings", [{"heads": ("simcc", "visibility")}, {"remat": True}], ids=["two heads", "remat"])
def test_every_kind_of_training_goes_on(tmp_path, monkeypatch, settings):
    whole = fit(tmp_path / "whole", **settings)
    with monkeypatch.context() as patch:
        pull_the_plug(patch, "write_progress", 3)
        with pytest.raises(PulledPlug):
            fit(tmp_path, **settings)
    assert fit(tmp_path, **settings) == whole


@pytest.mark.slow
def test_only_the_last_state_and_the_best_are_kept(tmp_path):
    *_, efforts, _, _ = fit(tmp_path)
    kept = {f"epoch-{epoch:05d}.npz" for epoch in (EPOCHS, efforts[1])}
    assert {path.name for path in (tmp_path / "state").glob("*.npz")} == kept


@pytest.mark.parametrize("done", [1, 2, 3, 4])
def test_patience_goes_on_where_it_was(done):
    """Scores 1 3 2 2 2, patience 3: the best is the second, and the fifth is the last, however it was interrupted."""
    scores = [1.0, 3.0, 2.0, 2.0, 2.0, 2.0]
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    best = 0 if done == 1 else 1
    rows = tuple({"score": score} for score in scores[:done])
    stopping = EarlyStopping(3, 0.0, Progress(rows=rows, best_epoch=best), model.get_weights())
    stopping.set_model(model)
    model.stop_training = False
    stopping.on_train_begin()
    epoch = done
    while not model.stop_training:
        stopping.on_epoch_end(epoch, {"score": scores[epoch]})
        epoch += 1
    assert (epoch, stopping.best_epoch, stopping.best) == (5, 1, 3.0)


def scored(model, loss=1.0):
    valid = dots(20, seed=1)
    callback = ScoreOnValid(model, valid, DOTS, 16, Clock({}, "fit"))
    callback.set_model(model)
    model.compile(keras.optimizers.Adam())
    callback.on_train_begin()
    logs = {"loss": loss}
    callback.on_epoch_end(0, logs)
    return callback, logs


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_training_whose_loss_is_not_finite_has_diverged(value, capsys):
    model = state_model()
    callback, logs = scored(model, value)
    assert callback.diverged
    assert model.stop_training
    assert logs["score"] == 0.0
    assert "the loss is NaN or infinite" in capsys.readouterr().out


def test_a_training_with_one_weight_that_is_not_finite_has_diverged(capsys):
    model = state_model()
    weights = model.get_weights()
    weights[0].flat[0] = np.nan
    model.set_weights(weights)
    assert scored(model)[0].diverged
    assert "the weights of " in capsys.readouterr().out


def test_a_training_whose_outputs_are_not_finite_has_diverged(capsys):
    model = state_model()
    overflow(model)
    assert scored(model)[0].diverged
    assert "outputs of the head heatmap are NaN or infinite" in capsys.readouterr().out


def test_a_finite_training_has_not(capsys):
    callback, logs = scored(state_model())
    assert not callback.diverged
    assert logs["score"] == callback.score["mean"]


def test_predictions_that_are_not_finite_are_an_error():
    model = state_model()
    overflow(model)
    with pytest.raises(FloatingPointError, match="outputs of the head heatmap"):
        predictor(model, 16, DOTS)(dots(20, seed=1))


def state_model():
    return build(network("heatmap"))


def overflow(model):
    """Finite weights whose outputs are not: black, which the first layer sees as −2, becomes 10³⁰, then 10⁶⁰."""
    first, *others = model.get_weights()
    model.set_weights([np.full_like(first, -1e30), *(np.full_like(weight, 1e30) for weight in others)])
