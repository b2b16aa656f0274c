"""Drawn classes: who is shown in which order, and what the captions say."""

import cv2
import numpy as np
import pytest

from evocnn.dataset.crops import read_crops, write_labels
from evocnn.drawing.image_tiles import CAPTION, GAP, TILE, captioned, enlarged
from evocnn.drawing.pictures import draw_predictions
from evocnn.tasks.task import read_task

SIDE, MARGIN = 24, 2
GREYS = np.array([40, 90, 140, 190], np.uint8)
TRUTH = [0, 1, 1, 0]
# By the probability of the true class: image 2, 0, 3, and 1, which is taken for a cat.
PREDICTED = np.array([[0.8, 0.2], [0.9, 0.1], [0.05, 0.95], [0.6, 0.4]])


@pytest.fixture
def draw(tmp_path):
    """Draw four plain images of a grey of their own with a black margin; the picture's tiles, line by line."""
    labels = tmp_path / "labels.yaml"
    labels.write_text("classes: [cat, dog]\n")
    test = tmp_path / "crops.npy", tmp_path / "crops.npz"
    pixels = np.zeros((4, SIDE, SIDE, 3), np.uint8)
    pixels[:, MARGIN:-MARGIN, MARGIN:-MARGIN] = GREYS[:, None, None, None]
    np.save(test[0], pixels)

    def picture(actual=PREDICTED, truth=TRUTH, people=4, shape=(2, 2)):
        write_labels(
            test[1],
            test[0],
            joints=np.zeros((4, 0, 2), np.float32),
            visible=np.zeros((4, 0), bool),
            normaliser=np.full(4, np.nan, np.float32),
            category=np.array(truth),
            to_image=np.tile(np.eye(2, 3), (4, 1, 1)),
            images=np.array([f"{n}.jpg" for n in range(4)]),
            rows=np.arange(4),
            margin=MARGIN,
        )
        read_task(labels).write(tmp_path / "predictions.csv", actual, read_crops(*test))
        output = tmp_path / "predictions.png"
        draw_predictions(output, predictions=tmp_path / "predictions.csv", test=test, labels=labels, people=people)
        image = cv2.imread(str(output))
        height, width = TILE + CAPTION + GAP, TILE + GAP
        assert image.shape == (shape[0] * height + GAP, shape[1] * width + GAP, 3)
        corners = [(GAP + row * height, GAP + column * width) for row in range(shape[0]) for column in range(shape[1])]
        return [image[y : y + TILE + CAPTION, x : x + TILE] for y, x in corners]

    return picture


def caption(text):
    return captioned(np.zeros((TILE, TILE, 3), np.uint8), text)[TILE:]


def test_images_come_from_the_surest_to_the_worst_mistake(draw):
    image_tiles = draw()
    assert [int(np.median(tile[:TILE])) for tile in image_tiles] == GREYS[[2, 0, 3, 1]].tolist()
    assert all(tile[:TILE].std() == 0 for tile in image_tiles)  # nothing of the margin


def test_captions_say_what_was_found_and_what_is_true(draw):
    descriptions = ["dog (0.95)", "cat (0.80)", "cat (0.60)", "cat (0.90), is dog"]
    for tile, text in zip(draw(), descriptions, strict=True):
        assert np.array_equal(tile[TILE:], caption(text))
    assert not np.array_equal(caption("cat (0.90), is dog"), caption("cat (0.90)"))


def test_only_the_caption_of_an_image_changes_with_its_truth(draw):
    right, wrong = draw(), draw(truth=[0, 0, 1, 0])
    assert np.array_equal(wrong[0], right[0])
    assert any(np.array_equal(tile[TILE:], caption("cat (0.90)")) for tile in wrong)
    assert not any(np.array_equal(tile[TILE:], caption("cat (0.90), is dog")) for tile in wrong)


def test_fewer_are_drawn_from_both_ends(draw):
    best, worst = draw(people=2, shape=(1, 2))
    assert int(np.median(best[:TILE])) == GREYS[2]
    assert int(np.median(worst[:TILE])) == GREYS[1]


def test_more_than_there_are_are_all(draw):
    assert len(draw(people=99)) == 4


def test_a_tile_is_the_whole_crop():
    crop = np.zeros((20, 20, 3), np.uint8)
    crop[:10] = 255
    tile = enlarged(crop)
    assert tile.shape == (TILE, TILE, 3)
    assert tile[: TILE // 2 - 20].min() == 255
    assert tile[TILE // 2 + 20 :].max() == 0
