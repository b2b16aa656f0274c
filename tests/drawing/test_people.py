"""Drawn predictions: who is chosen, how they are measured, and a picture that shows them."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from evocnn.dataset.crops import read_crops, write_labels
from evocnn.drawing.image_tiles import CAPTION, GAP, TILE, choose
from evocnn.drawing.people import HEADER, measure
from evocnn.drawing.pictures import draw_predictions
from evocnn.labels import read_skeleton
from evocnn.tasks.task import read_task

PEOPLE, SIDE, MARGIN = 7, 40, 4
HEAD = 4.0


@pytest.fixture
def split(tmp_path):
    """Grey crops of seven people; person n is predicted n pixels too far to the right, the last one has no labels."""
    rng = np.random.default_rng(3)
    files = tmp_path / "crops.npy", tmp_path / "crops.npz"
    np.save(files[0], np.full((PEOPLE, SIDE, SIDE, 3), 128, np.uint8))
    visible = np.ones((PEOPLE, 16), bool)
    visible[-1] = False
    write_labels(
        files[1],
        files[0],
        joints=rng.uniform(6, 34, (PEOPLE, 16, 2)).astype(np.float32),
        visible=visible,
        normaliser=np.full(PEOPLE, HEAD, np.float32),
        category=np.zeros(PEOPLE, int),
        rows=np.arange(PEOPLE),
        to_image=np.tile(np.array([[2.0, 0.0, 10.0], [0.0, 2.0, 20.0]]), (PEOPLE, 1, 1)),
        images=np.array([f"{n}.jpg" for n in range(PEOPLE)]),
        margin=MARGIN,
    )
    return files


def predict(split, labels) -> tuple[np.ndarray, Path]:
    crops = read_crops(*split)
    actual = crops.input_joints + np.arange(PEOPLE)[:, None, None] * np.array([1.0, 0.0])
    path = split[0].with_name("predictions.csv")
    read_task(labels).write(path, np.concatenate([actual, np.ones((PEOPLE, 16, 1))], -1), crops)
    return actual, path


def test_measure(run, split):
    crops, skeleton = read_crops(*split), read_skeleton(run.labels)
    outcome = measure(predict(split, run.labels)[0], crops, skeleton)
    assert list(outcome.labelled) == [14] * 6 + [0]
    np.testing.assert_allclose(outcome.error[:6], np.arange(6) / HEAD, atol=1e-6)
    assert np.isnan(outcome.error[6])
    assert list(outcome.right[[0, 1, 3, 6]]) == [14, 14, 0, 0]


def test_choose():
    error = np.array([0.5, 0.1, np.nan, 0.4, 0.2, 0.3])
    assert list(choose(error, 3)) == [1, 5, 0]
    assert list(choose(error, 99)) == [1, 4, 5, 3, 0]
    assert list(choose(error, 1)) == [1]


def test_picture(run, split):
    output = split[0].with_name("predictions.png")
    predictions = predict(split, run.labels)[1]
    draw_predictions(output, predictions=predictions, test=split, labels=run.labels, people=4)
    picture = cv2.imread(str(output))
    assert picture.shape == (HEADER + GAP + 2 * (TILE + CAPTION + GAP), GAP + 2 * (TILE + GAP), 3)
    first, last = (
        picture[y : y + TILE, x : x + TILE].astype(int)
        for y, x in ((HEADER + GAP, GAP), (HEADER + GAP + TILE + CAPTION + GAP, GAP + TILE + GAP))
    )
    blue, _, red = np.moveaxis(first, -1, 0)
    assert (red - blue > 150).sum() > 200  # limbs of the right side
    assert (blue - red > 100).sum() > 200  # of the left
    white = [(tile.min(-1) > 240).sum() for tile in (first, last)]
    assert white[1] > white[0] + 200  # the truth lies hidden below a perfect prediction, beside a bad one


def test_no_labels(run, split):
    predictions = predict(split, run.labels)[1]
    with np.load(split[1]) as columns:
        write_labels(split[1], split[0], **{**columns, "visible": np.zeros((PEOPLE, 16), bool)})
    with pytest.raises(ValueError, match="no person has a labelled joint"):
        draw_predictions(split[0].with_name("p.png"), predictions=predictions, test=split, labels=run.labels, people=4)
