"""Splits: by image, and the same whatever else there is."""

import json
import zipfile
from collections import Counter

import numpy as np
import pytest

from evocnn.classification.classes import Classes
from evocnn.dataset.division import split_of
from evocnn.dataset.splits import Source, read_split

NAMES = [f"{number:05d}.jpg" for number in range(2000)]


def entry(image, x):
    return {
        "image": image,
        "center": [x, 50.0],
        "scale": 1.0,
        "joints": [[x, 2.0]] * 16,
        "joints_vis": [1] * 16,
    }


def write(path, images, **changes):
    """Three people to an image."""
    path.write_text(json.dumps([{**entry(image, n), **changes} for image in images for n in range(1, 4)]))
    return path


@pytest.fixture
def splits(tmp_path, skeleton):
    """Read all splits of a data set; without test images the test split is a part of train."""

    for folder in ("images", "others"):
        (tmp_path / folder).mkdir()

    def read(train, test=None, same_images=True, valid=0.2, of_test=0.3):
        source = Source(
            "mpii",
            write(tmp_path / "train.json", train),
            write(tmp_path / "test.json", test) if test else None,
            tmp_path / "images",
            tmp_path / ("images" if same_images else "others"),
            valid,
            of_test,
        )
        return {name: read_split(source, name, skeleton).people for name in ("train", "valid", "test")}

    return read


def images(people):
    return set(people.images.tolist())


def test_every_image_is_in_one_split_with_all_its_people(splits):
    actual = splits(NAMES[:200])
    assert sum(map(len, actual.values())) == 600
    for people in actual.values():
        assert len(people) > 0
        assert set(np.unique(people.images, return_counts=True)[1]) == {3}
    assert not images(actual["train"]) & images(actual["valid"])
    assert not images(actual["train"] if actual else {}) & images(actual["test"])
    assert not images(actual["valid"]) & images(actual["test"])


def test_a_test_file_is_the_test_split_as_a_whole(splits):
    actual = splits(NAMES[:50], test=NAMES[100:150])
    assert images(actual["test"]) == set(NAMES[100:150])
    assert images(actual["train"]) | images(actual["valid"]) == set(NAMES[:50])


def test_beside_a_test_file_the_share_of_search_valid_is_that_of_all_images(splits):
    actual = splits(NAMES[:1000], test=NAMES[1000:1001])
    assert len(images(actual["valid"])) / 1000 == pytest.approx(0.2, abs=0.03)


def test_images_of_the_test_file_are_never_searched_with(splits):
    actual = splits(NAMES[:50], test=NAMES[40:60])
    assert images(actual["train"]) | images(actual["valid"]) == set(NAMES[:40])


def test_the_same_name_in_other_images_is_another_image(splits):
    actual = splits(NAMES[:50], test=NAMES[40:60], same_images=False)
    assert images(actual["train"]) | images(actual["valid"]) == set(NAMES[:50])


def test_added_images_move_nobody(splits):
    few, many = splits(NAMES[:50]), splits(NAMES[:150])
    for name in few:
        assert images(few[name]) == images(many[name]) & set(NAMES[:50])


def test_the_fractions_are_about_kept():
    shares = Counter(split_of(name, 0.25, 0.2) for name in NAMES)
    assert shares["test"] / 2000 == pytest.approx(0.2, abs=0.03)
    assert shares["valid"] / 2000 == pytest.approx(0.25 * 0.8, abs=0.03)


def test_a_larger_share_of_search_valid_only_adds_images():
    small, large = ({name for name in NAMES if split_of(name, share, 0.2) == "valid"} for share in (0.1, 0.2))
    assert small < large


SPELLINGS = ["./{}", "more/../{}", "more//../{}", ".\\{}"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_image_of_the_test_file_is_known_in_every_spelling(splits, spelling):
    actual = splits(NAMES[:50], test=[spelling.format(name) for name in NAMES[40:60]])
    assert images(actual["train"]) | images(actual["valid"]) == set(NAMES[:40])
    assert images(actual["test"]) == set(NAMES[40:60])


def test_letters_with_accents_are_one_image_composed_or_not(splits):
    actual = splits(["Ba\u0308r.jpg", "b.jpg", "c.jpg"], test=["B\u00e4r.jpg"], valid=0.5)
    assert images(actual["train"]) | images(actual["valid"]) == {"b.jpg", "c.jpg"}


@pytest.mark.parametrize("spelling", ["images/", "./images", "others/../images"])
def test_one_folder_in_two_spellings_is_one_folder(tmp_path, skeleton, spelling):
    (tmp_path / "images").mkdir()
    (tmp_path / "others").mkdir()
    train, test = write(tmp_path / "train.json", NAMES[:9]), write(tmp_path / "test.json", NAMES[:4])
    (tmp_path / "link").symlink_to(tmp_path / spelling)
    for other in (tmp_path / spelling, tmp_path / "link"):
        source = Source("mpii", train, test, tmp_path / "images", other, 0.2, 0.3)
        searched = [read_split(source, name, skeleton) for name in ("train", "valid")]
        assert {image for one in searched for image in images(one.people)} == set(NAMES[4:9])
        assert [one.tested for one in searched] == [4, 4]


def store(root, files):
    """Write images, by name, to a folder, or to a zip if the path ends so."""
    if root.suffix == ".zip":
        with zipfile.ZipFile(root, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
    return root


@pytest.mark.parametrize("kind", ["images", "images.zip"])
def test_images_of_equal_content_are_in_one_split(tmp_path, skeleton, kind):
    """Two hundred images of which every fourth has the content of the one before."""
    names = NAMES[:200]
    files = {name: b"picture %d" % (number - (number % 4 == 3)) for number, name in enumerate(names)}
    root = store(tmp_path / kind, files)
    source = Source("mpii", write(tmp_path / "train.json", names), None, root, root, 0.3, 0.3)
    parts = [read_split(source, name, skeleton) for name in ("train", "valid", "test")]
    contents = [{files[name] for name in images(part.people)} for part in parts]
    assert sum(map(len, contents)) == 150
    assert set().union(*contents) == set(files.values())
    assert sum(part.copies for part in parts) == 50
    alone = {name for number, name in enumerate(names) if number % 4 < 2}
    assert images(parts[1].people) & alone == {name for name in alone if split_of(name, 0.3, 0.3) == "valid"}


@pytest.mark.parametrize("kinds", [("a", "b"), ("a.zip", "b.zip"), ("a", "b.zip"), ("a.zip", "b")])
def test_an_image_with_the_content_of_a_test_image_is_in_no_split_of_the_search(tmp_path, skeleton, kinds):
    train = store(tmp_path / kinds[0], {"1.jpg": b"one", "2.jpg": b"two", "3.jpg": b"oen"})
    test = store(tmp_path / kinds[1], {"x/9.jpg": b"two"})
    annotated = [
        write(tmp_path / f"{n}.json", names)
        for n, names in (("train", ["1.jpg", "2.jpg", "3.jpg"]), ("test", ["x/9.jpg"]))
    ]
    source = Source("mpii", *annotated, train, test, 0.5, 0.3)
    searched = [read_split(source, name, skeleton) for name in ("train", "valid")]
    assert {image for one in searched for image in images(one.people)} == {"1.jpg", "3.jpg"}
    assert [one.tested for one in searched] == [1, 1]


def test_images_that_are_missing_or_empty_have_no_equal(tmp_path, skeleton):
    root = store(tmp_path / "images", dict.fromkeys(NAMES[:9], b""))
    source = Source("mpii", write(tmp_path / "train.json", NAMES[:19]), None, root, root, 0.2, 0.3)
    assert [read_split(source, name, skeleton).copies for name in ("train", "valid", "test")] == [0, 0, 0]


EMPTY = [
    (8, "valid", 0.01, 0.3, r"search-valid gets none of the 8 images: dataset\.valid_fraction is 0\.01; raise"),
    (8, "test", 0.3, 0.01, r"the test split gets none of the 8 images: dataset\.test_fraction is 0\.01; raise"),
    (2, "valid", 0.1, 0.1, "search-valid gets none of the 2 images: that is fewer than the 3 splits; add images"),
]


@pytest.mark.parametrize(("count", "split", "valid", "of_test", "message"), EMPTY)
def test_an_empty_split_is_named_with_the_reason(tmp_path, skeleton, count, split, valid, of_test, message):
    source = Source("mpii", write(tmp_path / "all.json", NAMES[:count]), None, tmp_path, tmp_path, valid, of_test)
    with pytest.raises(ValueError, match=rf"all\.json: {message}"):
        read_split(source, split, skeleton)


def test_classes_are_divided_one_by_one(tmp_path):
    names = [f"{name}/{n}.png" for name, count in (("cat", 30), ("dog", 5)) for n in range(count)]
    root = store(tmp_path / "images", {name: name.encode() for name in names})
    source = Source("image_folder", root, None, root, root, 0.25, 0.2)
    counts = {}
    for split in ("train", "valid", "test"):
        people = read_split(source, split, Classes(("cat", "dog"))).people
        counts[split] = np.bincount(people.category, minlength=2).tolist()
    assert counts == {"train": [18, 3], "valid": [6, 1], "test": [6, 1]}


def test_who_cannot_be_used_belongs_to_a_split_too(tmp_path, skeleton):
    path = write(tmp_path / "train.json", NAMES[:40], scale=-1)
    usable = json.loads(write(tmp_path / "other.json", NAMES[40:41]).read_text())
    path.write_text(json.dumps([*json.loads(path.read_text()), *usable]))
    source = Source("mpii", path, None, tmp_path, tmp_path, 0.2, 0.3)
    skipped = [
        person.row for name in ("train", "valid", "test") for person in read_split(source, name, skeleton).skipped
    ]
    assert sorted(skipped) == list(range(120))


def test_a_file_of_which_nothing_can_be_used_is_refused_with_the_reasons(tmp_path, skeleton):
    path = write(tmp_path / "train.json", NAMES[:2], scale=-1)
    source = Source("mpii", path, None, tmp_path, tmp_path, 0.2, 0.3)
    with pytest.raises(ValueError, match=r"none of its 6 rows can be used \(6 × the size is not above 0\); convert"):
        read_split(source, "train", skeleton)
