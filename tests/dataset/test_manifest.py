"""Manifest: who is in a split, who is not and why, and a digest of all that the records depend on."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from evocnn.dataset.manifest import read_manifest, write_manifest, write_summary
from evocnn.dataset.people import Annotations, Person, Skipped, tabulate
from evocnn.dataset.people_file import read_people, write_people
from evocnn.dataset.records import Written
from evocnn.files import read_json, write_json
from evocnn.pose.skeleton import Skeleton

POINT = Skeleton(("point",), (), (), {}, (0,))
GONE, DARK = Skipped(4, "c.jpg", "the image is missing"), Skipped(1, "b.jpg", "too dark")


class Split:
    """Files of a split as the workflow leaves them, and its manifest."""

    def __init__(self, folder):
        self.folder = folder
        self.people, self.output = folder / "people.npz", folder / "manifest.json"
        self.annotations, self.summaries = [], []
        self.settings = {"margin": 0.25}
        self.unreadable()

    def unreadable(self, *skipped):
        """Who is skipped in the annotations already."""
        person = Person(0, "a.jpg", np.zeros((1, 2)), np.ones(1, bool), (5.0, 5.0), 9.0, 1.0)
        write_people(self.people, Annotations(tabulate([person], POINT).people, skipped))

    def annotate(self, name, content):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        self.annotations = [*{**dict.fromkeys(self.annotations), path: None}]

    def shard(self, number, people, skipped=(), images="a" * 64, records=b"records"):
        path = self.folder / f"part-{number}.json"
        path.with_suffix(".tfrecord").write_bytes(records)
        write_summary(path, Written(people, tuple(skipped), images), records=path.with_suffix(".tfrecord"))
        self.summaries = sorted({*self.summaries, path})

    def write(self, max_skipped=1.0):
        write_manifest(
            self.output,
            self.summaries,
            people=self.people,
            annotations=self.annotations,
            settings=self.settings,
            max_skipped=max_skipped,
        )
        return read_manifest(self.output)


@pytest.fixture
def split(tmp_path):
    """Three and two people in two shards, one annotation file."""
    split = Split(tmp_path)
    split.annotate("people.json", "[1, 2]")
    split.shard(0, 3)
    split.shard(1, 2)
    return split


def test_people_of_all_shards_are_counted(split):
    actual = split.write(max_skipped=0)
    assert (actual["people"], actual["skipped"]) == (5, [])
    assert actual["settings"] == {"margin": 0.25}
    assert len(actual["shards"]) == len(actual["images"]) == 2
    assert re.fullmatch("[0-9a-f]{64}", actual["digest"])


def test_who_is_left_out_is_named_with_the_reason_whether_the_table_or_a_shard_says_so(split):
    split.unreadable(DARK)
    split.shard(1, 2, [GONE])
    assert split.write()["skipped"] == [
        {"row": 1, "image": "b.jpg", "reason": "too dark"},
        {"row": 4, "image": "c.jpg", "reason": "the image is missing"},
    ]


def test_images_that_were_moved_or_left_out_of_the_search_are_counted(split):
    written = read_people(split.people)
    write_people(split.people, replace(written, copies=3, tested=2))
    actual = split.write()
    assert (actual["copies"], actual["in_test"]) == (3, 2)


def test_equal_files_give_an_equal_manifest(split, tmp_path):
    split.write()
    other = Split(tmp_path / "elsewhere")
    other.annotate("people.json", "[1, 2]")
    other.shard(0, 3)
    other.shard(1, 2)
    other.write()
    assert other.output.read_bytes() == split.output.read_bytes()


CHANGES = {
    "annotations": lambda split: split.annotate("people.json", "[1, 3]"),
    "images": lambda split: split.shard(1, 2, images="b" * 64),
    "settings": lambda split: split.settings.update(margin=0.5),
    "records": lambda split: split.shard(1, 2, records=b"others"),
    "people": lambda split: split.unreadable(DARK),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_digest_changes_with_everything_that_the_records_depend_on(split, change):
    before = split.write()
    CHANGES[change](split)
    after = split.write()
    assert after["digest"] != before["digest"]
    assert split.write()["digest"] == after["digest"]


@pytest.mark.parametrize("folder", ["train", "test"])
def test_annotation_files_of_one_name_both_count(split, folder):
    split.annotations = []
    for name in ("train", "test"):
        split.annotate(f"{name}/people.json", name)
    before = split.write()["digest"]
    split.annotate(f"{folder}/people.json", "changed")
    assert split.write()["digest"] != before


def test_more_than_may_be_left_out_is_an_error_with_the_five_most_frequent_reasons(split):
    counts = {"blurred": 3, "missing": 7, "cut": 2, "empty": 6, "outside": 4, "dark": 5}
    skipped = [Skipped(row, f"{reason}-{row}.jpg", reason) for reason, n in counts.items() for row in range(n)]
    split.unreadable(*skipped[:12])
    split.shard(1, 2, skipped[12:])
    with pytest.raises(ValueError, match="cannot be used") as error:
        split.write(max_skipped=0.1)
    assert str(error.value).startswith(
        f"{split.folder / 'people.json'}: 27 of 32 people of a split cannot be used "
        "(7 × missing; 6 × empty; 5 × dark; 4 × outside; 3 × blurred), e.g. blurred-0.jpg in row 0; "
    )
    assert "dataset.max_skipped (now 0.1)" in str(error.value)
    assert not split.output.exists()


def leave_out(split, skipped, everyone):
    split.shard(0, everyone - skipped, [GONE] * skipped)
    split.shard(1, 0)


@pytest.mark.parametrize(
    ("skipped", "everyone", "limit"), [(1, 20, 0.05), (29, 100, 0.29), (57, 100, 0.57), (7, 25, 0.28), (0, 9, 0.0)]
)
def test_exactly_as_many_as_may_be_left_out_pass_and_one_more_does_not(split, skipped, everyone, limit):
    leave_out(split, skipped, everyone)
    assert len(split.write(max_skipped=limit)["skipped"]) == skipped
    leave_out(split, skipped + 1, everyone)
    with pytest.raises(ValueError, match=f"{skipped + 1} of {everyone} people"):
        split.write(max_skipped=limit)


@pytest.mark.parametrize(("folder", "name"), [("train", "search-train"), ("valid", "search-valid")])
def test_the_message_names_the_split(tmp_path, folder, name):
    (tmp_path / folder).mkdir()
    split = Split(tmp_path / folder)
    leave_out(split, 4, 4)
    with pytest.raises(ValueError, match=f"4 of 4 people of {name} cannot be used"):
        split.write(max_skipped=0)


def test_nobody_left_is_an_error_however_many_may_be_left_out(split):
    leave_out(split, 4, 4)
    with pytest.raises(ValueError, match=r"4 of 4 people .* \(4 × the image is missing\), e\.g\. c\.jpg in row 4"):
        split.write(max_skipped=1.0)


def test_a_split_without_people_is_an_error_without_an_example(split):
    split.annotations = []
    leave_out(split, 0, 0)
    with pytest.raises(ValueError, match=r"^the images: 0 of 0 people of a split cannot be used; correct the data set"):
        split.write()


def damaged(content, **changes):
    return json.dumps({**json.loads(content), **changes}).encode()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda content: content[:-20], "expected JSON, found damage"),
        (lambda content: b"", "expected JSON, found damage"),
        (lambda content: b"\xff\xfe" + content, "expected JSON, found damage"),
        (lambda content: b"[]", "expected a file of kind 'manifest'"),
        (lambda content: damaged(content, kind="shard"), "expected a file of kind 'manifest'"),
        (lambda content: damaged(content, schema_version=99), "found schema_version 99"),
        (lambda content: content.replace(b'"digest"', b'"digits"'), "its content does not match its sha256"),
    ],
)
def test_a_damaged_manifest_is_named(split, damage, message):
    split.write()
    split.output.write_bytes(damage(split.output.read_bytes()))
    with pytest.raises(ValueError, match=rf"manifest\.json: {message}.*; delete .*manifest\.json and run"):
        read_manifest(split.output)


@pytest.mark.parametrize("key", ["digest", "shards"])
def test_a_manifest_without_a_part_is_named(split, key):
    split.write()
    document = read_json(split.output, "manifest")
    del document[key]
    write_json(split.output, "manifest", document)
    with pytest.raises(ValueError, match=rf"manifest\.json: {key} is missing; delete .*manifest\.json and run"):
        read_manifest(split.output)
