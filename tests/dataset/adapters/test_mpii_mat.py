"""MPII's MATLAB file: what is irregular in it, that it gives the people that the JSON gives, and its conversion."""

import json
from itertools import groupby

import h5py
import numpy as np
import pytest
from scipy.io import savemat

from evocnn.dataset.adapters import read_annotations
from evocnn.dataset.adapters.mpii_mat import read
from evocnn.dataset.convert import convert_mat
from evocnn.dataset.people import Person, Skipped

EMPTY = np.zeros((0, 0))


def structs(*contents):
    """A struct array of MATLAB: as each has the same fields, what one lacks is empty there."""
    fields = list(dict.fromkeys(field for content in contents for field in content))
    array = np.empty((1, len(contents)), [(field, object) for field in fields])
    for at, content in enumerate(contents):
        for field in fields:
            array[field][0, at] = content.get(field, EMPTY)
    return array if fields else EMPTY


def cells(*contents):
    """A cell array of MATLAB, (n, 1)."""
    array = np.empty((len(contents), 1), object)
    for at, content in enumerate(contents):
        array[at, 0] = content
    return array


def point(number, x=None, y=None, **more):
    return {"id": number, "x": number + 1.0 if x is None else x, "y": 2.0 * number + 1.0 if y is None else y, **more}


def annopoints(*points):
    return structs({"point": structs(*points)})


def person(**changes):
    """One annorect, with a head box of 30 × 40; a value of None leaves the field out."""
    entry = {
        "x1": 11,
        "y1": 21,
        "x2": 41,
        "y2": 61,
        "scale": 1.2,
        "objpos": structs({"x": 101, "y": 51}),
        "annopoints": annopoints(*map(point, range(15))),
    }
    return {field: value for field, value in {**entry, **changes}.items() if value is not None}


def image(*people, name="a.jpg", train=1, single=None):
    """An image with its part of the lists beside `annolist`; people are separated from others by default."""
    single = np.arange(1, len(people) + 1).reshape(-1, 1) if single is None else single
    return {"image": structs({"name": name}), "annorect": structs(*people)}, train, single


def write(folder, *images, **changes):
    path = folder / "mpii_human_pose_v1_u12_1.mat"
    annolist, train, single = zip(*images, strict=True)
    parts = {"annolist": structs(*annolist), "img_train": np.array([train], np.uint8), "single_person": cells(*single)}
    release = {field: value for field, value in {**parts, **changes}.items() if value is not None}
    savemat(path, {"RELEASE": structs(release)})
    return path


@pytest.fixture
def load(tmp_path, skeleton):
    """Write images and read them again."""
    return lambda *images, **changes: list(read(write(tmp_path, *images, **changes), skeleton))


def test_pixels_become_0_based_and_the_head_has_its_box(load):
    (actual,) = load(image(person()))
    assert (actual.row, actual.image) == (0, "a.jpg")
    assert actual.joints[:3].tolist() == [[0, 0], [1, 2], [2, 4]]
    assert actual.visible.tolist() == [True] * 15 + [False]
    assert np.isnan(actual.joints[15]).all()
    assert actual.center == (100.0, 50.0 + 15 * 1.2)
    assert actual.side == pytest.approx(200 * 1.25 * 1.2)
    assert actual.head_size == pytest.approx(0.6 * 50)


@pytest.mark.parametrize("changes", [{"x1": None}, {"y2": EMPTY}, {"x1": 41, "y1": 61}])
def test_without_a_head_box_the_scale_gives_the_head(load, changes):
    assert load(image(person(**changes)))[0].head_size == pytest.approx(25 * 1.2)


def test_whole_numbers_kept_in_a_byte_do_not_overflow(load):
    corners = {"x1": np.uint8(200), "y1": np.uint8(250), "x2": np.uint8(170), "y2": np.uint8(210)}
    assert load(image(person(**corners)))[0].head_size == pytest.approx(30)


@pytest.mark.parametrize("annorect", [None, EMPTY, structs({"scale": EMPTY})])
def test_an_image_of_nobody(load, annorect):
    content, train, single = image(name="empty.jpg", single=np.array([[1]]))
    content = {**content, "annorect": annorect} if annorect is not None else {"image": content["image"]}
    actual = load((content, train, single), image(person()))
    assert [(entry.row, entry.image) for entry in actual] == [(0, "a.jpg")]


@pytest.mark.parametrize("points", [None, EMPTY, structs({"point": EMPTY}), structs({"other": 1})])
def test_who_has_no_joints_is_not_in_the_data(load, points):
    actual = load(image(person(annopoints=points), person(scale=2.0)))
    assert [(entry.row, entry.side) for entry in actual] == [(0, 500.0)]


def test_one_joint(load):
    (actual,) = load(image(person(annopoints=annopoints(point(3)))))
    assert np.flatnonzero(actual.visible).tolist() == [3]
    assert actual.joints[3].tolist() == [3, 6]


@pytest.mark.parametrize("is_visible", ["0", "1", 0, 1, EMPTY, np.zeros((0,), "U1"), True])
def test_an_occluded_joint_is_labelled(load, is_visible):
    (actual,) = load(image(person(annopoints=annopoints(point(0, is_visible=is_visible), point(1)))))
    assert np.flatnonzero(actual.visible).tolist() == [0, 1]


@pytest.mark.parametrize("place", [{"x": np.nan}, {"y": np.inf}, {"x": EMPTY}])
def test_a_joint_without_a_place_is_not_labelled(load, place):
    (actual,) = load(image(person(annopoints=annopoints(point(0, **place), point(1)))))
    assert np.flatnonzero(actual.visible).tolist() == [1]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"scale": None}, "lacks scale"),
        ({"scale": EMPTY}, "lacks scale"),
        ({"objpos": None}, "lacks objpos"),
        ({"objpos": EMPTY}, "lacks objpos"),
        ({"objpos": structs({"x": 3, "y": EMPTY})}, "lacks objpos"),
        ({"scale": np.nan, "objpos": None}, "lacks scale, objpos"),
        ({"annopoints": annopoints(point(0), point(16))}, "id is 16; expected 0 to 15"),
        ({"annopoints": annopoints(point(-1, 3, 4))}, "id is -1; expected 0 to 15"),
        ({"annopoints": annopoints({"x": 1, "y": 2})}, "id is nan; expected 0 to 15"),
    ],
)
def test_who_cannot_be_used_is_skipped_and_keeps_the_row(load, changes, reason):
    actual = load(image(person(**changes)), image(person(), name="b.jpg"))
    assert isinstance(actual[0], Skipped)
    assert isinstance(actual[1], Person)
    assert [(entry.row, entry.image) for entry in actual] == [(0, "a.jpg"), (1, "b.jpg")]
    assert actual[0].reason.endswith(reason)


def test_people_of_one_image_may_be_in_cells(load):
    content, train, single = image(single=np.array([[1], [3]]))
    first, third = (structs(person(scale=scale)) for scale in (1.0, 3.0))
    actual = load(({**content, "annorect": cells(first, EMPTY, third)}, train, single))
    assert [entry.side for entry in actual] == [250.0, 750.0]


@pytest.mark.parametrize("single", [2, np.array([[3], [1]]), EMPTY])
def test_who_stands_apart_does_not_matter(load, single):
    people = load(image(*(person(scale=scale) for scale in (1.0, 2.0, 3.0)), single=single))
    assert [entry.side for entry in people] == [250, 500, 750]


def test_only_training_images(load):
    actual = load(image(person(), train=0), image(person(), name="b.jpg"))
    assert [(entry.row, entry.image) for entry in actual] == [(0, "b.jpg")]


def test_nobody_is_refused(load):
    with pytest.raises(ValueError, match=r"u12_1\.mat: expected people with joints .*, found nobody; fetch"):
        load(image(person(), train=0))


@pytest.mark.parametrize("part", ["annolist", "img_train"])
def test_a_missing_part_is_refused(load, part):
    with pytest.raises(ValueError, match=r"u12_1\.mat: expected RELEASE with annolist.*, found RELEASE with .*; fetch"):
        load(image(person()), **{part: None})


def test_parts_of_different_length_are_refused(load):
    with pytest.raises(ValueError, match="found 1 of annolist, 2 of img_train"):
        load(image(person()), img_train=np.array([[1, 1]]))


@pytest.mark.parametrize(("content", "actual"), [({}, "nothing"), ({"a": 1, "b": 2}, "a, b"), ({"RELEASE": 1}, "REL")])
def test_another_mat_file_is_refused(tmp_path, skeleton, content, actual):
    path = tmp_path / "other.mat"
    savemat(path, content)
    with pytest.raises(ValueError, match=rf"other\.mat: expected RELEASE with .*, found {actual}.*; fetch"):
        list(read(path, skeleton))


@pytest.mark.parametrize("length", [0, 100, 128, 200, 1000, -1])
def test_a_truncated_file_is_refused(tmp_path, skeleton, length):
    path = write(tmp_path, image(person()))
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ValueError, match=r"u12_1\.mat: expected .*, found .*; fetch"):
        list(read(path, skeleton))


def test_text_is_refused(tmp_path, skeleton):
    path = tmp_path / "page.mat"
    path.write_text("<html>not found</html>" * 100)
    with pytest.raises(ValueError, match=r"page\.mat: expected a MATLAB file, found damage"):
        list(read(path, skeleton))


def store(file, name, value):
    """Write a value as MATLAB 7.3 does: structs are groups, arrays of structs groups of references, text UTF-16."""
    if isinstance(value, dict):
        for key, inner in value.items():
            store(file, f"{name}/{key}", inner)
    elif isinstance(value, list):
        for field in value[0]:
            cells = [f"#refs#/{name.replace('/', '_')}_{field}_{at}" for at in range(len(value))]
            for cell, one in zip(cells, value, strict=True):
                store(file, cell, one[field])
            references = np.array([[file[cell].ref] for cell in cells], object)
            file.create_dataset(f"{name}/{field}", data=references, dtype=h5py.ref_dtype)
    elif isinstance(value, str):
        file[name] = np.array([[ord(letter)] for letter in value], np.uint16)
        file[name].attrs["MATLAB_class"] = np.bytes_("char")
    else:
        file[name] = np.array([[float(value)]])


@pytest.fixture
def new(tmp_path):
    """A file of version 7.3: one image of search and one that is not of img_train."""
    points = [{"id": number, "x": number + 1, "y": 2 * number + 1, "is_visible": 1} for number in range(15)]
    one = {"x1": 11, "y1": 21, "x2": 41, "y2": 61, "scale": 1.2, "objpos": {"x": 101, "y": 51}}
    one["annopoints"] = {"point": points}
    path = tmp_path / "new.MAT"
    with h5py.File(path, "w", userblock_size=512) as file:
        store(file, "RELEASE/annolist", [{"image": {"name": name}, "annorect": one} for name in ("a.jpg", "b.jpg")])
        file["RELEASE/img_train"] = np.array([[1.0], [0.0]])
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(116) + bytes(8) + b"\x00\x02IM")
    return path


def test_version_7_3_and_an_ending_in_capitals_give_the_same_people(new, load, skeleton):
    (old,) = load(image(person()))
    actual = read_annotations("mpii", new, skeleton)
    assert actual.skipped == ()
    assert actual.people.images.tolist() == ["a.jpg"]
    np.testing.assert_array_equal(actual.people.joints[0], old.joints)
    assert actual.people.normaliser.tolist() == pytest.approx([old.head_size])


def test_damage_of_version_7_3_names_the_file(new, skeleton):
    new.write_bytes(new.read_bytes()[:3000])
    with pytest.raises(ValueError, match=r"new\.MAT: expected a MATLAB file of version 7\.3, found damage .*fetch"):
        list(read(new, skeleton))


def test_references_that_go_in_a_circle_end(new, skeleton):
    with h5py.File(new, "r+") as file:
        file.create_dataset("circle", data=np.array([[file["RELEASE"].ref]], object), dtype=h5py.ref_dtype)
        file["RELEASE/circle"] = file["circle"]
    with pytest.raises(ValueError, match="more than 16 levels"):
        list(read(new, skeleton))


def test_no_file_is_no_damage(tmp_path, skeleton):
    with pytest.raises(FileNotFoundError):
        list(read(tmp_path / "none.mat", skeleton))


def official(entry, number):
    """The annorect of a person of the JSON; the box is such that the head has 25 × scale."""
    diagonal, angle = 25 * entry["scale"] / 0.6, 0.2 + number % 7 / 6
    joints = zip(range(16), entry["joints"], entry["joints_vis"], strict=True)
    labelled = [point(joint, *place, is_visible=str(number % 2)) for joint, place, visible in joints if visible]
    return {
        "x1": 10.0,
        "y1": 20.0,
        "x2": 10.0 + diagonal * np.cos(angle),
        "y2": 20.0 + diagonal * np.sin(angle),
        "scale": entry["scale"],
        "objpos": structs(dict(zip("xy", entry["center"], strict=True))),
        "annopoints": annopoints(*labelled),
    }


@pytest.fixture(scope="module")
def real(tmp_path_factory, shared_data):
    """The real people of every fifth image in both formats: (JSON, MATLAB)."""
    people = json.loads((shared_data / "mpii/annot/valid.json").read_text())
    images = [list(group) for _, group in groupby(people, lambda entry: entry["image"])][::5]
    folder = tmp_path_factory.mktemp("mpii")
    published = folder / "published.json"
    published.write_text(json.dumps([entry for group in images for entry in group]))
    content = [image(*map(official, group, range(len(group))), name=group[0]["image"]) for group in images]
    return published, write(folder, *content)


def test_real_people_are_those_of_the_json(real, skeleton):
    expected, actual = (read_annotations("mpii", path, skeleton) for path in real)
    assert len(expected.people) > 500
    assert len(set(expected.people.images)) < len(expected.people)
    assert actual.skipped == expected.skipped
    for name, column in vars(expected.people).items():
        if name == "normaliser":  # through a head box, whose corners are rounded
            np.testing.assert_allclose(actual.people.normaliser, column, rtol=1e-9)
        else:
            np.testing.assert_array_equal(getattr(actual.people, name), column, err_msg=name)


def test_a_converted_file_is_the_published_one(real, tmp_path):
    published, mat = real
    convert_mat(tmp_path / "converted.json", mat=mat)
    assert json.loads((tmp_path / "converted.json").read_text()) == json.loads(published.read_text())


def test_a_converted_file_has_the_rows_of_its_source(tmp_path, skeleton):
    unusable = [person(scale=None), person(scale=-1.0), person(objpos=None), person(annopoints=annopoints(point(20)))]
    images = [image(*unusable, person(), person(annopoints=EMPTY), person(scale=2.0)), image(person(), name="b.jpg")]
    mat, output = write(tmp_path, *images), tmp_path / "out" / "converted.json"
    convert_mat(output, mat=mat)
    expected, actual = (read_annotations("mpii", path, skeleton) for path in (mat, output))
    assert actual.people.rows.tolist() == expected.people.rows.tolist() == [4, 5, 6]
    assert [(s.row, s.image) for s in actual.skipped] == [(s.row, s.image) for s in expected.skipped]
    assert len(actual.skipped) == 4
    for name in ("images", "center", "side", "visible", "joints"):
        np.testing.assert_array_equal(getattr(actual.people, name), getattr(expected.people, name))


def test_a_failed_conversion_leaves_nothing(tmp_path):
    mat = write(tmp_path, image(person(), train=0))
    with pytest.raises(ValueError, match="found nobody"):
        convert_mat(tmp_path / "converted.json", mat=mat)
    assert list(tmp_path.iterdir()) == [mat]
