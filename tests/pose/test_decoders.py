"""Decoders: what each head aims at leads back to the joint, with the confidence that it has."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocnn.pose.decoders import DECODERS, decode

SIDE = 64
people = st.lists(st.tuples(st.floats(6, 54), st.floats(6, 54)), min_size=1, max_size=3).map(
    lambda places: np.array([places])
)
"""One person with one to three joints, in pixels."""


def gaussian(joints, cells, sigma):
    """Logarithm of a Gaussian about each joint (1, cells, cells, J); sigma in cells, the constant is not 0."""
    rows, columns = np.mgrid[:cells, :cells][..., None]
    x, y = np.moveaxis(joints[0] * cells / SIDE, -1, 0)
    return (5 - ((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))[None].astype(np.float32)


def lines(joints, cells, sigma):
    """Logarithms of a Gaussian along x and one along y, (1, 2, cells, J); sigma in cells."""
    distance = np.arange(cells)[:, None] - np.moveaxis(joints, -1, 1)[:, :, None] * cells / SIDE
    return (3 - distance**2 / (2 * sigma**2)).astype(np.float32)


def numbers(joints):
    """2 · pixel / side − 1, joint after joint, (1, 1, 1, 2J)."""
    return (2 * joints / SIDE - 1).reshape(1, 1, 1, -1).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(joints=people, sigma=st.floats(0.8, 2))
def test_heatmaps_lead_back(joints, sigma):
    assert decode({"heatmap": gaussian(joints, 16, sigma)}, SIDE)[..., :2] == pytest.approx(joints, abs=0.01)


@settings(max_examples=60, deadline=None)
@given(joints=people, cells=st.sampled_from([16, 32]))
def test_expected_places_lead_back(joints, cells):
    """Up to what lies beyond the border of the grid: nothing, by half a cell of sigma."""
    assert decode({"integral": gaussian(joints, cells, 0.5)}, SIDE)[..., :2] == pytest.approx(joints, abs=0.1)


@settings(max_examples=60, deadline=None)
@given(joints=people, bins=st.sampled_from([1, 2, 3]), sigma=st.floats(2, 6))
def test_bins_lead_back(joints, bins, sigma):
    actual = decode({"simcc": lines(joints, bins * SIDE, bins * sigma)}, SIDE)
    assert actual[..., :2] == pytest.approx(joints, abs=0.02)


@settings(max_examples=60, deadline=None)
@given(joints=people)
def test_coordinates_lead_back(joints):
    actual = decode({"regression": numbers(joints)}, SIDE)
    assert actual[..., :2] == pytest.approx(joints, abs=1e-3)
    assert actual[..., 2].tolist() == [[1] * joints.shape[1]]


def test_expectations_by_hand():
    maps = np.full((1, 2, 4, 1), -50.0, np.float32)  # 2 rows and 4 columns for 64 pixels
    maps[0, 0, 1, 0] = np.log(3)
    maps[0, 1, 3, 0] = 0  # three quarters at (16, 0), a quarter at (48, 32)
    assert decode({"integral": maps}, SIDE)[0, 0] == pytest.approx([24, 8, 0.75])


def test_a_bin_is_a_fraction_of_a_pixel():
    both = np.full((1, 2, 128, 1), -30.0, np.float32)
    both[0, 0, 41] = both[0, 1, 10] = 0  # two bins per pixel
    assert decode({"simcc": both}, SIDE)[0, 0] == pytest.approx([20.5, 5, 1], abs=1e-5)


def test_the_confidence_of_bins_is_the_product_of_their_highest():
    both = np.zeros((1, 2, 64, 1), np.float32)
    both[0, 0, 7] = np.log(63)  # one half; the other line is flat
    assert decode({"simcc": both}, SIDE)[0, 0, 2] == pytest.approx(0.5 / 64)


def test_pixel_0_is_minus_1():
    corners = np.array([[[[-1, -1, 1, 1, 0, -0.5]]]], np.float32)
    assert decode({"regression": corners}, SIDE)[0, :, :2].tolist() == [[0, 0], [64, 64], [32, 16]]


@pytest.mark.parametrize("name", list(DECODERS))
def test_the_first_head_alone_predicts(name):
    joints = np.array([[[20.0, 30.0], [41.0, 12.0]]])
    outputs = {
        "heatmap": gaussian(joints, 16, 1),
        "integral": gaussian(joints, 16, 0.5),
        "simcc": lines(joints, 128, 8),
        "regression": numbers(joints),
    }
    elsewhere = {other: output[..., ::-1] for other, output in outputs.items() if other != name}
    actual = decode({name: outputs[name], **elsewhere}, SIDE)
    assert (actual.shape, actual.dtype) == ((1, 2, 3), np.float32)
    assert actual[..., :2] == pytest.approx(joints, abs=0.1)


def test_visibility_is_the_confidence_of_coordinates_alone():
    joints = np.array([[[20.0, 30.0], [41.0, 12.0]]])
    logits = np.array([[[[np.log(3), -200]]]], np.float32)
    assert decode({"regression": numbers(joints), "visibility": logits}, SIDE)[0, :, 2] == pytest.approx([0.75, 0])
    maps = gaussian(joints, 16, 1)
    both = decode({"heatmap": maps, "visibility": logits}, SIDE)
    assert np.array_equal(both, decode({"heatmap": maps}, SIDE))


def test_a_head_that_cannot_predict_is_refused():
    with pytest.raises(ValueError, match="first head is visibility, which gives no joints; expected one of heatmap"):
        decode({"visibility": np.zeros((1, 1, 1, 2)), "heatmap": np.zeros((1, 4, 4, 2))}, SIDE)


@pytest.mark.parametrize(
    ("name", "shape"), [("heatmap", (16, 16, 3)), ("integral", (16, 16, 3)), ("simcc", (2, 64, 3))]
)
@pytest.mark.parametrize("size", [0.0, 1e4, 1e30])
def test_any_output_gives_finite_joints(name, shape, size):
    outputs = (size * np.random.default_rng(0).normal(0, 1, (2, *shape))).astype(np.float32)
    actual = decode({name: outputs}, SIDE)
    assert np.isfinite(actual).all()
    assert ((actual[..., 2] > 0) & (actual[..., 2] <= 1)).all()
