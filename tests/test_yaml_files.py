"""What YAML 1.1 would take for something else, and keys that are there twice."""

from pathlib import Path

import pytest

from evocnn.labels import read_labels
from evocnn.yaml_files import read_yaml


def written(folder: Path, text: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("as_written", [False, True])
@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3", "top:\n  a: 1\n  b: 2\n  a: 1"])
def test_a_key_that_is_there_twice_is_refused_by_its_line(tmp_path, text, as_written):
    first, again = [number for number, line in enumerate(text.split("\n"), 1) if "a:" in line]
    with pytest.raises(ValueError, match=rf"file.yaml: .*the key 'a' is on line {first} and again .* line {again}"):
        read_yaml(written(tmp_path, text), as_written=as_written)


def test_values_are_those_of_yaml_or_as_they_are_written(tmp_path):
    path = written(tmp_path, "[no, 001, 1e3, null, ä]")
    assert read_yaml(path) == [False, 1, "1e3", None, "ä"]
    assert read_yaml(path, as_written=True) == ["no", "001", "1e3", "null", "ä"]


@pytest.mark.parametrize("text", ["a: [", "a:\n\tb", "\x00", "a: !!python/object/apply:os.getcwd []"])
def test_damage_is_one_line(tmp_path, text):
    with pytest.raises(ValueError, match=r"file\.yaml: expected YAML, found damage") as caught:
        read_yaml(written(tmp_path, text))
    assert "\n" not in str(caught.value)


NESTED = ["a0: &a0 [1]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20))]


@pytest.mark.parametrize("as_written", [False, True])
def test_aliases_that_make_values_without_end_are_refused(tmp_path, as_written):
    with pytest.raises(
        ValueError, match=r"file\.yaml: expected at most 100,000 values, found more, by aliases"
    ) as caught:
        read_yaml(written(tmp_path, "\n".join(NESTED)), as_written=as_written)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("names", [["no", "yes"], ["001", "010"], ["1", "2", "3"], ["on", "off"], ["null", "~"]])
def test_names_of_classes_and_joints_are_as_they_are_written(tmp_path, names):
    listed = f"[{', '.join(names)}]"
    assert read_labels(written(tmp_path, f"classes: {listed}")).classes == tuple(names)
    skeleton = (
        f"joints: {listed}\npairs: []\nlimbs: []\ngroups: {{}}\nscored: {listed}\nnormaliser: box\nthreshold: 0.2"
    )
    read = read_labels(written(tmp_path, skeleton))
    assert (read.joints, read.threshold, read.own_metric) == (tuple(names), 0.2, None)


@pytest.mark.parametrize("line", ["threshold: .nan", "threshold: 0", "threshold: many", "joints: a", "joints: [[a]]"])
def test_what_is_no_skeleton_is_refused(tmp_path, line):
    lines = {"joints": "joints: [a, b]", "threshold": "threshold: 0.2"} | {line.split(":")[0]: line}
    text = "\n".join([*lines.values(), "pairs: []", "limbs: []", "groups: {}", "scored: [a]", "normaliser: box"])
    with pytest.raises(ValueError, match=r"file\.yaml: .* is .*; expected"):
        read_labels(written(tmp_path, text))
