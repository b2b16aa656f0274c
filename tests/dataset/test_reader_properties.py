"""Readers of other people's files: whatever is damaged, the outcome is people, skipped rows, or one line with the name.

The files of a run have checksums: any damage of the people table is an error, or changes nothing.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evocnn.dataset.adapters import read_annotations
from evocnn.dataset.boxes import read_boxes
from evocnn.dataset.people import Annotations, Person, Skipped, tabulate
from evocnn.dataset.people_file import read_people, write_people
from evocnn.labels import mpii_skeleton, read_labels
from evocnn.pose.skeleton import Skeleton

TWO = Skeleton(("hand", "foot"), (), (), {}, (0, 1), "box", 0.1)
CSV = b"image,hand.x,hand.y,foot.x,foot.y\na.jpg,1,2,3.5,4\nb.jpg,-1,-1,5,6\n"
SEMICOLONS = b"image;hand.x;hand.y;foot.x;foot.y\na.jpg;1,5;2;3,5;4\n"
DEEPLABCUT = b"scorer,me,me,me,me\nbodyparts,hand,hand,foot,foot\ncoords,x,y,x,y\na.jpg,1,2,3,4\n"
TABLE = json.dumps([{"image": "a.jpg", "joints": {"hand": [1, 2], "foot": [3, 4]}, "box": [0, 0, 9, 9]}]).encode()
COCO = json.dumps(
    {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 20, "height": 20}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9], "keypoints": [1, 2, 2, 3, 4, 1]}
        ],
        "categories": [{"id": 1, "name": "person", "keypoints": ["hand", "foot"]}],
    }
).encode()
MPII = json.dumps(
    [{"image": "a.jpg", "center": [9, 9], "scale": 1, "joints": [[1, 2]] * 16, "joints_vis": [1] * 16}]
).encode()
LABELS = (Path(__file__).parents[2] / "config/skeletons/excavator.yaml").read_bytes()
BOXES = b"image,box.x,box.y,box.width,box.height\na.jpg,1,2,3,4\n"

FILES = {
    "table.csv": (CSV, lambda path: read_annotations("table", path, TWO)),
    "semicolons.csv": (SEMICOLONS, lambda path: read_annotations("table", path, TWO)),
    "deeplabcut.csv": (DEEPLABCUT, lambda path: read_annotations("table", path, TWO)),
    "table.json": (TABLE, lambda path: read_annotations("table", path, TWO)),
    "coco.json": (COCO, lambda path: read_annotations("coco", path, TWO)),
    "mpii.json": (MPII, lambda path: read_annotations("mpii", path, mpii_skeleton())),
    "labels.yaml": (LABELS, read_labels),
    "boxes.csv": (BOXES, read_boxes),
}
"""What a file holds, and its reader, by name."""


def read_or_refuse(path, content, reader):
    """What a reader makes of a content; None where it refuses it in one line that names the file."""
    path.write_bytes(content)
    try:
        return reader(path)
    except ValueError as error:
        refusal = str(error)
    assert str(path) in refusal
    return None


def damaged(content):
    """The content with a bit flipped, cut, or with a part of it replaced by other bytes."""
    places = st.integers(0, len(content) - 1)
    flipped = st.builds(
        lambda at, bit: content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :], places, st.integers(0, 7)
    )
    cut = st.builds(lambda at: content[:at], places)
    replaced = st.builds(lambda at, new: content[:at] + new + content[at + len(new) :], places, st.binary(max_size=8))
    return st.one_of(flipped, cut, replaced)


@pytest.mark.parametrize("name", FILES)
def test_damage_is_read_or_refused_by_name(tmp_path_factory, name):
    content, reader = FILES[name]
    path = tmp_path_factory.mktemp("damaged") / name
    assert read_or_refuse(path, content, reader) is not None

    @settings(max_examples=150, deadline=None)
    @given(damaged(content))
    @example(b"")
    def check(changed):
        actual = read_or_refuse(path, changed, reader)
        if isinstance(actual, Annotations):
            assert np.isfinite(actual.people.joints[actual.people.visible]).all()

    check()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["image", "joints", "id", "x"]), inner),
    max_leaves=6,
)


@pytest.mark.parametrize("name", ["table.json", "coco.json", "mpii.json"])
def test_any_value_in_place_of_another_is_read_or_refused_by_name(tmp_path_factory, name):
    content, reader = FILES[name]
    path = tmp_path_factory.mktemp("replaced") / name

    @settings(max_examples=100, deadline=None)
    @given(st.data())
    def check(data):
        document = json.loads(content)
        place = document
        for _ in range(data.draw(st.integers(0, 3))):
            key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            if not isinstance(place[key], dict | list) or not place[key]:
                break
            place = place[key]
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        place[key] = data.draw(VALUES)
        read_or_refuse(path, json.dumps(document).encode(), reader)

    check()


def test_damage_of_the_people_table_is_refused_or_changes_nothing(tmp_path):
    joints = np.array([[1.5, 2.5], [3.0, 4.0]])
    people = [Person(at, f"{at}.jpg", joints + at, np.ones(2, bool), (5.0, 6.0), 20.0) for at in range(3)]
    path = tmp_path / "people.npz"
    write_people(path, Annotations(tabulate(people, TWO).people, (Skipped(3, "b.jpg", "the image is missing"),)))
    content, expected = path.read_bytes(), read_people(path)

    @settings(max_examples=300, deadline=None)
    @given(damaged(content))
    def check(changed):
        actual = read_or_refuse(path, changed, read_people)
        if actual is not None:
            assert actual.skipped == expected.skipped
            for name, column in vars(expected.people).items():
                np.testing.assert_array_equal(getattr(actual.people, name), column)

    check()
