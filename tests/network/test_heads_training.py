"""Training each head, and several at once: finite, the same every time, and it learns where a bright dot is."""

import json
import subprocess
import sys

import keras
import numpy as np
import pandas as pd
import pytest
import yaml
from dots import ALL, ALONE, DOTS, SIZE, dots, error, fit, network, predict, save

from evocnn.network.build import build
from evocnn.network.evaluation import evaluate
from evocnn.network.train import uncompiled


@pytest.mark.slow
@pytest.mark.parametrize("head", ALONE)
def test_each_head_learns_where_a_dot_is(tmp_path, head):
    trained, valid = fit(tmp_path, head, steps=60), dots(64, seed=1)
    assert trained.fitness.status == "ok"
    actual = predict(trained.model, valid)
    assert error(actual, valid) < 4
    assert ((actual[..., 2] > 0) & (actual[..., 2] <= 1)).all()


@pytest.mark.slow
@pytest.mark.parametrize("first", ["simcc", "regression"])
def test_all_heads_learn_together(tmp_path, first):
    heads = [first, *(head for head in ALL if head != first)]
    trained, valid = fit(tmp_path, *heads, steps=60), dots(64, seed=1)
    assert trained.fitness.status == "ok"
    history = pd.read_csv(tmp_path / "history.csv")
    assert np.isfinite(history[[f"{head}_loss" for head in heads]].to_numpy()).all()
    actual = predict(trained.model, valid)
    assert error(actual, valid) < 4
    assert DOTS.score(actual, valid).mean == trained.fitness.objectives["score"]
    if first == "regression":  # which takes its confidence from visibility
        assert actual[..., 2][valid.visible].mean() > actual[..., 2][~valid.visible].mean() + 0.3


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
    actual = predict(model, crops)
    assert DOTS.read(tmp_path / "predictions.csv", crops) == pytest.approx(actual, abs=1e-3)
    result = json.loads((tmp_path / "score.json").read_text())
    assert result["test"]["mean"] == pytest.approx(DOTS.score(actual, crops).mean)


@pytest.mark.slow
@pytest.mark.parametrize("heads", [["heatmap"], ["regression", "visibility"]])
def test_a_saved_model_loads_without_this_package(tmp_path, heads):
    trained, crops = fit(tmp_path, *heads, steps=2), dots(16, seed=2)
    uncompiled(trained.model).save(tmp_path / "model.keras")
    inputs = crops.inputs(slice(None))
    np.save(tmp_path / "inputs.npy", inputs)
    code = """
import sys
sys.modules["evocnn"] = None
import keras, numpy as np
model = keras.models.load_model("model.keras")
outputs = model(np.load("inputs.npy"))
np.save("outputs.npy", outputs[model.name] if isinstance(outputs, dict) else outputs)
"""
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True)
    expected = trained.model(inputs)
    expected = expected[heads[0]] if isinstance(expected, dict) else expected
    assert np.load(tmp_path / "outputs.npy") == pytest.approx(np.array(expected), abs=1e-5)
