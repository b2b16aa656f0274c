"""The flip test: predictions for a picture and for its mirror image, on average."""

import numpy as np
import pytest

from evocnn.network.predict import flip_tested
from evocnn.pose.decoders import decode

SIDE = 16
MIRROR = (1, 0)
"""The right wrist is first, the left one second."""
ASIDE = 3
"""Pixels that the network below looks too far right."""


def network(pictures):
    """Finds two bright pixels, and takes the one further left in the picture for the right wrist."""
    y, x = np.nonzero(pictures[0, ..., 0])
    places = np.stack([x + ASIDE, y], -1)[np.argsort(x)]
    return {"regression": (2 * places / SIDE - 1).reshape(1, 1, 1, 4).astype(np.float32)}


@pytest.fixture
def picture():
    """Somebody's right wrist at (4, 5), and the left one at (9, 12)."""
    pixels = np.zeros((1, SIDE, SIDE, 3), np.uint8)
    pixels[0, 5, 4] = pixels[0, 12, 9] = 255
    return pixels


def test_who_looks_too_far_right_looks_too_far_left_in_the_mirror(picture):
    plain = decode(network(picture), SIDE)[0, :, :2]
    np.testing.assert_allclose(plain, [(4 + ASIDE, 5), (9 + ASIDE, 12)], atol=1e-5)
    tested = decode(flip_tested(network, SIDE, MIRROR)(picture), SIDE)[0, :, :2]
    np.testing.assert_allclose(tested, [(4, 5), (9, 12)], atol=1e-5)


def test_the_picture_is_not_changed(picture):
    before = picture.copy()
    flip_tested(network, SIDE, MIRROR)(picture)
    np.testing.assert_array_equal(picture, before)
