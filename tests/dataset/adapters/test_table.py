"""Own data in CSV and JSON: what is read, which rows are left out, and what is wrong with a file."""

import json

import numpy as np
import pytest

from evocnn.classification.classes import Classes
from evocnn.dataset.adapters import read_annotations, table
from evocnn.dataset.adapters.box import box_around
from evocnn.dataset.people import Skipped
from evocnn.pose.skeleton import Skeleton

BIRD = Skeleton(
    joints=("beak", "right wing", "left wing"),
    pairs=((1, 2),),
    limbs=((0, 1), (0, 2)),
    groups={"wing": (1, 2)},
    scored=(0, 1, 2),
    normaliser="head_size",
    threshold=0.5,
)
COLUMNS = "image,beak.x,beak.y,right wing.x,right wing.y,left wing.x,left wing.y"
BOX = "box.x,box.y,box.width,box.height"


def write_csv(folder, *lines, encoding="utf-8"):
    path = folder / "birds.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def write_json(folder, content):
    path = folder / "birds.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def bird(**changes):
    """One object; a value of None leaves the key out."""
    entry = {"image": "a.jpg", "joints": {"beak": [1, 2], "left wing": [5, 6]}, "box": [0, 0, 30, 40], **changes}
    return {key: value for key, value in entry.items() if value is not None}


def only(folder, **changes):
    """What becomes of one object after a good one."""
    _, entry = table.read(write_json(folder, [bird(), bird(**changes)]), BIRD)
    return entry


def test_a_whole_csv_becomes_a_table(tmp_path):
    path = write_csv(
        tmp_path, f"{COLUMNS},{BOX},head_size", "a.jpg,1,2,3.5,4,,,10,20,30,40,12.5", "b.jpg,1,,,,5,6,,,,,"
    )
    actual = read_annotations("table", path, BIRD)
    people = actual.people
    assert people.rows.tolist() == [0]
    assert people.images.tolist() == ["a.jpg"]
    assert people.center.tolist() == [[25, 40]]
    assert people.side.tolist() == [50]
    assert people.joints[0, :2].tolist() == [[1, 2], [3.5, 4]]
    assert people.visible.tolist() == [[True, True, False]]
    assert people.normaliser.tolist() == [12.5]
    assert actual.skipped == (Skipped(1, "b.jpg", "only one coordinate of beak"),)


def test_a_whole_json_becomes_a_table(tmp_path):
    actual = read_annotations("table", write_json(tmp_path, [bird(head_size=12.5), bird(image="b.jpg")]), BIRD)
    people = actual.people
    assert people.rows.tolist() == [0, 1]
    assert people.joints[0, [0, 2]].tolist() == [[1, 2], [5, 6]]
    assert people.visible.tolist() == [[True, False, True]] * 2
    assert people.normaliser.tolist() == pytest.approx([12.5, np.nan], nan_ok=True)
    assert actual.skipped == ()


def test_the_order_of_the_columns_is_free(tmp_path):
    columns, cells = ",".join(COLUMNS.split(",")[::-1]), "6,5,,,2,1,a.jpg"
    (person,) = table.read(write_csv(tmp_path, columns, cells), BIRD)
    assert person.joints[[0, 2]].tolist() == [[1, 2], [5, 6]]


def test_a_byte_order_mark_and_spaces_are_no_part_of_names(tmp_path):
    path = write_csv(tmp_path, COLUMNS.replace(",", " , "), " é.jpg , 1 , 2 , , , 5 , 6 ", encoding="utf-8-sig")
    (person,) = table.read(path, BIRD)
    assert person.image == "é.jpg"
    assert person.joints[0].tolist() == [1, 2]


def test_images_that_look_like_numbers_or_nothing_keep_their_names(tmp_path):
    rows = [f"{name},1,2,,,5,6" for name in ("007", "NA", "1e3")]
    assert [person.image for person in table.read(write_csv(tmp_path, COLUMNS, *rows), BIRD)] == ["007", "NA", "1e3"]


def test_cells_that_a_spreadsheet_leaves_out_are_empty(tmp_path):
    (person,) = table.read(write_csv(tmp_path, COLUMNS, "a.jpg,1,2,3,9"), BIRD)
    assert person.visible.tolist() == [True, True, False]


@pytest.mark.parametrize("joints", [{"beak": [1, 2]}, {"beak": [1, 2], "left wing": None, "right wing": [None, None]}])
def test_joints_that_are_absent_or_null_are_unlabelled(tmp_path, joints):
    person = only(tmp_path, joints=joints)
    assert person.visible.tolist() == [True, False, False]
    assert np.isnan(person.joints[1:]).all()


def test_the_box_around_joints_is_a_fifth_larger_on_every_side():
    assert box_around(np.array([[10.0, 20.0], [20.0, 40.0]])) == pytest.approx((8, 16, 14, 28))


def test_the_box_around_a_line_has_area():
    assert box_around(np.array([[10.0, 20.0], [10.0, 40.0]])) == pytest.approx((3, 16, 14, 28))


def test_without_a_box_the_crop_is_around_the_joints(tmp_path):
    person = only(tmp_path, box=None, joints={"beak": [10, 20], "left wing": [20, 40]})
    assert person.center == pytest.approx((15, 30))
    assert person.side == pytest.approx(1.25 * 28)
    assert person.box == pytest.approx((14, 28))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"joints": {"left wng": [1, 2]}}, "unknown joint 'left wng' (did you mean 'left wing'?)"),
        ({"joints": {"?": [1, 2]}}, "unknown joint '?'"),
        ({"joints": {"beak": [1, None]}}, "only one coordinate of beak"),
        ({"joints": {"beak": [1]}}, "the place of beak is not two finite numbers"),
        ({"joints": {"beak": ["1", "2"]}}, "the place of beak is not two finite numbers"),
        ({"joints": {"beak": [float("inf"), 2]}}, "the place of beak is not two finite numbers"),
        ({"joints": {}}, "no joint is labelled"),
        ({"joints": None}, "joints are not given by name"),
        ({"joints": [[1, 2]]}, "joints are not given by name"),
        ({"joints": {"beak": [1, 2]}, "box": None}, "there is neither a box nor two labelled joints apart"),
        (
            {"joints": {"beak": [1, 2], "left wing": [1, 2]}, "box": None},
            "there is neither a box nor two labelled joints apart",
        ),
        ({"box": [1, 2, 3]}, "the box is not four finite numbers"),
        ({"box": [1, 2, 3, None]}, "the box is not four finite numbers"),
        ({"box": [1, 2, 0, 4]}, "the box has no area"),
        ({"head_size": 0}, "head_size is not a number above 0"),
        ({"head_size": "big"}, "head_size is not a number above 0"),
        ({"boxx": [1, 2, 3, 4]}, "unknown key 'boxx' (did you mean 'box'?)"),
    ],
)
def test_a_bad_row_is_skipped_with_the_reason(tmp_path, changes, reason):
    assert only(tmp_path, **changes) == Skipped(1, "a.jpg", reason)


@pytest.mark.parametrize("image", [None, "", 3])
def test_a_row_without_an_image_is_skipped(tmp_path, image):
    assert only(tmp_path, image=image) == Skipped(1, "", "the row names no image")


def test_a_row_that_is_no_object_is_skipped(tmp_path):
    assert list(table.read(write_json(tmp_path, [[1, 2]]), BIRD)) == [Skipped(0, "", "the row is not an object")]


@pytest.mark.parametrize("cell", ["NA", "nan", "1;5", "left"])
def test_a_cell_that_is_no_number_is_skipped_with_the_reason(tmp_path, cell):
    path = write_csv(tmp_path, COLUMNS, f"a.jpg,{cell},2,,,5,6")
    assert list(table.read(path, BIRD)) == [Skipped(0, "a.jpg", "the place of beak is not two finite numbers")]


def test_a_box_with_an_empty_cell_is_skipped_with_the_reason(tmp_path):
    path = write_csv(tmp_path, f"{COLUMNS},{BOX}", "a.jpg,1,2,,,5,6,10,20,30,")
    assert list(table.read(path, BIRD)) == [Skipped(0, "a.jpg", "the box is not four finite numbers")]


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        (
            COLUMNS.replace("left wing.x", "left wng.x"),
            r"found the column 'left wng\.x' \(did you mean 'left wing\.x'\?\)",
        ),
        (f"{COLUMNS},colour", "found the column 'colour', expected"),
        (f"{COLUMNS},beak.x", r"found the column 'beak\.x' 2 times"),
        (COLUMNS.replace(",left wing.y", ""), r"the columns left wing\.y are missing"),
        (COLUMNS.replace("image,", ""), "the columns image are missing"),
        (f"{COLUMNS},box.x,box.y", r"the columns box\.width, box\.height are missing"),
        (COLUMNS.replace(",", "|"), r"found the column 'image\|.*separated by commas or semicolons"),
    ],
)
def test_a_wrong_column_is_named(tmp_path, columns, text):
    with pytest.raises(ValueError, match=rf"birds\.csv: {text}"):
        list(table.read(write_csv(tmp_path, columns, "a.jpg"), BIRD))


def test_only_a_row_longer_than_the_header_is_skipped(tmp_path):
    good, bad = table.read(write_csv(tmp_path, COLUMNS, "a.jpg,1,2,3,4,5,6,,", "b.jpg,1,2,3,4,5,6,7"), BIRD)
    assert good.joints.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert bad == Skipped(1, "b.jpg", "the row has 8 cells, the header has 7")


def test_a_quote_that_is_not_closed_is_damage(tmp_path):
    with pytest.raises(ValueError, match=r"birds\.csv: expected CSV in UTF-8, found damage"):
        list(table.read(write_csv(tmp_path, COLUMNS, '"a.jpg,1,2,3,4,5,6', "b.jpg,1,2,3,4,5,6"), BIRD))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_tabs_separate_cells_and_decimals_may_have_commas(tmp_path, separator):
    lines = [COLUMNS, "a.jpg,1:5,2,3:25,4,5,6"]
    path = write_csv(tmp_path, *(line.replace(",", separator).replace(":", ",") for line in lines))
    (person,) = table.read(path, BIRD)
    assert person.joints.tolist() == [[1.5, 2], [3.25, 4], [5, 6]]


def test_a_decimal_comma_in_quotes_is_read(tmp_path):
    (person,) = table.read(write_csv(tmp_path, COLUMNS, 'a.jpg,"1,5",2,3.5,4,5,6'), BIRD)
    assert person.joints.tolist() == [[1.5, 2], [3.5, 4], [5, 6]]


@pytest.mark.parametrize(
    "lines",
    [
        [COLUMNS, 'a.jpg,"1,234",2,3,4,5,6'],  # thousands, or decimals?
        [COLUMNS.replace(",", ";"), "a.jpg;1.234;2,5;3;4;5;6"],
    ],
)
def test_a_number_that_may_be_one_or_a_thousand_is_skipped(tmp_path, lines):
    (person,) = table.read(write_csv(tmp_path, *lines), BIRD)
    assert person == Skipped(0, "a.jpg", "the place of beak is not two finite numbers")


def test_minus_one_twice_is_an_unlabelled_joint(tmp_path):
    in_csv, _ = table.read(write_csv(tmp_path, COLUMNS, "a.jpg,-1,-1,3,4,5,6", "b.jpg,-1,2,3,4,5,6"), BIRD)
    assert in_csv.visible.tolist() == [False, True, True]
    assert only(tmp_path, joints={"beak": [-1, -1], "left wing": [5, 6]}).visible.tolist() == [False, False, True]


DEEPLABCUT = [
    "scorer,me,me,me,me,me,me",
    "bodyparts,beak,beak,right wing,right wing,left wing,left wing",
    "coords,x,y,x,y,x,y",
]


def test_the_table_of_deeplabcut_is_read(tmp_path):
    rows = ["labeled-data/film/img001.png,1,2,3.5,4,,", "labeled-data/film/img002.png,,,,,,"]
    person, empty = table.read(write_csv(tmp_path, *DEEPLABCUT, *rows), BIRD)
    assert person.image == "labeled-data/film/img001.png"
    assert person.joints[:2].tolist() == [[1, 2], [3.5, 4]]
    assert empty == Skipped(1, "labeled-data/film/img002.png", "no joint is labelled")


def test_deeplabcut_may_put_folders_into_columns_and_name_several_animals(tmp_path):
    lines = [
        "scorer,,,me,me,me,me,me,me,me,me",
        "individuals,,,a,a,a,a,b,b,b,b",
        "bodyparts,,,beak,beak,left wing,left wing,beak,beak,left wing,left wing",
        "coords,,,x,y,x,y,x,y,x,y",
        "labeled-data,film,img1.png,1,2,3,4,11,12,13,14",
        "labeled-data,film,img2.png,,,,,21,22,23,24",
    ]
    people = list(table.read(write_csv(tmp_path, *lines), BIRD))
    assert [person.image[-8:] for person in people] == ["img1.png", "img1.png", "img2.png"]
    assert [person.joints[0].tolist() for person in people] == [[1, 2], [11, 12], [21, 22]]


def test_predictions_of_deeplabcut_are_refused(tmp_path):
    lines = ["scorer,net,net,net", "bodyparts,beak,beak,beak", "coords,x,y,likelihood", "0,1,2,0.9"]
    with pytest.raises(ValueError, match=r"likelihood, so these are predictions of DeepLabCut; expected labels"):
        list(table.read(write_csv(tmp_path, *lines), BIRD))


def test_another_encoding_is_damage(tmp_path):
    path = write_csv(tmp_path, COLUMNS, "é.jpg,1,2,3,4,5,6", encoding="latin-1")
    with pytest.raises(ValueError, match=r"birds\.csv: expected CSV in UTF-8"):
        list(table.read(path, BIRD))


@pytest.mark.parametrize("lines", [[""], [COLUMNS]])
def test_an_empty_csv_is_refused(tmp_path, lines):
    with pytest.raises(ValueError, match=r"birds\.csv: .*found"):
        list(table.read(write_csv(tmp_path, *lines), BIRD))


@pytest.mark.parametrize(("content", "text"), [("[{", "no JSON"), ("{}", "found a dict"), ("[]", "found no rows")])
def test_damaged_json_names_the_file(tmp_path, content, text):
    with pytest.raises(ValueError, match=rf"birds\.json: .*{text}"):
        list(table.read(write_json(tmp_path, content), BIRD))


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"birds\.xlsx: found the ending '\.xlsx', expected \.csv or \.json"):
        list(table.read(tmp_path / "birds.xlsx", BIRD))


def test_labels_without_joints_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"change dataset\.labels"):
        list(table.read(tmp_path / "birds.csv", Classes(("a", "b"))))
