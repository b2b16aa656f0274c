"""The page of a run as a file: what it holds, whatever there is of the run."""

import base64
import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from evocnn.files import read_json, write_json
from evocnn.report.html import build_report

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(run):
    def build() -> str:
        output = run.folder / "report.html"
        build_report(run.folder, output)
        return output.read_text()

    return build


def data(text: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', text)[1])


def details(text: str) -> dict[int, dict]:
    chunks = re.findall(r'class="details" data-first="\d+">(.*?)</script>', text)
    rows = [row for chunk in chunks for row in json.loads(gzip.decompress(base64.b64decode(chunk)))]
    return {row["key"]: row for row in rows}


def visible(text: str) -> str:
    """The page without styles and scripts, and blanks as one."""
    return " ".join(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL).split())


def test_it_needs_nothing_else(page):
    text = page()
    markup = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)  # the library names its specifications' homes
    assert not re.search(r'(?:src|href)="(?!data:|#)', markup)
    assert "url(" not in markup
    assert "@import" not in markup


def test_everybody_and_their_details_are_there(page, run):
    text = page()
    people, known = data(text)["individuals"], details(text)
    assert [person["key"] for person in people] == list(known) == list(range(6))
    assert [person["score"] for person in people] == [40.0, 20.0, 0.0, 30.0, 50.5, 10.0]
    best = known[4]
    fitness = read_json(run.fitness_files[4], "fitness")
    assert best["fitness"] == {name: value for name, value in fitness.items() if name in best["fitness"]}
    assert [row["score"] for row in best["history"]] == [8.0, 9.5, 9.25]
    assert best["ancestors"][-1] == 4
    assert known[2]["history"] == []  # it diverged
    labels = [row["label"] for row in best["network"]["rows"] if "label" in row]
    assert labels[0] == "input"


def test_a_run_in_progress(page, run):
    run.population_files[1].unlink()
    run.fitness_files[5].unlink()
    text = visible(page())
    assert "5 of 6 trainings, 1 of 2 generations selected: in progress" in text
    assert "unfinished 1" in text
    assert "They are drawn once the final network has been scored." in text


def test_a_run_that_has_only_begun(page, run):
    for folder in run.folder.glob("generation-*"):
        shutil.rmtree(folder)
    shutil.rmtree(run.folder / "baselines")
    text = visible(page())
    assert "0 of 6 trainings" in text
    assert "Nothing to show before a training has ended well." in text
    assert "Nothing is scored yet." in text


def test_a_finished_run(finished, page):
    text = page()
    said = visible(text)
    assert "in progress" not in said
    assert "14 of 14 joints found, error 0.00" in said
    assert re.findall(r'alt="(\w+) case', text) == ["best"] * 3 + ["typical"] * 3 + ["worst"] * 3
    assert len(re.findall('src="data:image/jpeg;base64,', text)) == 9
    score = read_json(finished.folder / "final/score.json", "score")["test"]
    assert f"{score['mean']:.1f} ± {score['standard_error']:.1f}" in said
    assert "seed 7; every draw comes from it" in said


def test_same_files_same_bytes(page):
    assert page() == page()


def test_no_text_of_the_run_becomes_markup(page, run):
    document = read_json(run.floors, "floors")
    document["floors"]["</script><b>mean"] = document["floors"].pop("mean pose")
    write_json(run.floors, "floors", {"metric": "PCKh@0.5", "floors": document["floors"]})
    text = page()
    assert "</script><b>" not in text
    assert data(text)["floors"][0]["floor"] == "</script><b>mean 12.5"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts/build_report.py"), *arguments], capture_output=True, text=True, check=False
    )


def test_the_command_writes_into_the_run_or_elsewhere(run, tmp_path):
    assert command(str(run.folder)).returncode == 0
    assert command(str(run.folder), "--output", str(tmp_path / "other.html")).returncode == 0
    assert (tmp_path / "other.html").read_bytes() == (run.folder / "report.html").read_bytes()


def test_a_folder_without_a_run_is_one_line(tmp_path):
    failed = command(str(tmp_path))
    assert failed.returncode == 2
    assert failed.stderr.count("\n") == 1
    assert "no config.yaml" in failed.stderr


def test_no_tensorflow():
    code = "import evocnn.report.html, sys; sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT / "scripts", check=False).returncode == 0
