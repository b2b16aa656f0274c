"""The people table as a file: what is written is read, damage is named, and one image's people are neighbours."""

import json
from dataclasses import replace

import numpy as np
import pytest

from evocnn.arrays import write_arrays
from evocnn.dataset.people import Annotations, Person, Skipped, tabulate
from evocnn.dataset.people_file import read_people, write_people
from evocnn.dataset.prepare_data import read_source
from evocnn.dataset.splits import Source, read_split
from evocnn.labels import mpii_skeleton
from evocnn.pose.skeleton import Skeleton

SKIPPED = (Skipped(3, "b.jpg", "the size is not above 0"), Skipped(8, "", "the annotation lacks image"))


def assert_equal(actual, expected):
    assert actual.skipped == expected.skipped
    for name, column in vars(expected.people).items():
        np.testing.assert_array_equal(getattr(actual.people, name), column, err_msg=name)
        assert getattr(actual.people, name).dtype == column.dtype


@pytest.fixture
def annotations():
    """Two people, the second without a head size and with one joint."""
    joints = np.array([[1.5, 2.5], [3.0, 4.0]])
    people = [
        Person(7, "Bär/1.jpg", joints, np.array([True, True]), (5.0, 6.0), 20.0, 7.5, category=1),
        Person(2, "a.jpg", np.array([[1, 2], [np.nan, np.nan]]), np.array([True, False]), None, None),
    ]
    skeleton = Skeleton(("hand", "foot"), (), (), {}, (0, 1))
    return replace(tabulate(people, skeleton), skipped=SKIPPED)


def test_what_is_written_is_read(tmp_path, annotations):
    write_people(tmp_path / "people.npz", annotations)
    assert_equal(read_people(tmp_path / "people.npz"), annotations)
    assert [path.name for path in tmp_path.iterdir()] == ["people.npz"]


def test_nobody_is_a_table_too(tmp_path, annotations):
    nobody = Annotations(annotations.people.take(np.zeros(2, bool)), ())
    write_people(tmp_path / "people.npz", nobody)
    assert_equal(read_people(tmp_path / "people.npz"), nobody)


def test_the_same_people_are_the_same_bytes(tmp_path, annotations):
    for name in ("a.npz", "b.npz"):
        write_people(tmp_path / name, annotations)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


NAMED = r"people\.npz: the people table is damaged; delete it and run snakemake again"


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_table_is_named(tmp_path, annotations, share):
    path = tmp_path / "people.npz"
    write_people(path, annotations)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=NAMED):
        read_people(path)


def test_every_flipped_bit_is_noticed(tmp_path, annotations):
    path = tmp_path / "people.npz"
    write_people(path, annotations)
    content = path.read_bytes()
    for place in range(len(content)):
        broken = bytearray(content)
        broken[place] ^= 1 << place % 8
        path.write_bytes(broken)
        with pytest.raises(ValueError, match=NAMED):
            read_people(path)


def test_any_reader_of_arrays_reads_the_table(tmp_path, annotations):
    write_people(tmp_path / "people.npz", annotations)
    with np.load(tmp_path / "people.npz") as columns:
        assert columns["images"].tolist() == annotations.people.images.tolist()


def test_a_table_that_lacks_a_column_is_named(tmp_path):
    write_arrays(tmp_path / "people.npz", {"rows": np.arange(2)})
    with pytest.raises(ValueError, match=NAMED):
        read_people(tmp_path / "people.npz")


@pytest.fixture
def source(tmp_path):
    """Thirty images with three people each, one after another in three rounds; every tenth person has no size."""
    entries = [
        {
            "image": f"{image:02}.jpg",
            "center": [50.0 + turn, 50.0],
            "scale": -1.0 if (image + turn) % 10 == 0 else 1.0,
            "joints": [[40.0, 40.0]] * 16,
            "joints_vis": [1] * 16,
        }
        for turn in range(3)
        for image in range(30)
    ]
    (tmp_path / "train.json").write_text(json.dumps(entries))
    return Source("mpii", tmp_path / "train.json", None, tmp_path, tmp_path, 0.3, 0.3)


@pytest.mark.parametrize("split", ["train", "valid", "test"])
def test_a_split_is_written_with_one_images_people_as_neighbours(tmp_path, repository, source, split):
    labels = repository / "config/skeletons/mpii.yaml"
    read_source(tmp_path / "people.npz", source=source, split=split, labels=labels)
    actual, expected = read_people(tmp_path / "people.npz"), read_split(source, split, mpii_skeleton())
    assert actual.skipped == expected.skipped
    assert sorted(actual.people.rows) == sorted(expected.people.rows)
    assert (actual.people.images == [f"{row % 30:02}.jpg" for row in actual.people.rows]).all()
    changes = int((actual.people.images[1:] != actual.people.images[:-1]).sum())
    assert changes + 1 == len(set(actual.people.images.tolist())) > 3
    for image in set(actual.people.images):  # and in the order of the annotations
        rows = actual.people.rows[actual.people.images == image]
        assert (np.diff(rows) > 0).all()
    # A row moves as a whole: the centre says in which round a person comes, the joints stay 0-based.
    assert actual.people.center[:, 0] == pytest.approx(49.0 + actual.people.rows // 30)
    assert actual.people.joints == pytest.approx(np.full((len(actual.people), 16, 2), 39.0))


def test_every_person_is_in_one_split(tmp_path, repository, source):
    rows = []
    for split in ("train", "valid", "test"):
        path = tmp_path / f"{split}.npz"
        read_source(path, source=source, split=split, labels=repository / "config/skeletons/mpii.yaml")
        actual = read_people(path)
        rows += [*actual.people.rows.tolist(), *(person.row for person in actual.skipped)]
    assert sorted(rows) == list(range(90))
