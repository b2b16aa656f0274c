"""The command that scores predictions in a file: a published run, its three layouts, and what is wrong with a file."""

import csv
import json
from dataclasses import dataclass

import h5py
import numpy as np
import pytest
from evocnn_command import evocnn
from scipy.io import loadmat, savemat

from evocnn.commands.main import main
from evocnn.dataset.crops import Crops
from evocnn.files import read_json
from evocnn.tasks.pose import Pose

COLUMNS = ["person", "image", "joint", "x", "y", "confidence"]
PEOPLE = 4
"""Of the small annotation file; nobody can use row 1."""


@dataclass(frozen=True)
class Ran:
    """What a command left."""

    status: int
    out: str
    error: str

    def value(self, name):
        """The text beside a name."""
        (line,) = [line for line in self.out.splitlines() if line.strip().startswith(name)]
        return line.strip().removeprefix(name).strip()


ALL_RIGHT, NOTHING_RIGHT = "100.000 ± 10.443", "0.000 ± 10.443"
"""Of three people; there is doubt, as if there were a fourth of whom half is right."""


@pytest.fixture
def score(capsys):
    """Run the command in this process."""

    def run(annotations, predictions, *options):
        files = ["--annotations", str(annotations), "--predictions", str(predictions)]
        try:
            status = main(["score", *files, *map(str, options)])
        except SystemExit as left:
            status = left.code
        actual = capsys.readouterr()
        return Ran(status, actual.out, actual.err)

    return run


@pytest.fixture
def refused(score):
    """Run the command, which has to fail with one line."""

    def run(*arguments):
        actual = score(*arguments)
        assert (actual.status, actual.out) == (2, "")
        assert actual.error.count("\n") == 1
        return actual.error

    return run


@pytest.fixture
def places():
    """True places of all people, (people, 16, 2), in 1-based pixels."""
    return np.random.default_rng(0).uniform(1, 400, (PEOPLE, 16, 2)).round(2)


@pytest.fixture
def annotations(tmp_path, places):
    """Four people in MPII's layout with heads of 25 pixels, the second without a scale."""
    entries = [
        {"image": f"{row}.jpg", "center": [200.0, 200.0], "scale": 1.0, "joints": joints, "joints_vis": [1] * 16}
        for row, joints in enumerate(places.tolist())
    ]
    entries[1]["scale"] = -1.0
    path = tmp_path / "annotations.json"
    path.write_text(json.dumps(entries))
    return path


def write_h5(path, places, name="preds"):
    with h5py.File(path, "w") as file:
        file[name] = places
    return path


def write_json(path, places, **more):
    entries = [{"image": f"{row}.jpg", "joints": joints, **more} for row, joints in enumerate(places.tolist())]
    path.write_text(json.dumps(entries))
    return path


def csv_rows(places, skeleton):
    """Rows of a CSV by name of the column; `places` are 1-based."""
    return [
        {"person": person, "image": f"{person}.jpg", "joint": joint, "x": x - 1, "y": y - 1, "confidence": 1}
        for person, joints in enumerate(places.tolist())
        for joint, (x, y) in zip(skeleton.joints, joints, strict=True)
    ]


def write_csv(path, rows, columns=COLUMNS):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


# A published run.


@pytest.fixture(scope="module")
def published(shared_data):
    return shared_data / "mpii/annot/valid.json", shared_data / "mpii/predictions/hourglass-example.h5"


@pytest.fixture(scope="module")
def printed(published, tmp_path_factory):
    """What the real command prints in a folder of its own, and the file that it writes there."""
    folder = tmp_path_factory.mktemp("elsewhere")
    annotations, predictions = (path.resolve() for path in published)
    files = ["--annotations", annotations, "--predictions", predictions, "--json", "out.json"]
    done = evocnn("score", *files, cwd=folder)
    assert done.stderr == ""
    return Ran(0, done.stdout, ""), folder / "out.json"


def test_a_published_run_scores_as_published(printed):
    ran, _ = printed
    assert ran.value("PCKh@0.5 in percent").startswith("83.929 ± 0.")
    assert ran.value("PCKh@0.1 in percent").startswith("18.350 ± 0.")
    groups = ("head", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    assert [ran.value(group) for group in groups] == [
        "93.690",
        "92.238",
        "84.490",
        "77.916",
        "83.002",
        "78.018",
        "72.886",
    ]
    assert ran.value("people") == "2,958 of 2,958"
    assert ran.value("labelled joints") == "38,430"


def test_the_numbers_are_in_a_file(printed):
    actual = read_json(printed[1], "score", ("score", "others"))
    assert (actual["metric"], actual["people"], actual["labelled_joints"]) == ("PCKh@0.5", 2958, 38430)
    assert actual["score"]["mean"] == pytest.approx(83.929, abs=0.001)
    assert actual["score"]["standard_error"] == pytest.approx(0.36, abs=0.05)
    assert actual["others"]["PCKh@0.1"]["mean"] == pytest.approx(18.350, abs=0.001)


def test_the_documents_show_what_is_printed(printed, repository):
    page = (repository / "docs/predictions.md").read_text(encoding="utf-8")
    assert "".join(f"    {line}\n" for line in printed[0].out.splitlines()) in page


def test_a_published_run_scores_the_same_in_every_layout(printed, published, score, skeleton, tmp_path):
    annotations, predictions = published
    with h5py.File(predictions) as file:
        places = file["preds"][:]
    images = [entry["image"] for entry in json.loads(annotations.read_text())]
    entries = [{"image": image, "joints": joints} for image, joints in zip(images, places.tolist(), strict=True)]
    (tmp_path / "converted.json").write_text(json.dumps(entries))
    rows = [{**row, "image": images[row["person"]]} for row in csv_rows(places, skeleton)]
    write_csv(tmp_path / "converted.csv", rows)
    for name in ("converted.json", "converted.csv"):
        assert score(annotations, tmp_path / name).out == printed[0].out


# Layouts.


def test_rows_of_bad_annotations_keep_the_others_in_line(annotations, places, skeleton, score, tmp_path):
    rows = [row for row in csv_rows(places, skeleton) if row["person"] != 1]
    files = [
        write_h5(tmp_path / "p.h5", places),
        write_json(tmp_path / "p.json", places),
        write_csv(tmp_path / "p.csv", rows),
    ]
    for file in files:
        actual = score(annotations, file)
        assert actual.value("PCKh@0.5 in percent") == ALL_RIGHT
        assert actual.value("people") == "3 of 3"
        assert actual.value("left out") == "1 annotations, the first is row 1: the size is not above 0"


def test_every_layout_has_its_pixels(annotations, places, skeleton, score, tmp_path):
    """A head has 25 pixels, so that 2 pixels are right at 0.1 and 3 are not."""
    for shift, expected in ((2.0, ALL_RIGHT), (3.0, NOTHING_RIGHT)):
        moved = places + np.array([shift, 0.0])
        files = [
            write_h5(tmp_path / "p.h5", moved),
            write_json(tmp_path / "p.json", moved),
            write_csv(tmp_path / "p.csv", csv_rows(moved, skeleton)),
        ]
        for file in files:
            assert score(annotations, file).value("PCKh@0.1 in percent") == expected


def test_a_run_s_own_file_is_scored(annotations, places, skeleton, score, tmp_path):
    rows = np.array([3, 0, 2])
    crops = Crops(
        pixels=np.zeros((3, 8, 8, 3), np.uint8),
        joints=np.zeros((3, 16, 2), np.float32),
        visible=np.ones((3, 16), bool),
        normaliser=np.ones(3, np.float32),
        category=np.zeros(3, np.int64),
        to_image=np.tile(np.array([[2.0, 0.0, 10.0], [0.0, 2.0, 20.0]]), (3, 1, 1)),
        images=np.array([f"{row}.jpg" for row in rows]),
        rows=rows,
        margin=1,
    )
    inputs = (places[rows] - 1 - [10.0, 20.0]) / 2 - 1
    Pose(skeleton).write(tmp_path / "p.csv", np.concatenate([inputs, np.ones((3, 16, 1))], -1), crops)
    assert score(annotations, tmp_path / "p.csv").value("PCKh@0.1 in percent") == ALL_RIGHT


def test_neither_the_order_nor_the_other_columns_of_a_csv_matter(annotations, places, skeleton, score, tmp_path):
    rows = csv_rows(places, skeleton)
    rows[0]["x"] += 500
    np.random.default_rng(0).shuffle(rows)
    file = write_csv(tmp_path / "p.csv", rows, ["y", "joint", "x", "person"])
    assert score(annotations, file).value("PCKh@0.5 in percent").startswith("97.619 ")  # 41 of 42


def test_a_third_number_is_passed_over(annotations, places, score, tmp_path):
    more = np.concatenate([places, np.full((PEOPLE, 16, 1), 0.5)], -1)
    for file in (write_h5(tmp_path / "p.h5", more.astype(np.float32)), write_json(tmp_path / "p.json", more)):
        assert score(annotations, file).value("PCKh@0.5 in percent") == ALL_RIGHT


def test_json_may_name_its_joints(annotations, places, skeleton, score, tmp_path):
    entries = [{"joints": dict(reversed(list(zip(skeleton.joints, of, strict=True))))} for of in places.tolist()]
    entries[2]["joints"]["head top"] = None
    (tmp_path / "p.json").write_text(json.dumps(entries))
    actual = score(annotations, tmp_path / "p.json")
    assert actual.value("PCKh@0.5 in percent").startswith("97.619 ")  # 41 of 42
    assert actual.value("predicted nowhere") == "1, counted as wrong"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_wrong(annotations, places, skeleton, score, tmp_path, value):
    places = places.copy()
    places[2, 0, 1] = value
    files = [
        write_h5(tmp_path / "p.h5", places),
        write_json(tmp_path / "p.json", places),
        write_csv(tmp_path / "p.csv", csv_rows(places, skeleton)),
    ]
    for file in files:
        actual = score(annotations, file)
        assert actual.error == ""
        assert actual.value("PCKh@0.5 in percent").startswith("97.619 ")  # 41 of 42
        assert actual.value("predicted nowhere") == "1, counted as wrong"


def test_another_threshold_stands_alone(annotations, places, score, tmp_path):
    actual = score(annotations, write_h5(tmp_path / "p.h5", places), "--threshold", 0.2)
    assert actual.value("PCKh@0.2 in percent") == ALL_RIGHT
    assert "@0.1" not in actual.out


def test_a_table_and_its_predictions_are_0_based(repository, score, tmp_path):
    """Three people of one joint pair; the third has no normaliser and is not scored."""
    labels = tmp_path / "labels.yaml"
    labels.write_text(
        "joints: [a, b, c]\npairs: []\nlimbs: []\ngroups: {ends: [a, b]}\nscored: [a, c]\n"
        "normaliser: [a, b]\nthreshold: 0.1\n"
    )
    table = tmp_path / "table.csv"
    table.write_text("image,a.x,a.y,b.x,b.y,c.x,c.y\n1.jpg,0,0,10,0,5,5\n2.jpg,0,0,10,0,,\n3.jpg,0,0,,,5,5\n")
    places = np.array([[[0.9, 0], [10, 0], [7, 5]], [[0, 0], [10, 0], [0, 0]], [[0, 0], [0, 0], [5, 5]]])
    file = write_h5(tmp_path / "p.h5", places)
    actual = score(table, file, "--format", "table", "--labels", labels)
    assert actual.value("PCK@0.1 in percent").startswith("66.667 ")  # a twice, not c
    assert actual.value("people") == "2 of 3"
    assert actual.value("not measured").startswith("1 people")
    assert actual.value("labelled joints") == "3"


def test_rows_of_coco_are_those_of_its_annotations(score, skeleton, tmp_path):
    """The middle one is a crowd, which no adapter reads."""
    labels = tmp_path / "labels.yaml"
    labels.write_text(
        "joints: [a, b]\npairs: []\nlimbs: []\ngroups: {}\nscored: [a, b]\nnormaliser: box\nthreshold: 0.1\n"
    )
    one = {"image_id": 7, "category_id": 1, "bbox": [0, 0, 30, 40], "keypoints": [1, 2, 2, 3, 4, 1]}
    content = {
        "images": [{"id": 7, "file_name": "7.jpg"}],
        "categories": [{"id": 1, "keypoints": ["a", "b"]}],
        "annotations": [one, {**one, "iscrowd": 1}, {**one, "keypoints": [5, 6, 2, 100, 4, 2]}],
    }
    (tmp_path / "coco.json").write_text(json.dumps(content))
    file = write_h5(tmp_path / "p.h5", np.array([[[1, 2], [3, 4]], [[0, 0], [0, 0]], [[5, 6], [0, 4]]]))
    actual = score(tmp_path / "coco.json", file, "--format", "coco", "--labels", labels)
    assert actual.value("PCK@0.1 in percent").startswith("75.000 ")
    assert actual.value("people") == "2 of 2"


# People without a prediction.


def test_all_people_must_be_predicted(annotations, places, skeleton, refused, tmp_path):
    rows = [row for row in csv_rows(places, skeleton) if row["person"] in (0, 1)]
    error = refused(annotations, write_csv(tmp_path / "p.csv", rows))
    assert "2 of 3 people have no prediction, the first is person 2 in 2.jpg; add them" in error
    assert "--subset" in error


def test_a_subset_is_scored_when_it_is_asked_for(annotations, places, skeleton, score, tmp_path):
    rows = [row for row in csv_rows(places, skeleton) if row["person"] in (1, 2)]
    actual = score(annotations, write_csv(tmp_path / "p.csv", rows), "--subset", "--json", tmp_path / "out.json")
    assert actual.value("PCKh@0.5 in percent") == "100.000 ± 17.619"
    assert actual.value("people") == "1 of 3"
    document = read_json(tmp_path / "out.json", "score")
    assert (document["people"], document["usable_people"], document["labelled_joints"]) == (1, 3, 14)
    assert document["skipped"] == ["row 1: the size is not above 0"]


def test_nobody_is_no_subset(annotations, places, skeleton, refused, tmp_path):
    rows = [row for row in csv_rows(places, skeleton) if row["person"] == 1]
    error = refused(annotations, write_csv(tmp_path / "p.csv", rows), "--subset")
    assert "found no prediction for any of the 3 people" in error


# What is wrong with a file.


@pytest.mark.parametrize(
    ("change", "actual"),
    [
        (lambda places: places[:3], "'preds' has the shape (3, 16, 2), expected (4, 16, 2 or more)"),
        (lambda places: places[:, :14], "'preds' has the shape (4, 14, 2), expected (4, 16, 2 or more)"),
        (lambda places: places[..., :1], "'preds' is float64 (4, 16, 1), expected (4, 16, 2 or more)"),
        (lambda places: places.ravel(), "'preds' is float64 (128,), expected (4, 16, 2 or more)"),
        (lambda places: places.astype("S8"), "'preds' is |S8 (4, 16, 2), expected (4, 16, 2 or more) numbers"),
        (lambda places: h5py.Empty("f8"), "'preds' is float64 None, expected"),
    ],
)
def test_another_array_is_refused(annotations, places, refused, tmp_path, change, actual):
    assert actual in refused(annotations, write_h5(tmp_path / "p.h5", change(places)))


def test_hdf5_without_predictions_is_refused(annotations, places, refused, tmp_path):
    file = write_h5(tmp_path / "p.h5", places, name="joints")
    assert "expected a dataset 'preds', found 'joints'" in refused(annotations, file)
    file = write_h5(tmp_path / "p.h5", places, name="preds/joints")
    assert "expected a dataset 'preds'" in refused(annotations, file)


@pytest.mark.parametrize(
    ("entry", "actual"),
    [
        ({}, "person 2 is no object with 'joints'"),
        ([], "person 2 is no object with 'joints'"),
        ({"joints": [[1, 2]] * 15}, "person 2 has 15 joints, expected 16"),
        ({"joints": None}, "person 2 has no list of joints"),
        ({"joints": [[1]] * 16}, "person 2 has joints that are not two numbers each"),
        ({"joints": ["12"] * 16}, "person 2 has joints that are not two numbers each"),
        ({"joints": [["x", "y"]] * 16}, "person 2 has joints that are not two numbers each"),
        ({"joints": [[10**400, 1]] * 16}, "person 2 has joints that are not two numbers each"),
        ({"joints": {"head top": [1, 2]}}, "person 2 lacks right ankle, right knee, "),
        ({"joints": {"head tip": [1, 2]}}, "unknown joint 'head tip' (did you mean 'head top'?)"),
        ({"joints": [[1, 2]] * 16, "image": "3.jpg"}, "person 2 has the image '3.jpg', expected '2.jpg'"),
    ],
)
def test_a_bad_entry_is_refused_but_not_of_a_bad_annotation(
    annotations, places, refused, score, tmp_path, entry, actual
):
    file = write_json(tmp_path / "p.json", places)
    entries = json.loads(file.read_text())
    file.write_text(json.dumps([*entries[:2], entry, *entries[3:]]))
    assert actual in refused(annotations, file)
    file.write_text(json.dumps([entries[0], entry, *entries[2:]]))
    assert score(annotations, file).status == 0


@pytest.mark.parametrize(
    ("text", "actual"),
    [
        ("{}", "expected a list of objects with 'joints', found a dict"),
        ("[{}]", "found 1 people, expected 4"),
        ("[", "expected JSON, found damage"),
    ],
)
def test_another_json_is_refused(annotations, refused, tmp_path, text, actual):
    (tmp_path / "p.json").write_text(text)
    assert actual in refused(annotations, tmp_path / "p.json")


@pytest.mark.parametrize(
    ("change", "actual"),
    [
        ({"joint": "right wing"}, "line 34 has the unknown joint 'right wing' (did you mean 'right "),
        ({"joint": "right knee"}, "line 35 predicts right knee of person 2 again"),
        ({"person": 4}, "line 34 is of person '4', expected a row of the annotation file, 0 to 3"),
        ({"person": -1}, "line 34 is of person '-1', expected a row of the annotation file, 0 to 3"),
        ({"person": "2.0"}, "line 34 is of person '2.0'"),
        ({"person": ""}, "line 34 is of person ''"),
        ({"image": "0.jpg"}, "line 34 has the image '0.jpg', expected '2.jpg'"),
        ({"x": "left"}, "line 34 has 'left' for x or y"),
        ({"y": "1,5"}, "line 34 has '1,5' for x or y"),
    ],
)
def test_a_bad_row_is_refused(annotations, places, skeleton, refused, tmp_path, change, actual):
    rows = csv_rows(places, skeleton)
    rows[32].update(change)  # line 34, the first of person 2
    assert actual in refused(annotations, write_csv(tmp_path / "p.csv", rows))


@pytest.mark.parametrize("option", [(), ("--subset",)])
def test_a_person_with_some_joints_only_is_refused(annotations, places, skeleton, refused, tmp_path, option):
    rows = csv_rows(places, skeleton)
    del rows[33]
    error = refused(annotations, write_csv(tmp_path / "p.csv", rows), *option)
    assert "1 people have some joints only, the first is person 2 without right knee" in error


@pytest.mark.parametrize(
    ("content", "actual"),
    [
        (b"", "found the columns nothing, expected person, joint, x, y"),
        (b"person,joint,x\n", "found the columns person, joint, x, expected"),
        (b"person,joint,x,y,x\n", "expected person, joint, x, y, each once"),
        (b"person,joint,x,y\n0,pelvis,1\n", "line 2 has 3 cells, expected 4"),
        (b'person,joint,x,y\n0,"pel', "expected CSV in UTF-8, found damage"),
        (b"person,joint,x,y\n0,\xff,1,2\n", "expected CSV in UTF-8, found damage"),
        (b"person,joint,x,y\n", "found no prediction for any of the 3 people"),
    ],
)
def test_another_csv_is_refused(annotations, refused, tmp_path, content, actual):
    (tmp_path / "p.csv").write_bytes(content)
    assert actual in refused(annotations, tmp_path / "p.csv")


@pytest.mark.parametrize("name", ["p.h5", "p.json", "p.csv"])
def test_damage_is_refused(annotations, refused, tmp_path, name):
    (tmp_path / name).write_bytes(b"\x89HD\xff\x00\n" * 100)
    assert f"{name}: " in refused(annotations, tmp_path / name)


def test_another_ending_is_refused(annotations, refused, tmp_path):
    (tmp_path / "p.npy").touch()
    assert "found the ending '.npy', expected .h5, .mat, .json, .csv" in refused(annotations, tmp_path / "p.npy")


def test_a_missing_file_is_refused(annotations, places, refused, tmp_path):
    file, missing = write_h5(tmp_path / "p.h5", places), tmp_path / "missing.h5"
    assert "name another one with --predictions" in refused(annotations, missing)
    assert "name another one with --annotations" in refused(missing, file)
    assert "name another one with --labels" in refused(annotations, file, "--labels", missing)


def test_annotations_of_another_format_are_refused(annotations, places, repository, refused, tmp_path):
    file = write_h5(tmp_path / "p.h5", places)
    assert "change --annotations (read as --format coco)" in refused(annotations, file, "--format", "coco")
    error = refused(annotations, file, "--labels", repository / "config/skeletons/coco.yaml")
    assert "none of its 4 rows can be used (4 × other than 17 joints)" in error


@pytest.mark.parametrize("content", ["[", "joints: 5", "classes: [a, b]", "\x00"])
def test_labels_that_are_no_skeleton_are_refused(annotations, places, refused, tmp_path, content):
    (tmp_path / "labels.yaml").write_text(content)
    file = write_h5(tmp_path / "p.h5", places)
    assert "labels.yaml" in refused(annotations, file, "--labels", tmp_path / "labels.yaml")


@pytest.mark.parametrize("threshold", ["0", "-1", "nan", "inf"])
def test_another_threshold_than_a_fraction_is_refused(annotations, places, refused, tmp_path, threshold):
    file = write_h5(tmp_path / "p.h5", places)
    assert "expected a number above 0" in refused(annotations, file, f"--threshold={threshold}")


def test_the_scores_replace_no_input(annotations, places, refused, tmp_path):
    file = write_json(tmp_path / "p.json", places)
    before = file.read_text()
    assert "would replace the predictions" in refused(annotations, file, "--json", file)
    assert file.read_text() == before


def test_a_file_that_cannot_be_written_is_one_line(annotations, places, refused, tmp_path):
    file = write_h5(tmp_path / "p.h5", places)
    assert str(tmp_path) in refused(annotations, file, "--json", tmp_path)


def test_pred_mat_is_read_and_written(annotations, places, score, tmp_path):
    """As HRNet writes it: 1-based as the annotations are."""
    file = write_h5(tmp_path / "p.h5", places)
    expected = score(annotations, file, "--mat", tmp_path / "pred.mat")
    stored = loadmat(tmp_path / "pred.mat")["preds"]
    assert stored == pytest.approx(places)
    assert score(annotations, tmp_path / "pred.mat") == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"other": np.zeros((2, 2))}, "expected a variable 'preds', found other"),
        ({"preds": np.zeros((3, 16, 2))}, "'preds' has the shape (3, 16, 2)"),
        (None, "expected MATLAB's format 5, found damage"),
    ],
)
def test_another_mat_is_refused(annotations, refused, tmp_path, content, message):
    path = tmp_path / "pred.mat"
    if content is None:
        path.write_bytes(b"of another program")
    else:
        savemat(path, content)
    assert message in refused(annotations, path)
