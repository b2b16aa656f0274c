"""The task of poses: what is aimed at, how it is scored, what it is held against, and its files."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evocnn.dataset.crops import Crops
from evocnn.pose.geometry import transform
from evocnn.pose.pckh import pckh
from evocnn.pose.skeleton import Skeleton
from evocnn.tasks.pose import Pose
from evocnn.tasks.task import read_task

HANDS = Pose(Skeleton(("right", "left", "nose"), ((0, 1),), (), {"hands": (0, 1)}, (0, 1, 2), "head_size", 0.5))
SIZE, MARGIN = 32, 5
NOBODY = np.zeros(1, int)


def crops(people=4, seed=0, **changes):
    """People of different sizes in their images; half a pixel of the crop is 0.2 to 4 of the image."""
    rng = np.random.default_rng(seed)
    zoom = rng.uniform(0.4, 8, people)  # image pixels per crop pixel
    to_image = np.zeros((people, 2, 3))
    to_image[:, 0, 0] = to_image[:, 1, 1] = zoom
    to_image[:, :, 2] = rng.uniform(-50, 900, (people, 2))
    side = SIZE + 2 * MARGIN
    columns = {
        "pixels": np.zeros((people, side, side, 3), np.uint8),
        "joints": rng.uniform(MARGIN, SIZE + MARGIN, (people, 3, 2)).astype(np.float32),
        "visible": rng.random((people, 3)) < 0.8,
        "normaliser": rng.uniform(3, 6, people).astype(np.float32),
        "category": np.zeros(people, int),
        "to_image": to_image,
        "images": np.array([f"{n}.jpg" for n in range(people)]),
        "rows": rng.permutation(100)[:people],
        "margin": MARGIN,
    }
    return Crops(**{**columns, **changes})


def predictions(some, error=0.0, seed=1):
    """The truth with noise of a standard deviation, and a confidence."""
    rng = np.random.default_rng(seed)
    places = some.input_joints + rng.normal(0, error, some.joints.shape)
    return np.concatenate([places, rng.random((*some.visible.shape, 1))], -1)


def test_the_labels_choose_it(repository):
    task = read_task(repository / "config/skeletons/mpii.yaml")
    assert isinstance(task, Pose)
    assert (task.metric, len(task.mirror)) == ("PCKh@0.5", 16)
    assert HANDS.mirror == (1, 0, 2)


def test_places_are_fractions_of_the_input():
    joints = np.array([[[8, 16], [0, 31], [12.5, 20]]])
    places, weights = HANDS.targets(joints, np.ones((1, 3), bool), NOBODY, SIZE)
    assert places.tolist() == [[[0.25, 0.5], [0, 31 / 32], [12.5 / 32, 0.625]]]
    assert weights.tolist() == [[1, 1, 1]]
    assert places.dtype == weights.dtype == np.float32


@pytest.mark.parametrize(
    ("x", "weight"), [(-0.5, 1), (-0.501, 0), (31.499, 1), (31.5, 0), (15, 1), (-1e6, 0), (np.inf, 0), (np.nan, 0)]
)
@pytest.mark.parametrize("turned", [False, True])
def test_joints_count_up_to_the_borders_of_the_pixels(x, weight, turned):
    place = [10.0, x] if turned else [x, 10.0]
    joints = np.array([[place, [3.0, 4.0], [5.0, 6.0]]])
    places, weights = HANDS.targets(joints, np.ones((1, 3), bool), NOBODY, SIZE)
    assert weights.tolist() == [[weight, 1, 1]]
    assert np.isfinite(places).all()


def test_unlabelled_joints_have_weight_0_and_a_finite_place():
    joints = np.array([[[4.0, 4.0], [np.nan, np.nan], [8.0, 8.0]]])
    places, weights = HANDS.targets(joints, np.array([[True, False, False]]), NOBODY, SIZE)
    assert weights.tolist() == [[1, 0, 0]]
    assert np.isfinite(places).all()


def test_predictions_are_decoded_from_maps():
    maps = np.full((2, 8, 16, 3), -20.0, np.float32)
    maps[0, 2, 5, 1] = maps[1, 6, 9, 2] = 0  # 16 columns and 8 rows for 32 pixels
    actual = HANDS.decode({"heatmap": maps}, SIZE)
    assert (actual.shape, actual.dtype) == ((2, 3, 3), np.float32)
    assert actual[0, 1, :2].tolist() == [5 * 2, 2 * 4]
    assert actual[1, 2, :2].tolist() == [9 * 2, 6 * 4]
    assert actual[0, 1, 2] == pytest.approx(1, abs=1e-5)
    assert actual[0, 0, 2] == pytest.approx(1 / 128)


def test_the_score_is_that_in_pixels_of_the_image():
    some = crops(60)
    actual = predictions(some, error=2.0)
    zoom = some.to_image[:, 0, 0]
    score = HANDS.score(actual, some)
    expected = pckh(
        transform(some.to_image, actual[..., :2] + MARGIN),
        transform(some.to_image, some.joints),
        some.visible,
        some.normaliser * zoom,
        skeleton=HANDS.labels,
    )
    assert 20 < score.mean < 80
    assert score == expected


def test_confidences_do_not_change_the_score():
    some = crops(20)
    actual = predictions(some, error=2.0)
    assert HANDS.score(actual, some) == HANDS.score(actual * [1, 1, 0], some)


def test_the_threshold_is_the_skeletons():
    some = crops(50)
    actual = predictions(some, error=1.0)
    means = [Pose(replace(HANDS.labels, threshold=t)).score(actual, some).mean for t in (0.1, 0.5, 10.0)]
    assert means[0] < means[1] < means[2] == 100


def test_the_mean_pose_by_hand():
    joints = np.array([[[10, 20], [1, 1], [7, 9]], [[20, 40], [np.nan, np.nan], [3, 3]], [[60, 0], [5, 8], [4, 4]]])
    visible = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 0]], bool)
    train = crops(3, joints=(joints + MARGIN).astype(np.float32), visible=visible)
    mean_pose = HANDS.trivial_predictions(train, crops(7))["mean pose"]
    assert mean_pose.shape == (7, 3, 3)
    # (10, 20) and (20, 40); (1, 1) and (5, 8); nobody's nose is labelled
    expected = np.array([[15, 30, 1], [3, 4.5, 1], [0, 0, 1]])
    assert mean_pose == pytest.approx(np.tile(expected, (7, 1, 1)), abs=1e-5)


def test_the_centre_pose_is_the_middle_of_the_input():
    trivial = HANDS.trivial_predictions(crops(3), crops(5))
    assert list(trivial) == ["mean pose", "centre pose"]
    assert trivial["centre pose"].tolist() == [[[16, 16, 1]] * 3] * 5


def test_trivial_predictions_can_be_scored():
    train = crops(40)
    same = crops(
        5, joints=np.tile(HANDS.trivial_predictions(train, crops(1))["mean pose"][0, :, :2] + MARGIN, (5, 1, 1))
    )
    assert HANDS.score(HANDS.trivial_predictions(train, same)["mean pose"], same).mean == 100


def test_the_table_is_in_pixels_of_the_image(tmp_path):
    some = crops(3)
    actual = predictions(some, error=3.0)
    HANDS.write(tmp_path / "p.csv", actual, some)
    table = pd.read_csv(tmp_path / "p.csv")
    assert list(table.columns) == ["person", "image", "joint", "x", "y", "confidence"]
    assert table["person"].tolist() == np.repeat(some.rows, 3).tolist()
    assert table["image"].tolist() == ["0.jpg"] * 3 + ["1.jpg"] * 3 + ["2.jpg"] * 3
    assert table["joint"].tolist() == ["right", "left", "nose"] * 3
    zoom, offset = some.to_image[1, 0, 0], some.to_image[1, :, 2]
    left = table.iloc[3 + 1]
    assert [left["x"], left["y"]] == pytest.approx((actual[1, 1, :2] + MARGIN) * zoom + offset, abs=1e-3)
    assert table["confidence"].to_numpy() == pytest.approx(actual[..., 2].ravel(), abs=1e-3)


def test_what_is_written_is_read(tmp_path):
    some = crops(30)
    actual = predictions(some, error=3.0)
    HANDS.write(tmp_path / "p.csv", actual, some)
    again = HANDS.read(tmp_path / "p.csv", some)
    assert again.shape == actual.shape
    error = np.abs(again - actual)
    assert (error[..., :2] * some.to_image[:, None, None, 0, 0]).max() < 1e-3  # in pixels of the image
    assert error[..., 2].max() < 1e-3
    assert HANDS.score(again, some) == HANDS.score(actual, some)
    assert [path.name for path in tmp_path.iterdir()] == ["p.csv"]


def test_turned_crops_lead_back_too(tmp_path):
    quarter = np.tile(np.array([[0.0, -2.0, 90.0], [2.0, 0.0, 5.0]]), (4, 1, 1))
    some = crops(to_image=quarter)
    actual = predictions(some, error=1.0)
    HANDS.write(tmp_path / "p.csv", actual, some)
    first = pd.read_csv(tmp_path / "p.csv").iloc[0]
    x, y = actual[0, 0, :2] + MARGIN
    assert [first["x"], first["y"]] == pytest.approx([90 - 2 * y, 5 + 2 * x], abs=1e-3)
    assert HANDS.read(tmp_path / "p.csv", some) == pytest.approx(actual, abs=1e-3)
