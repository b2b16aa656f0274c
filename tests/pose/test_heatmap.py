"""Heatmaps: where the mass lies, and the way back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocnn.pose.heatmap import decode, encode

IMAGE = (64, 64)
GRID = (16, 16)


def draw(joints, visible=None, image_size=IMAGE, heatmap_size=GRID, sigma=1.0):
    joints = np.array(joints, float).reshape(1, -1, 2)
    visible = np.ones(joints.shape[:2], bool) if visible is None else np.array(visible, bool).reshape(1, -1)
    return encode(joints, visible, image_size=image_size, heatmap_size=heatmap_size, sigma=sigma)


def gaussian(x, y, height, width, sigma):
    """Logarithm of a Gaussian around (x, y) in grid cells, (1, height, width, 1)."""
    rows, columns = np.mgrid[:height, :width]
    return (-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))[None, ..., None]


@settings(max_examples=200, deadline=None)
@given(x=st.floats(8, 52), y=st.floats(8, 52), sigma=st.floats(0.7, 3))
def test_joints_come_back_from_their_heatmaps(x, y, sigma):
    heatmaps, _ = draw([x, y], sigma=sigma)
    joints, _ = decode(np.log(np.maximum(heatmaps, 1e-30)), image_size=IMAGE)
    assert joints[0, 0] == pytest.approx([x, y], abs=0.01)


@settings(max_examples=100, deadline=None)
@given(x=st.floats(1, 22), y=st.floats(1, 10), sigma=st.floats(0.5, 4))
def test_the_summit_of_a_gaussian_is_exact(x, y, sigma):
    joints, _ = decode(gaussian(x, y, 12, 24, sigma), image_size=(48, 96))
    assert joints[0, 0] == pytest.approx([4 * x, 4 * y], abs=0.01)


@settings(max_examples=100, deadline=None)
@given(x=st.floats(-100, 200), y=st.floats(-100, 200), sigma=st.floats(0.1, 5))
def test_heatmaps_sum_to_1_wherever_the_joint_is(x, y, sigma):
    heatmaps, _ = draw([x, y], sigma=sigma)
    assert heatmaps.sum() == pytest.approx(1, abs=1e-5)
    assert np.all(heatmaps >= 0)


def test_shapes_and_types():
    heatmaps, weights = draw([[1, 2], [3, 4], [5, 6]], image_size=(32, 64), heatmap_size=(8, 16))
    assert (heatmaps.shape, heatmaps.dtype) == ((1, 8, 16, 3), np.float32)
    assert (weights.shape, weights.dtype) == ((1, 3), np.float32)
    joints, confidences = decode(np.log(heatmaps + 1e-9), image_size=(32, 64))
    assert joints.shape == (1, 3, 2)
    assert confidences.shape == (1, 3)


def test_the_highest_cell_is_pixel_over_stride():
    heatmaps, _ = draw([40, 20])  # stride 4: column 10, row 5
    assert np.unravel_index(heatmaps[0, ..., 0].argmax(), GRID) == (5, 10)


def test_neighbouring_cells_stand_in_the_ratio_of_a_gaussian():
    heatmap = draw([32, 32], sigma=1.0)[0][0, ..., 0]
    assert heatmap[8, 9] / heatmap[8, 8] == pytest.approx(np.exp(-1 / 2), rel=1e-4)
    assert heatmap[9, 10] / heatmap[8, 8] == pytest.approx(np.exp(-5 / 2), rel=1e-4)


def test_unlabelled_joints_weigh_nothing():
    _, weights = draw([[10, 10], [20, 20]], visible=[True, False])
    assert weights.tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize(
    ("x", "y", "weight"),
    [
        (0, 0, 1),
        (63, 63, 1),
        (-0.5, 10, 1),
        (63.49, 10, 1),
        (-0.51, 10, 0),
        (63.5, 10, 0),
        (10, -0.51, 0),
        (10, 63.5, 0),
        (1e9, 10, 0),
        (np.nan, 10, 0),
    ],
)
def test_joints_outside_of_the_image_weigh_nothing(x, y, weight):
    assert draw([x, y])[1].item() == weight


def test_height_and_width_keep_their_places():
    heatmaps, weights = draw([60, 10], image_size=(32, 64), heatmap_size=(8, 16))
    assert weights.item() == 1
    assert np.unravel_index(heatmaps[0, ..., 0].argmax(), (8, 16)) == (2, 15)
    assert draw([10, 60], image_size=(32, 64), heatmap_size=(8, 16))[1].item() == 0


def test_a_peak_at_the_border_stays_in_its_cell():
    joints, _ = decode(gaussian(-0.4, 15.3, 16, 16, 1.0), image_size=IMAGE)
    assert joints[0, 0].tolist() == [0.0, 60.0]


def test_decoding_ignores_constants():
    logits = gaussian(5.2, 7.7, 16, 16, 1.5)
    shifted = decode(logits + 1000.0, image_size=IMAGE)
    for found, expected in zip(shifted, decode(logits, image_size=IMAGE), strict=True):
        assert found == pytest.approx(expected, abs=1e-4)


def test_a_flat_map_has_the_confidence_of_one_cell():
    joints, confidences = decode(np.zeros((1, 16, 16, 1)), image_size=IMAGE)
    assert confidences.item() == pytest.approx(1 / 256)
    assert np.all(np.isfinite(joints))


def test_a_certain_map_has_confidence_1():
    logits = np.full((1, 16, 16, 1), -100.0)
    logits[0, 3, 4] = 0
    assert decode(logits, image_size=IMAGE)[1].item() == pytest.approx(1)


def test_each_joint_of_each_person_is_found_on_its_own():
    joints = np.array([[[12, 40], [50, 9]], [[33.3, 21.7], [8, 8]]])
    heatmaps, _ = encode(joints, np.ones((2, 2), bool), image_size=IMAGE, heatmap_size=GRID, sigma=1.0)
    found, _ = decode(np.log(np.maximum(heatmaps, 1e-30)), image_size=IMAGE)
    assert found == pytest.approx(joints, abs=0.01)
