"""Boxes for a user's own pictures."""

import json

import pytest

from evocnn.dataset.boxes import read_boxes

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


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("boxes.txt", "", "found the ending '.txt', expected .csv or .json"),
        ("boxes.csv", "image,x,y\na.jpg,1,2", "the columns box.x, box.y, box.width, box.height are missing"),
        ("boxes.csv", "image,box.x,box.y,box.width,box.height\na.jpg,1,2,3,", "row 0 has the image 'a.jpg'"),
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
