"""What a network yields for mirrored inputs says the same of the inputs themselves once it is turned back."""

import numpy as np
import pytest

from evocnn.pose.decoders import DECODERS
from evocnn.pose.flip import TURNS, turned_back

SIDE = 64
MIRROR = (1, 0, 2)
"""Right and left change places, the third joint has no other side."""
JOINTS = np.array([[[20.0, 11.0], [41.0, 30.0], [30.5, 50.0]]])
"""One person; x and y in pixels."""


def mirrored(joints):
    """Where they are in the mirror image: pixel p shows pixel 63 − p, and what is right there is left here."""
    return np.stack([SIDE - 1 - joints[..., 0], joints[..., 1]], -1)[:, list(MIRROR)]


def line(places, cells):
    """Logarithms of Gaussians about places (1, J) in cells, (1, cells, J)."""
    return -0.5 * (np.arange(cells)[:, None] - places[:, None]) ** 2


def heatmap(joints):
    """16×16 cells of four pixels each."""
    cells = joints * 16 / SIDE
    return line(cells[..., 0], 16)[:, None] + line(cells[..., 1], 16)[:, :, None]


def simcc(joints):
    """Two bins per pixel."""
    bins = joints * 2
    return np.stack([line(bins[..., 0], 128), line(bins[..., 1], 128)], 1)


def regression(joints):
    return (2 * joints / SIDE - 1).reshape(1, 1, 1, -1)


@pytest.mark.parametrize(
    ("head", "draw", "pixels"),
    [("heatmap", heatmap, 0.5), ("integral", heatmap, 0.05), ("simcc", simcc, 0.05), ("regression", regression, 1e-6)],
)
def test_joints_of_the_mirror_image_are_those_of_the_image(head, draw, pixels):
    """A Gaussian keeps its middle; interpolating a parabola moves its summit by up to an eighth of a cell."""
    turned = turned_back(head, draw(mirrored(JOINTS)), input_size=SIDE, mirror=MIRROR)
    assert turned.shape == draw(JOINTS).shape
    joints, _ = DECODERS[head](turned, SIDE)
    np.testing.assert_allclose(joints, JOINTS, atol=pixels)


def test_cells_of_a_pixel_each_change_places_exactly():
    cells = np.arange(8.0).reshape(1, 1, 8, 1)
    turned = turned_back("heatmap", cells, input_size=8, mirror=(0,))
    np.testing.assert_array_equal(turned.ravel(), np.arange(8.0)[::-1])


def test_cells_of_two_pixels_lie_half_a_cell_aside():
    """Cell k lies at pixel 2k; the mirror image of pixel 2k is 7 − 2k, half-way between two cells; the first is out."""
    cells = np.arange(4.0).reshape(1, 1, 4, 1)
    turned = turned_back("heatmap", cells, input_size=8, mirror=(0,))
    np.testing.assert_array_equal(turned.ravel(), [3.0, 2.5, 1.5, 0.5])


def test_who_is_seen_changes_sides_and_classes_do_not():
    logits = np.array([1.0, 2.0, 3.0]).reshape(1, 1, 1, 3)
    assert turned_back("visibility", logits, input_size=SIDE, mirror=MIRROR).ravel().tolist() == [2, 1, 3]
    assert turned_back("classification", logits, input_size=SIDE, mirror=()).ravel().tolist() == [1, 2, 3]


def test_nothing_is_changed_in_place():
    outputs = heatmap(JOINTS)
    before = outputs.copy()
    for head in TURNS.keys() - {"regression", "simcc"}:
        turned_back(head, outputs, input_size=SIDE, mirror=MIRROR)
    np.testing.assert_array_equal(outputs, before)


def test_other_heads_are_refused_by_name():
    with pytest.raises(ValueError, match="head mine; expected heatmap, integral, simcc"):
        turned_back("mine", heatmap(JOINTS), input_size=SIDE, mirror=MIRROR)
