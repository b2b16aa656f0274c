"""The people table: rows, crops and normalisers."""

import numpy as np
import pytest

from evocnn.classification.classes import Classes
from evocnn.dataset.people import Person, box_square, crop_square, tabulate
from evocnn.pose.skeleton import Skeleton

JOINTS = np.array([[0.0, 0.0], [3.0, 4.0], [9.0, 9.0]])
ALL = np.ones(3, bool)


def skeleton(normaliser):
    return Skeleton(("shoulder", "hip", "foot"), (), (), {}, (0, 1, 2), normaliser, 0.2)


def person(row=0, image="a.jpg", **changes):
    fields = {"joints": JOINTS, "visible": ALL, "center": (5.0, 5.0), "side": 20.0, "head_size": 7.0, **changes}
    return Person(row, image, **fields)


def test_the_crop_of_mpii_grows_and_sinks_with_the_scale():
    assert crop_square((100.0, 50.0), 1.0) == ((100.0, 65.0), 250.0)
    assert crop_square((10.0, 20.0), 2.0) == ((10.0, 50.0), 500.0)


def test_the_crop_of_a_box_is_a_quarter_larger_than_its_longer_side():
    assert box_square(10, 20, 40, 80) == ((30.0, 60.0), 100.0)


def test_take_by_index_and_by_mask_keeps_rows_together():
    table = tabulate([person(row, f"{row}.jpg") for row in range(3)], skeleton("head_size")).people
    for rows in (np.array([0, 2]), np.array([True, False, True])):
        taken = table.take(rows)
        assert len(taken) == 2
        assert taken.rows.tolist() == [0, 2]
        assert taken.images.tolist() == ["0.jpg", "2.jpg"]
        assert taken.joints.shape == (2, 3, 2)


@pytest.mark.parametrize(
    ("normaliser", "changes", "expected"),
    [
        ("head_size", {}, 7.0),
        ("head_size", {"head_size": np.nan}, np.nan),
        ("head_size", {"head_size": 0.0}, np.nan),
        ("box", {"box": (30.0, 40.0)}, 50.0),
        ("box", {}, np.nan),
        ("area", {"area": 900.0, "box": (30.0, 40.0)}, 30.0),
        ("area", {"box": (20.0, 45.0)}, 30.0),
        ("area", {}, np.nan),
        ((0, 1), {}, 5.0),
        ((0, 1), {"visible": np.array([True, False, True])}, np.nan),
    ],
)
def test_what_errors_are_measured_in(normaliser, changes, expected):
    table = tabulate([person(**changes)], skeleton(normaliser)).people
    assert table.normaliser.tolist() == pytest.approx([expected], nan_ok=True)


def test_a_whole_image_has_neither_centre_nor_side():
    nothing = {"joints": np.empty((0, 2)), "visible": np.empty(0, bool), "center": None, "side": None}
    table = tabulate([person(category=1, **nothing)], Classes(("cat", "dog"))).people
    assert np.isnan(table.side).all()
    assert np.isnan(table.center).all()
    assert table.category.tolist() == [1]
    assert table.joints.shape == (1, 0, 2)


def test_nobody_is_a_table_too():
    table = tabulate([], skeleton("box")).people
    assert len(table) == 0
    assert table.joints.shape == (0, 3, 2)
