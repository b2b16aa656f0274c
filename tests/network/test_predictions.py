"""A network applied to a user's own pictures: where joints land, and what becomes of broken images."""

import json

import cv2
import keras
import numpy as np
import pandas as pd
import pytest
import yaml
from evocnn_command import evocnn
from PIL import Image

from evocnn.network.build import build
from evocnn.network.pictures import Finder, predict_pictures
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.tasks.model_metadata import write_metadata

SIZE = 64
LABELS = {
    **{"joints": ["red", "blue"], "pairs": [], "limbs": [["red", "blue"]], "groups": {}, "scored": ["red", "blue"]},
    **{"normaliser": "box", "threshold": 0.1},
}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Finds the reddest and the bluest place, by hand-set weights: red − green − blue, and blue − red − green."""
    folder = tmp_path_factory.mktemp("final")
    graph = GraphBuilder((SIZE, SIZE, 3))
    network = canonical(graph.layers, [graph.head("heatmap", graph.conv(0, 2, 1), 0)])
    made = build(network)
    colours = np.array([[1, -1, -1], [-1, -1, 1]], np.float32).T
    made.layers[-1].set_weights([10 * colours[None, None]])
    made.save(folder / "model.keras")
    (folder / "labels.yaml").write_text(yaml.safe_dump(LABELS))
    write_metadata(folder / "model.json", labels=folder / "labels.yaml", input_size=SIZE, heads=("heatmap",))
    return folder / "model.keras"


def picture(width, height, red, blue):
    pixels = np.zeros((height, width, 3), np.uint8)
    for (x, y), colour in ((red, (255, 0, 0)), (blue, (0, 0, 255))):
        cv2.circle(pixels, (x, y), 6, colour, -1)
    return cv2.GaussianBlur(pixels, (0, 0), 2).astype(np.uint8)


@pytest.fixture
def folder(tmp_path):
    """A wide picture, one in a folder of its own, one lying on its side, a broken one, and a text."""
    images = tmp_path / "images"
    (images / "more").mkdir(parents=True)
    Image.fromarray(picture(320, 160, (60, 40), (250, 120))).save(images / "a.png")
    Image.fromarray(picture(160, 320, (60, 40), (120, 250))).save(images / "more/b.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    Image.fromarray(picture(320, 160, (40, 60), (250, 120))).save(images / "c.jpg", exif=exif, quality=98)
    (images / "broken.jpg").write_bytes((images / "c.jpg").read_bytes()[:200])
    (images / "notes.txt").write_text("no picture")
    return images


def places(output):
    table = pd.read_csv(output / "keypoints.csv")
    return {key: tuple(rows[["x", "y"]].to_numpy()[0]) for key, rows in table.groupby(["person", "image", "joint"])}


def test_joints_are_in_pixels_of_each_picture_and_a_broken_one_is_named(model, folder, tmp_path):
    actual, broken = predict_pictures(tmp_path / "out", model=model, images=folder)
    assert [person.image for person in actual] == ["a.png", "c.jpg", "more/b.png"]
    assert [image.image for image in broken] == ["broken.jpg"]
    at = places(tmp_path / "out")
    near = {"abs": 3}  # a pixel of the input is 5 of the picture
    assert at[0, "a.png", "red"] == pytest.approx((60, 40), **near)
    assert at[0, "a.png", "blue"] == pytest.approx((250, 120), **near)
    # Turned upright, what was at (x, y) of 320×160 is at (159 − y, x).
    assert at[1, "c.jpg", "red"] == pytest.approx((159 - 60, 40), **near)
    assert at[2, "more/b.png", "blue"] == pytest.approx((120, 250), **near)
    document = json.loads((tmp_path / "out/keypoints.json").read_text())
    assert document["people"][0]["joints"]["red"] == pytest.approx(at[0, "a.png", "red"], abs=1e-3)
    assert document["broken"] == [{"image": "broken.jpg", "reason": "the image is damaged or of an unknown format"}]
    drawn = cv2.imread(str(tmp_path / "out/overlays/a.png.png"))
    assert drawn.shape == (160, 320, 3)
    assert drawn[80, 155].any()  # the limb crosses what was black
    assert (tmp_path / "out/overlays/more/b.png.png").is_file()


def test_boxes_say_where_to_look_several_in_one_picture_too(model, folder, tmp_path):
    boxes = {"a.png": [(40.0, 20.0, 40.0, 40.0), (230.0, 100.0, 40.0, 40.0)], "gone.png": [(0.0, 0.0, 9.0, 9.0)]}
    actual, broken = predict_pictures(tmp_path / "out", model=model, images=folder, boxes=boxes)
    assert [(image.image, image.reason) for image in broken] == [("gone.png", "the image is missing")]
    assert actual[0].joints[0, :2] == pytest.approx((60, 40), abs=1)  # a pixel of the input is less than one here
    assert actual[1].joints[1, :2] == pytest.approx((250, 120), abs=1)


def test_crops_are_those_that_networks_learn_from(model, repository):
    from evocnn.dataset.people import box_square
    from evocnn.dataset.records import cut

    pixels, box = picture(320, 160, (60, 40), (250, 120)), (30.0, 20.0, 60.0, 40.0)
    center, side = box_square(*box)
    assert (center, side) == ((60.0, 40.0), 75.0)
    plain, _ = cut(pixels, np.array(center), side, SIZE)
    wide, _ = cut(pixels, np.array(center), side, SIZE, 13)
    assert np.array_equal(plain, wide[13:-13, 13:-13])  # of a record, whose middle a network sees
    assert Finder(model).find(pixels, box)[0, :2] == pytest.approx(center, abs=1.5)


def test_the_command_goes_on_and_says_what_was_broken(model, folder, tmp_path):
    finished = evocnn("predict", "--model", model, "--images", folder, "--output", tmp_path / "out")
    assert finished.returncode == 0, finished.stderr
    assert "broken.jpg: the image is damaged or of an unknown format" in finished.stderr
    assert "3 people in 3 pictures" in finished.stdout
    assert "pictures that could not be used: 1" in finished.stdout
    finished = evocnn("predict", "--model", "none.keras", "--images", folder, "--output", tmp_path / "out")
    assert (finished.returncode, finished.stderr) == (2, "there is no none.keras; correct the path\n")


def test_a_model_without_its_metadata_is_refused(model, tmp_path):
    keras.models.load_model(model, compile=False).save(tmp_path / "model.keras")
    with pytest.raises(ValueError, match=r"model\.json beside it"):
        Finder(tmp_path / "model.keras")
