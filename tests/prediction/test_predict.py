"""A network applied to people's own pictures and videos: where joints land, and what becomes of broken ones."""

import json
import shutil

import cv2
import keras
import numpy as np
import pandas as pd
import pytest
import yaml
from evocnn_command import evocnn
from PIL import Image

from evocnn.files import read_json, write_json
from evocnn.network.build import build
from evocnn.network.predict import outputs_of
from evocnn.prediction.finder import BATCH, Finder
from evocnn.prediction.frames import Frame, open_source
from evocnn.prediction.predict import by_batches, predict
from evocnn.prediction.results import Predicted, write_coco_results
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


def predicted(output, model, *images, boxes=None):
    source = open_source([*map(str, images)], output, None if boxes is None else list(boxes))
    return predict(output, Finder(model), source, boxes)


def places(output):
    table = pd.read_csv(output / "keypoints.csv")
    return {key: tuple(rows[["x", "y"]].to_numpy()[0]) for key, rows in table.groupby(["person", "image", "joint"])}


def test_joints_are_in_pixels_of_each_picture_and_a_broken_one_is_named(model, folder, tmp_path):
    actual, broken = predicted(tmp_path / "out", model, folder)
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
    drawn = cv2.imread(str(tmp_path / "out/overlays/a.png"))
    assert drawn.shape == (160, 320, 3)
    assert drawn[80, 155].any()  # the limb crosses what was black
    assert (tmp_path / "out/overlays/more/b.png").is_file()


def test_the_flip_test_evens_out_what_a_network_sees_aside(model, folder, monkeypatch):
    """Maps of this network are moved to the right by a cell."""

    def lopsided(model, batch):
        outputs = outputs_of(model, batch)
        return lambda inputs: {name: np.roll(maps, 1, axis=2) for name, maps in outputs(inputs).items()}

    monkeypatch.setattr("evocnn.prediction.finder.outputs_of", lopsided)
    pixels = cv2.imread(str(folder / "a.png"))[..., ::-1]
    places = {flip_test: Finder(model, flip_test=flip_test).find([(pixels, None)])[0] for flip_test in (False, True)}
    assert places[False][:, :2] == pytest.approx(np.array([(65, 40), (255, 120)]), abs=1)
    assert places[True][:, :2] == pytest.approx(np.array([(60, 40), (250, 120)]), abs=1)


def test_the_flip_test_needs_built_in_heads(model, tmp_path):
    shutil.copy(model, tmp_path)
    document = read_json(model.with_name("model.json"), "model")
    content = {key: value for key, value in document.items() if key not in ("kind", "schema_version")}
    write_json(tmp_path / "model.json", "model", {**content, "heads": [*content["heads"], "mine"]})
    with pytest.raises(ValueError, match=r"mine, and the flip test knows heatmap, .* leave out --flip-test"):
        Finder(tmp_path / "model.keras", flip_test=True)


def test_boxes_say_where_to_look_several_in_one_picture_too(model, folder, tmp_path):
    boxes = {"a.png": [(40.0, 20.0, 40.0, 40.0), (230.0, 100.0, 40.0, 40.0)], "gone.png": [(0.0, 0.0, 9.0, 9.0)]}
    actual, broken = predicted(tmp_path / "out", model, folder, boxes=boxes)
    assert [(image.image, image.reason) for image in broken] == [("gone.png", "the image is missing")]
    assert actual[0].output[0, :2] == pytest.approx((60, 40), abs=1)  # a pixel of the input is less than one here
    assert actual[1].output[1, :2] == pytest.approx((250, 120), abs=1)


def test_crops_are_those_that_networks_learn_from(model, repository):
    from evocnn.dataset.people import box_square
    from evocnn.dataset.records import cut

    pixels, box = picture(320, 160, (60, 40), (250, 120)), (30.0, 20.0, 60.0, 40.0)
    center, side = box_square(*box)
    assert (center, side) == ((60.0, 40.0), 75.0)
    plain, _ = cut(pixels, np.array(center), side, SIZE)
    wide, _ = cut(pixels, np.array(center), side, SIZE, 13)
    assert np.array_equal(plain, wide[13:-13, 13:-13])  # of a record, whose middle a network sees
    assert Finder(model).find([(pixels, box)])[0][0, :2] == pytest.approx(center, abs=1.5)


def test_pictures_patterns_and_zips_are_named_as_well(model, folder, tmp_path):
    one, _ = predicted(tmp_path / "one", model, folder / "more/b.png")
    assert [person.image for person in one] == ["b.png"]
    several, _ = predicted(tmp_path / "several", model, folder / "*.png", folder / "more")
    assert [person.image for person in several] == ["a.png", "more/b.png"]
    shutil.make_archive(str(tmp_path / "pictures"), "zip", folder)
    (tmp_path / "pictures.zip").rename(tmp_path / "pictures.download")
    zipped, _ = predicted(tmp_path / "zipped", model, tmp_path / "pictures.download")
    assert [person.image for person in zipped] == ["a.png", "c.jpg", "more/b.png"]


def test_overlays_among_the_pictures_are_no_pictures_the_next_time(model, folder):
    first, _ = predicted(folder / "out", model, folder)
    again, _ = predicted(folder / "out", model, folder)
    assert [person.image for person in first] == [person.image for person in again]


def test_joints_outside_of_the_picture_are_marked(model, folder, tmp_path):
    box = {"a.png": [(-400.0, -400.0, 100.0, 100.0)]}
    predicted(tmp_path / "out", model, folder, boxes=box)
    assert list(pd.read_csv(tmp_path / "out/keypoints.csv").outside) == [1, 1]
    assert json.loads((tmp_path / "out/keypoints.json").read_text())["people"][0]["outside"] == ["red", "blue"]


def test_boxes_of_coco_give_results_of_coco_that_are_scored(model, folder, tmp_path):
    """Boxes around the true places of both joints; the skeleton says how exactly these are annotated."""
    shutil.copy(folder / "a.png", folder / "000000000007.png")
    people = [{"image_id": 7, "category_id": 1, "bbox": [30, 20, 250, 130], "area": 32_500.0, "num_keypoints": 2}]
    people = [{**one, "id": 1, "iscrowd": 0, "keypoints": [60, 40, 2, 250, 120, 2]} for one in people]
    images = [{"id": 7, "file_name": "000000000007.png"}]
    truth, labels, detections = tmp_path / "truth.json", tmp_path / "labels.yaml", tmp_path / "detections.json"
    truth.write_text(json.dumps({"images": images, "annotations": people, "categories": [{"id": 1}]}))
    labels.write_text(yaml.safe_dump({**LABELS, "sigmas": [0.05, 0.05]}))
    detections.write_text(json.dumps([{"image_id": 7, "category_id": 1, "bbox": [30, 20, 250, 130], "score": 0.9}]))
    for boxes in (truth, detections):
        output = tmp_path / boxes.stem
        predicted_people = evocnn("predict", "--model", model, "--images", folder, "--output", output, "--boxes", boxes)
        assert predicted_people.returncode == 0, predicted_people.stderr
        arguments = ("--annotations", truth, "--predictions", output / "coco.json", "--labels", labels)
        scored = evocnn("score", "--format", "coco", *arguments)
        assert scored.returncode == 0, scored.stderr
        assert "AP     100.000" in scored.stdout


def test_a_batch_holds_people_of_several_pictures(model, folder, tmp_path):
    """Eleven people in two pictures; each is predicted as it is alone."""
    boxes = {"a.png": [(40.0 - n, 20.0, 40.0, 40.0) for n in range(9)], "more/b.png": [(100.0, 230.0, 40.0, 40.0)] * 2}
    actual, _ = predicted(tmp_path / "out", model, folder, boxes=boxes)
    finder = Finder(model)
    pictures = {name: cv2.cvtColor(cv2.imread(str(folder / name)), cv2.COLOR_BGR2RGB) for name in boxes}
    assert [person.image for person in actual] == ["a.png"] * 9 + ["more/b.png"] * 2
    for person in actual:
        alone = finder.find([(pictures[person.image], person.box)])[0]
        assert person.output == pytest.approx(alone, abs=1e-3)


def test_frames_without_people_are_not_kept_in_memory(model):
    """Each is given on after at most a batch, however many there are."""
    pixels, ahead = np.zeros((8, 8, 3), np.uint8), []

    def frames():
        for number in range(100):
            ahead.append(number)
            yield Frame("walk.mp4", number, pixels)

    for frame, people in by_batches(Finder(model), frames(), {"other.mp4": [(0.0, 0.0, 9.0, 9.0)]}):
        assert people == []
        assert len(ahead) - frame.number <= BATCH


def test_the_image_with_the_number_0_has_an_id(tmp_path):
    person = Predicted("0.jpg", None, None, (9, 9), np.ones((1, 3)))
    write_coco_results(tmp_path / "coco.json", [person], {0: 0}, 1)
    assert [row["image_id"] for row in json.loads((tmp_path / "coco.json").read_text())] == [0]


@pytest.fixture
def video(tmp_path):
    """Thirty frames in which red and blue move apart by 4 pixels per frame."""
    path = tmp_path / "walk.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (320, 160))
    for n in range(30):
        writer.write(cv2.cvtColor(picture(320, 160, (150 - 4 * n, 40), (170 + 4 * n, 120)), cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def test_a_video_has_rows_for_each_frame_and_becomes_a_video(model, video, tmp_path):
    actual, broken = predicted(tmp_path / "out", model, video)
    assert (len(actual), broken) == (30, [])
    table = pd.read_csv(tmp_path / "out/keypoints.csv")
    red = table[table.joint == "red"]
    assert list(red.frame) == list(range(30))
    assert red.x.to_numpy() == pytest.approx([150 - 4 * n for n in range(30)], abs=4)
    drawn = cv2.VideoCapture(str(tmp_path / "out/overlays/walk.mp4"))
    assert (drawn.get(cv2.CAP_PROP_FRAME_COUNT), drawn.get(cv2.CAP_PROP_FPS)) == (30, 10)
    assert drawn.read()[1].shape == (160, 320, 3)


def test_an_interruption_leaves_what_was_predicted(model, video, tmp_path):
    source = open_source([str(video)], tmp_path / "out")

    def interrupted(frames):
        for number, frame in enumerate(frames):
            if number == 20:
                raise KeyboardInterrupt
            yield frame

    actual, _ = predict(tmp_path / "out", Finder(model), source, None, interrupted)
    assert len(actual) == 16  # whole batches
    assert len(pd.read_csv(tmp_path / "out/keypoints.csv")) == 32
    assert cv2.VideoCapture(str(tmp_path / "out/overlays/walk.mp4")).get(cv2.CAP_PROP_FRAME_COUNT) == 16


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    """Says whether a picture is more red or more blue."""
    folder = tmp_path_factory.mktemp("classifier")
    graph = GraphBuilder((SIZE, SIZE, 3))
    pooled = graph.global_average_pool(graph.conv(0, 2, 1))
    network = canonical(graph.layers, [graph.head("classification", pooled, 0)])
    made = build(network)
    weights = np.array([[1, -1, -1], [-1, -1, 1]], np.float32).T
    made.layers[2].set_weights([10 * weights[None, None]])
    made.save(folder / "model.keras")
    (folder / "labels.yaml").write_text("classes: [red, blue]\n")
    write_metadata(folder / "model.json", labels=folder / "labels.yaml", input_size=SIZE, heads=("classification",))
    return folder / "model.keras"


def test_classes_are_predicted_too(classifier, tmp_path):
    images = tmp_path / "images"
    images.mkdir()
    for name, colour in (("rose", (255, 0, 0)), ("sea", (0, 0, 255))):
        Image.new("RGB", (90, 60), colour).save(images / f"{name}.png")
    finished = evocnn("predict", "--model", classifier, "--images", images, "--output", tmp_path / "out")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "2 objects in 2 pictures" in finished.stdout
    table = pd.read_csv(tmp_path / "out/classes.csv")
    assert list(zip(table.image, table.predicted, strict=True)) == [("rose.png", "red"), ("sea.png", "blue")]
    assert list(table.red + table.blue) == pytest.approx([1, 1], abs=2e-4)
    document = json.loads((tmp_path / "out/classes.json").read_text())
    assert [one["predicted"] for one in document["pictures"]] == ["red", "blue"]
    assert cv2.imread(str(tmp_path / "out/overlays/rose.png")).shape == (60, 90, 3)


def test_a_head_that_does_not_predict_the_labels_is_refused(model, classifier, tmp_path):
    for trained, other in ((model, classifier), (classifier, model)):
        folder = tmp_path / trained.parent.name
        folder.mkdir()
        shutil.copy(trained, folder)
        document = read_json(trained.with_name("model.json"), "model")
        labels = read_json(other.with_name("model.json"), "model")["labels"]
        content = {key: value for key, value in document.items() if key not in ("kind", "schema_version")}
        write_json(folder / "model.json", "model", {**content, "labels": labels})
        with pytest.raises(ValueError, match="is not built in for its labels"):
            Finder(folder / "model.keras")


def test_an_unreadable_picture_stops_no_other(model, folder, tmp_path, monkeypatch):
    def denied(path):
        if path.name == "a.png":
            raise PermissionError(13, "Permission denied", str(path))
        return whole(path)

    whole = type(folder).read_bytes
    monkeypatch.setattr(type(folder), "read_bytes", denied)
    actual, broken = predicted(tmp_path / "out", model, folder)
    assert [person.image for person in actual] == ["c.jpg", "more/b.png"]
    assert broken[0].reason == "the image cannot be read (Permission denied)"


def wrong(name):
    """Arguments that name what cannot be used, and the line that says so."""
    return {
        "no file": (["--images", "gone.png"], "there is no gone.png; correct the path"),
        "documents": (["--images", "documents"], "documents: found no picture, expected files with an ending of .jpg"),
        "an empty video": (["--images", "empty.mp4"], "empty.mp4: expected a video with pictures, found nothing"),
        "no camera": (["--images", "9"], "9: expected its number, such as 0, found nothing that can be read"),
        "two videos": (["--images", "empty.mp4", "empty.mp4"], "found 1 more beside this video"),
        "boxes of nothing": (["--images", "a.png", "--boxes", "boxes.txt"], "there is no boxes.txt; correct the path"),
        "no model": (["--images", "a.png", "--model", "other.h5"], "other.h5: expected a model of Keras, found"),
    }[name]


@pytest.mark.parametrize(
    "name", ["no file", "documents", "an empty video", "no camera", "two videos", "boxes of nothing", "no model"]
)
def test_what_cannot_be_used_is_one_line(model, folder, tmp_path, name):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/notes.txt").write_text("no picture")
    (tmp_path / "empty.mp4").touch()
    shutil.copy(folder / "a.png", tmp_path)
    shutil.copy(model.with_name("model.json"), tmp_path)
    (tmp_path / "other.h5").write_bytes(b"of another program")
    arguments, message = wrong(name)
    finished = evocnn("predict", "--model", model, "--output", "out", *arguments, cwd=tmp_path)
    assert finished.returncode == 2
    assert message in finished.stderr
    assert finished.stderr.count("\n") == 1


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
