"""Affine maps on points worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evocnn.dataset.people import crop_square
from evocnn.pose.geometry import around, inverse, mirrored, transform

CENTER, SIDE = crop_square((100.0, 50.0), 1.0)
TO_INPUT = around(np.array([CENTER]), np.array([64 / SIDE]), 32.0)


def land(affine, *points):
    return transform(affine, np.array([points], float))[0]


def test_the_crop_of_scale_1_is_250_pixels_wide_and_15_lower():
    assert CENTER == (100.0, 65.0)
    assert SIDE == 250.0


@pytest.mark.parametrize(
    ("image", "crop"),
    [
        ((100, 65), (32, 32)),  # the centre lands on half the size
        ((-25, -60), (0, 0)),
        ((225, 190), (64, 64)),
        ((100, 50), (32, 28.16)),  # 15 pixels up: 15 · 64 / 250 = 3.84
        ((150, 65), (44.8, 32)),
    ],
)
def test_points_land_in_the_crop_where_worked_out_by_hand(image, crop):
    assert land(TO_INPUT, image)[0] == pytest.approx(crop)
    assert land(inverse(TO_INPUT), crop)[0] == pytest.approx(image)


def test_a_quarter_turn_is_clockwise_as_seen():
    turned = around(np.array([[10.0, 20.0]]), np.array([2.0]), 50.0, np.array([np.pi / 2]))
    right, below = land(turned, (13, 20), (10, 23))
    assert right == pytest.approx([50, 56])  # what was on the right is below
    assert below == pytest.approx([44, 50])  # what was below is on the left


def test_mirroring_reverses_columns():
    plain = land(TO_INPUT, (-25, 0), (100, 65))
    seen = land(mirrored(TO_INPUT, 64), (-25, 0), (100, 65))
    assert seen[:, 0] == pytest.approx(63 - plain[:, 0])
    assert seen[:, 0] == pytest.approx([63, 31])
    assert seen[:, 1] == pytest.approx(plain[:, 1])


def test_mirroring_leaves_its_argument_alone():
    before = TO_INPUT.copy()
    mirrored(TO_INPUT, 64)
    assert np.array_equal(TO_INPUT, before)


coordinates = st.floats(-1000, 1000)
maps = st.builds(
    lambda x, y, zoom, angle: around(np.array([[x, y]]), np.array([zoom]), 32.0, np.array([angle])),
    coordinates,
    coordinates,
    st.floats(0.05, 20),
    st.floats(-np.pi, np.pi),
)


@given(affine=maps, width=st.integers(1, 512))
def test_mirrored_twice_is_the_identity(affine, width):
    assert mirrored(mirrored(affine, width), width) == pytest.approx(affine)


@given(affine=maps, x=coordinates, y=coordinates)
def test_the_inverse_leads_back(affine, x, y):
    there = transform(affine, np.array([[[x, y]]]))
    assert transform(inverse(affine), there)[0, 0] == pytest.approx([x, y], abs=1e-6)


@given(affine=maps, x=coordinates, y=coordinates)
def test_one_map_and_a_stack_of_maps_agree(affine, x, y):
    stacked = transform(affine, np.array([[[x, y]]]))[0, 0]
    assert transform(affine[0], np.array([x, y])) == pytest.approx(stacked)


def test_each_person_has_their_own_map():
    maps = around(np.array([[0.0, 0.0], [10.0, 10.0]]), np.array([1.0, 3.0]), 5.0)
    actual = transform(maps, np.array([[[1.0, 2.0]], [[11.0, 12.0]]]))
    assert actual.tolist() == [[[6.0, 7.0]], [[8.0, 11.0]]]
