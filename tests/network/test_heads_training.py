"""Training each head, and several at once: finite, the same every time, and it learns where a bright dot is."""

import json

import keras
import numpy as np
import pandas as pd
import pytest
import yaml

from evocnn.dataset.crops import Crops
from evocnn.network.build import build
from evocnn.network.predict import predictor
from evocnn.network.steps import evaluate
from evocnn.network.train import Training, train
from evocnn.pose.skeleton import Skeleton
from evocnn.space.decode import decode
from evocnn.space.space import Section, Space
from evocnn.tasks.pose import Pose

SIZE = 32
DOTS = Pose(Skeleton(("red", "blue"), (), (), {}, (0, 1), "box", 0.1))
MAPS = {"stride": 4, "filters": 8, "kernel": 4, "activation": "relu"}
SETTINGS = {
    "heatmap": MAPS,
    "integral": MAPS,
    "simcc": {**MAPS, "bins": 2},
    "regression": {},
    "visibility": {},
}
ALONE = ["heatmap", "integral", "simcc", "regression"]
ALL = ["simcc", "heatmap", "regression", "visibility", "integral"]
TRAINING = Training(
    epochs=1, patience=9, batch_size=16, learning_rate=0.01, sigma=1.0, scale=0.0, rotation=0.0, flip=0.0
)


def dots(people, seed, missing=0.3):
    """A red dot on black, and a blue one that is missing at times."""
    rng = np.random.default_rng(seed)
    joints = rng.uniform(3, SIZE - 4, (people, 2, 2)).astype(np.float32)
    visible = np.stack([np.ones(people, bool), rng.random(people) >= missing], 1)
    rows, columns = np.mgrid[:SIZE, :SIZE]
    pixels = np.zeros((people, SIZE, SIZE, 4), np.uint8)
    for joint, channel in ((0, 0), (1, 2)):
        x, y = (joints[:, joint, axis, None, None] for axis in (0, 1))
        bright = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 2**2)) * visible[:, joint, None, None]
        pixels[..., channel] = np.round(255 * bright)
    return Crops(
        pixels=pixels,
        joints=joints,
        visible=visible,
        normaliser=np.full(people, SIZE, np.float32),
        category=np.zeros(people, int),
        to_image=np.tile(np.eye(2, 3), (people, 1, 1)),
        images=np.array([f"{i}.png" for i in range(people)]),
        rows=np.arange(people),
        margin=0,
    )


def network(*heads, weight=None):
    """Three convolutions, which see the whole input, and heads."""
    settings = {name: {**SETTINGS[name], **({} if weight is None else {"weight": weight})} for name in heads}
    stem = {"operation": "conv", "filters": 12, "kernel": 5, "stride": 2, "activation": "relu"}
    block = {"operation": "conv", "filters": 24, "kernel": 5, "stride": 2, "activation": "relu"}
    space = Space(Section(stem, ()), 2, Section(block, ()), {n: Section(s, ()) for n, s in settings.items()}, (2, 8))
    return decode((), space, input_size=SIZE, outputs=2)


def fit(folder, *heads, steps, weight=None, seed=3):
    made, crops = network(*heads, weight=weight), dots(16 * steps, seed=0)
    return train(made, crops, dots(64, seed=1), DOTS, TRAINING, seed=seed, history=folder / "history.csv")


def predict(model, crops):
    return predictor(model, 16, DOTS)(crops)


def error(found, crops):
    """Mean distance of labelled joints, in pixels; 9.6 for the middle of the input."""
    return np.linalg.norm(found[..., :2] - crops.joints, axis=-1)[crops.visible].mean()


def save(folder, crops):
    """The files of crops."""
    names = ("joints", "visible", "normaliser", "category", "to_image", "images", "rows", "margin")
    np.save(folder / "pixels.npy", crops.pixels)
    np.savez(folder / "labels.npz", **{name: getattr(crops, name) for name in names})
    return folder / "pixels.npy", folder / "labels.npz"


@pytest.mark.slow
@pytest.mark.parametrize("head", ALONE)
def test_each_head_learns_where_a_dot_is(tmp_path, head):
    trained, valid = fit(tmp_path, head, steps=60), dots(64, seed=1)
    assert trained.fitness.status == "ok"
    found = predict(trained.model, valid)
    assert error(found, valid) < 4
    assert ((found[..., 2] > 0) & (found[..., 2] <= 1)).all()


@pytest.mark.slow
@pytest.mark.parametrize("first", ["simcc", "regression"])
def test_all_heads_learn_together(tmp_path, first):
    heads = [first, *(head for head in ALL if head != first)]
    trained, valid = fit(tmp_path, *heads, steps=60), dots(64, seed=1)
    assert trained.fitness.status == "ok"
    history = pd.read_csv(tmp_path / "history.csv")
    assert np.isfinite(history[[f"{head}_loss" for head in heads]].to_numpy()).all()
    found = predict(trained.model, valid)
    assert error(found, valid) < 4
    assert DOTS.score(found, valid).mean == trained.fitness.objectives["score"]
    if first == "regression":  # which takes its confidence from visibility
        assert found[..., 2][valid.visible].mean() > found[..., 2][~valid.visible].mean() + 0.3


@pytest.mark.parametrize(
    "heads",
    [
        ["regression", "visibility"],
        *(pytest.param([head], marks=pytest.mark.slow, id=head) for head in ALONE),
        pytest.param(ALL, marks=pytest.mark.slow, id="all"),
    ],
)
def test_two_steps_are_the_same_every_time(tmp_path, heads):
    first, again = (fit(tmp_path, *heads, steps=2).model.get_weights() for _ in range(2))
    assert all(np.isfinite(weights).all() for weights in first)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_losses_are_added_by_weight(tmp_path):
    fit(tmp_path, "heatmap", "visibility", steps=2, weight=0.25)
    row = pd.read_csv(tmp_path / "history.csv").iloc[0]
    assert row["loss"] == pytest.approx(0.25 * (row["heatmap_loss"] + row["visibility_loss"]), rel=1e-5)


@pytest.mark.parametrize("heads", [["integral"], ["regression", "visibility", "heatmap"], ["heatmap", "visibility"]])
def test_a_model_still_knows_who_predicts_when_it_is_read(tmp_path, heads):
    keras.utils.set_random_seed(0)
    model, crops = build(network(*heads)), dots(20, seed=2)
    model.save(tmp_path / "model.keras")
    read = keras.models.load_model(tmp_path / "model.keras", compile=False)
    assert read.name == heads[0]
    expected = predict(model, crops)
    assert np.array_equal(predict(read, crops), expected)
    outputs = model(crops.inputs(slice(None)))
    assert DOTS.decode({heads[0]: np.array(outputs if len(heads) == 1 else outputs[heads[0]])}, SIZE)[
        ..., :2
    ] == pytest.approx(expected[..., :2], abs=1e-3)


@pytest.mark.slow
def test_a_model_with_several_heads_is_evaluated(tmp_path):
    keras.utils.set_random_seed(0)
    heads = ["regression", "visibility", "heatmap"]
    model, crops = build(network(*heads)), dots(20, seed=2)
    model.save(tmp_path / "model.keras")
    skeleton = {
        **{"joints": ["red", "blue"], "pairs": [], "limbs": [], "groups": {}, "scored": ["red", "blue"]},
        **{"normaliser": "box", "threshold": 0.1},
    }
    (tmp_path / "labels.yaml").write_text(yaml.safe_dump(skeleton))
    evaluate(
        tmp_path / "score.json",
        tmp_path / "predictions.csv",
        model=tmp_path / "model.keras",
        test_files=save(tmp_path, crops),
        labels=tmp_path / "labels.yaml",
        batch_size=16,
    )
    found = predict(model, crops)
    assert DOTS.read(tmp_path / "predictions.csv", crops) == pytest.approx(found, abs=1e-3)
    result = json.loads((tmp_path / "score.json").read_text())
    assert result["test"]["mean"] == pytest.approx(DOTS.score(found, crops).mean)
