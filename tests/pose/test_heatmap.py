"""Heatmaps: the way back to joints."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocnn.pose.heatmap import decode

IMAGE = (64, 64)


def gaussian(x, y, height, width, sigma):
    """Logarithm of a Gaussian around (x, y) in grid cells, (1, height, width, 1)."""
    rows, columns = np.mgrid[:height, :width]
    return (-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))[None, ..., None]


@settings(max_examples=100, deadline=None)
@given(x=st.floats(1, 22), y=st.floats(1, 10), sigma=st.floats(0.5, 4))
def test_the_summit_of_a_gaussian_is_exact(x, y, sigma):
    joints, _ = decode(gaussian(x, y, 12, 24, sigma), image_size=(48, 96))
    assert joints[0, 0] == pytest.approx([4 * x, 4 * y], abs=0.01)


def test_a_peak_at_the_border_stays_in_its_cell():
    joints, _ = decode(gaussian(-0.4, 15.3, 16, 16, 1.0), image_size=IMAGE)
    assert joints[0, 0].tolist() == [0.0, 60.0]


def test_decoding_ignores_constants():
    logits = gaussian(5.2, 7.7, 16, 16, 1.5)
    shifted = decode(logits + 1000.0, image_size=IMAGE)
    for actual, expected in zip(shifted, decode(logits, image_size=IMAGE), strict=True):
        assert actual == pytest.approx(expected, abs=1e-4)


def test_a_flat_map_has_the_confidence_of_one_cell():
    joints, confidences = decode(np.zeros((1, 16, 16, 1)), image_size=IMAGE)
    assert confidences.item() == pytest.approx(1 / 256)
    assert np.all(np.isfinite(joints))


def test_a_certain_map_has_confidence_1():
    logits = np.full((1, 16, 16, 1), -100.0)
    logits[0, 3, 4] = 0
    assert decode(logits, image_size=IMAGE)[1].item() == pytest.approx(1)


def test_each_joint_of_each_person_is_decoded_independently():
    cells = np.array([[[3, 10], [12.5, 2.25]], [[8.3, 5.4], [2, 2]]])
    maps = np.stack([np.concatenate([gaussian(x, y, 16, 16, 1.0)[0] for x, y in person], -1) for person in cells])
    actual, confidences = decode(maps, image_size=IMAGE)
    assert actual == pytest.approx(4 * cells, abs=0.01)
    assert (actual.dtype, confidences.shape) == (np.float32, (2, 2))
