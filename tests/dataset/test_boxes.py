"""Boxes for a user's own pictures."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocnn.dataset.boxes import read_boxes

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
) | st.lists(st.integers(1, 9), min_size=4, max_size=4)

EXPECTED = {"b.jpg": [(1.0, 2.0, 30.0, 40.5), (5.0, 6.0, 7.0, 0.5)], "a.jpg": [(0.0, 0.0, 10.0, 10.0)]}


def test_csv_and_json_say_the_same(tmp_path):
    rows = [("b.jpg", 1, 2, 30, 40.5), ("a.jpg", 0, 0, 10, 10), ("b.jpg", 5, 6, 7, 0.5)]
    lines = ["image,box.x,box.y,box.width,box.height,note", *(",".join(map(str, (*row, "hello"))) for row in rows)]
    (tmp_path / "boxes.csv").write_text("\n".join(lines))
    (tmp_path / "boxes.json").write_text(json.dumps([{"image": image, "box": box} for image, *box in rows]))
    assert read_boxes(tmp_path / "boxes.csv") == read_boxes(tmp_path / "boxes.json") == EXPECTED


def test_a_table_in_another_encoding_is_one_line(tmp_path):
    (tmp_path / "boxes.csv").write_bytes("image,box.x,box.y,box.width,box.height\nBär.jpg,1,2,3,4".encode("latin-1"))
    with pytest.raises(ValueError, match=r"boxes\.csv: expected CSV in UTF-8, found damage \(.*\); correct the file"):
        read_boxes(tmp_path / "boxes.csv")


def test_annotations_of_coco(tmp_path):
    """People and a dog; a crowd; the category with keypoints counts."""
    content = {
        "images": [{"id": 7, "file_name": "b.jpg"}, {"id": 8, "file_name": "a.jpg"}],
        "annotations": [
            {"image_id": 7, "category_id": 1, "bbox": [1, 2, 30, 40.5]},
            {"image_id": 8, "category_id": 1, "bbox": [0, 0, 10, 10], "iscrowd": 0},
            {"image_id": 8, "category_id": 18, "bbox": [3, 3, 10, 10]},
            {"image_id": 8, "category_id": 1, "bbox": [0, 0, 99, 99], "iscrowd": 1},
            {"image_id": 7, "category_id": 1, "bbox": [5, 6, 7, 0.5]},
        ],
        "categories": [{"id": 1, "keypoints": ["nose"]}, {"id": 18, "name": "dog"}],
    }
    path = tmp_path / "annotations.json"
    path.write_text(json.dumps(content))
    assert read_boxes(path) == EXPECTED
    del content["categories"]
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match="found boxes of the categories 1, 18; choose one with --category"):
        read_boxes(path)
    assert read_boxes(path, category=18) == {"a.jpg": [(3.0, 3.0, 10.0, 10.0)]}


def test_detections_of_coco_name_images_by_number_and_have_scores(tmp_path):
    rows = [
        {"image_id": 139, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.9},
        {"image_id": 139, "category_id": 1, "bbox": [5, 6, 7, 8], "score": 0.2},
        {"image_id": 285, "category_id": 1, "bbox": [9, 9, 9, 9], "score": 0.5},
        {"image_id": 285, "category_id": 1, "bbox": [8, 8, 8, 8], "score": None},
    ]
    path = tmp_path / "detections.json"
    path.write_text(json.dumps(rows))
    assert read_boxes(path, least=0.5) == {139: [(1.0, 2.0, 3.0, 4.0)], 285: [(9.0, 9.0, 9.0, 9.0)]}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(["image", "box", "image_id", "bbox", "score", "category_id"]), VALUES)))
def test_any_rows_are_read_or_refused_by_name(rows):
    with TemporaryDirectory() as folder:
        for number, content in enumerate((rows, {"images": rows, "annotations": rows, "categories": rows})):
            path = Path(folder) / f"boxes-{number}.json"
            path.write_text(json.dumps(content))
            boxes, refused = {}, str(path)
            try:
                boxes = read_boxes(path)
            except ValueError as error:
                refused = str(error)
            assert str(path) in refused
            assert all(min(box[2:]) > 0 for of_image in boxes.values() for box in of_image)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("boxes.txt", "", "found the ending '.txt', expected .csv or .json"),
        ("boxes.csv", "image,x,y\na.jpg,1,2", "the columns box.x, box.y, box.width, box.height are missing"),
        ("boxes.csv", "image,box.x,box.y,box.width,box.height\na.jpg,1,2,3,", "row 0 has the image 'a.jpg'"),
        ("boxes.csv", "image,box.x,box.y,box.width,box.height\na.jpg,1,2,3,4,1", "row 0 has 6 cells, expected 5"),
        ("boxes.csv", "", "expected CSV in UTF-8, found damage"),
        ("boxes.json", '[{"image": "a.jpg", "box": [1, 2, 0, 4]}]', "with an area"),
        ("boxes.json", '{"a.jpg": []}', "expected a list of objects with 'image' and 'box'"),
        ("boxes.json", "[", "found no JSON"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(ValueError, match="boxes") as caught:
        read_boxes(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
