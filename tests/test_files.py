"""Files: whole or not at all."""

import hashlib
import json
import os
import subprocess

import numpy as np
import pytest

from evocnn.files import digest, finite, inside, read_json, replacing, write_json


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_the_new_file_takes_the_place_of_the_old_one(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt, SystemExit])
def test_interrupted_writing_leaves_the_old_file_and_nothing_else(tmp_path, interruption):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def write():
        with replacing(path) as temporary:
            temporary.write_text("half of the n")
            raise interruption

    with pytest.raises(interruption):
        write()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_the_temporary_file_has_the_same_ending_and_its_own_name(tmp_path):
    with replacing(tmp_path / "a.npy") as temporary:
        assert temporary.suffix == ".npy"
        assert temporary.name.startswith(".")
        assert str(os.getpid()) in temporary.name
        assert temporary.parent == tmp_path
        temporary.touch()


def test_writing_nothing_is_an_error_that_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(FileNotFoundError), replacing(path):
        pass
    assert path.read_text() == "old"


def test_missing_folders_are_made(tmp_path):
    write_json(tmp_path / "a" / "b" / "c.json", "note", {})
    assert read_json(tmp_path / "a" / "b" / "c.json", "note")


def test_a_document_is_read_as_written(tmp_path):
    document = {"text": "ü → π", "numbers": [1, 2.5, None], "nested": {"yes": True}}
    write_json(tmp_path / "a.json", "note", document)
    assert read_json(tmp_path / "a.json", "note") == {"schema_version": 1, "kind": "note", **document}
    assert json.loads((tmp_path / "a.json").read_text())["numbers"] == [1, 2.5, None]


@pytest.mark.parametrize("inner", ["", "0" * 64])
def test_a_document_that_names_checksums_of_other_files_is_read_as_written(tmp_path, inner):
    write_json(tmp_path / "a.json", "note", {"file": {"sha256": inner}})
    assert read_json(tmp_path / "a.json", "note", ["file"])["file"] == {"sha256": inner}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), [{"deep": float("nan")}]])
def test_what_is_not_finite_is_refused_and_nothing_is_written(tmp_path, value):
    path = tmp_path / "a.json"
    path.write_text("old")
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, "note", {"value": value})
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.json"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected JSON, found damage"),
        ("{", "expected JSON, found damage"),
        ("[]", "expected a file of kind 'note'"),
        ("3", "expected a file of kind 'note'"),
        ('{"kind": "tune", "schema_version": 1}', "expected a file of kind 'note'"),
        ('{"kind": "note"}', "found schema_version None, expected 1"),
        ('{"kind": "note", "schema_version": 2}', "found schema_version 2, expected 1"),
        ('{"kind": "note", "schema_version": 1}', "its content does not match its sha256: damaged, or changed by hand"),
    ],
)
def test_what_is_wrong_with_a_document_is_said_with_its_file(tmp_path, text, message):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=rf"a\.json: {message}.*; delete .*a\.json and run snakemake again"):
        read_json(path, "note", ["words"])


def test_a_missing_key_is_said_with_its_file(tmp_path):
    write_json(tmp_path / "a.json", "note", {"letters": 3})
    with pytest.raises(ValueError, match=r"a\.json: words is missing; delete .*a\.json and run snakemake again"):
        read_json(tmp_path / "a.json", "note", ["letters", "words"])


def test_no_flipped_bit_of_a_document_goes_unnoticed(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, "note", {"score": 71.25, "of": ["a", "b"]})
    whole = path.read_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            path.write_bytes(flipped)
            with pytest.raises(ValueError, match=r"a\.json: .*delete .*a\.json and run snakemake again"):
                read_json(path, "note", ["score", "of"])


def test_what_killed_processes_have_left_of_a_file_goes_when_it_is_written_again(tmp_path):
    dead = subprocess.Popen(["true"])
    dead.wait()
    for name in (f".a.{dead.pid}.partial.json", f".a.{os.getppid()}.partial.json", f".b.{dead.pid}.partial.json"):
        (tmp_path / name).write_text("{")
    write_json(tmp_path / "a.json", "note", {})
    assert sorted(names(tmp_path)) == [f".a.{os.getppid()}.partial.json", f".b.{dead.pid}.partial.json", "a.json"]


def test_bytes_that_are_no_text_are_damage(tmp_path):
    (tmp_path / "a.json").write_bytes(b'{"kind": "note\xff\xfe')
    with pytest.raises(ValueError, match=r"a\.json: expected JSON, found damage"):
        read_json(tmp_path / "a.json", "note")


def test_what_is_not_finite_becomes_none_at_any_depth():
    numbers = {"a": 1.5, "b": float("nan"), "c": {"d": float("inf"), "e": {"f": -float("inf"), "g": 0}}}
    assert finite(numbers) == {"a": 1.5, "b": None, "c": {"d": None, "e": {"f": None, "g": 0}}}
    assert finite({"a": np.float64("nan")}) == {"a": None}


def test_a_digest_is_that_of_the_digests_in_order(tmp_path):
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_bytes(b"one")
    two.write_bytes(b"two")
    both = hashlib.sha256(b"one").digest() + hashlib.sha256(b"two").digest()
    assert digest(one, two) == hashlib.sha256(both).hexdigest()
    assert digest(one, two) != digest(two, one)


@pytest.mark.parametrize("name", ["../a.png", "b/../../a.png", "/etc/a.png", "link/a.png"])
def test_no_name_leads_out_of_the_folder_that_is_written_to(tmp_path, name):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="leads out of it; nothing is written there"):
        inside(folder, name)
    assert inside(folder, "b/a.png") == folder / "b/a.png"


def test_json_that_is_nested_too_deep_is_damage(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[" * 100_000)
    with pytest.raises(ValueError, match=r"a\.json: expected JSON, found damage"):
        read_json(path, "note")
