"""The page of a run as a file: what it holds, whatever there is of the run."""

import base64
import gzip
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from evocnn_command import evocnn

from evocnn.evolution.fitness import read_fitness, write_fitness
from evocnn.files import copy_files, read_json, write_json
from evocnn.report.charts import search_view
from evocnn.report.page.report_page import build_report
from evocnn.report.run_files import RunFiles

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(run):
    def build() -> str:
        output = run.folder / "report.html"
        build_report(RunFiles.in_folder(run.folder), output)
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


def test_individuals_and_their_details_are_there(page, run):
    text = page()
    people, known = data(text)["individuals"], details(text)
    assert [person["key"] for person in people] == list(known) == list(range(6))
    assert [person["score"] for person in people] == [40.0, 20.0, 0.0, 30.0, 50.5, 10.0]
    best = known[4]
    fitness = read_json(run.fitness_files[4], "fitness")
    assert best["fitness"] == {name: value for name, value in fitness.items() if name in best["fitness"]}
    assert [(row["epoch"], row["score"]) for row in best["history"]] == [(1, 8.0), (2, 9.5), (3, 9.25)]
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
    assert "14 of 14 joints right, error 0.00" in said
    assert re.findall(r'alt="(\w+) case', text) == ["best"] * 3 + ["typical"] * 3 + ["worst"] * 3
    assert len(re.findall('src="data:image/jpeg;base64,', text)) == 9
    score = read_json(finished.folder / "final/score.json", "score")["test"]
    assert f"{score['mean']:.1f} ± {score['standard_error']:.1f}" in said
    assert "seed 7; every draw comes from it" in said
    assert "onnx 54.5 ± 0.8 176 model.onnx" in said
    assert "What confidences mean" in said


def test_the_size_beside_the_final_network_is_its_own(finished, page):
    """It need not be the best of the search."""
    path = finished.folder / "final/fitness.json"
    final = read_fitness(path)
    write_fitness(path, replace(final, cost={**final.cost, "params": 7_654_321, "macs": 3_210_000_000}))
    said = visible(page())
    assert "its size 7.65 M parameters its work for one prediction 3.21 G MACs" in said


def test_a_comparison_takes_the_place_of_the_advice_to_make_one(finished, page):
    assert "set compare.seeds" in visible(page())
    (finished.folder / "compare").mkdir()
    (finished.folder / "compare/summary.txt").write_text(
        "PCKh@0.5 in percent on test, of final networks\n"
        "predictor  51.56 ± 2.10 (sd), 5 seeds\n"
        "predictor − random: -0.95, p = 0.548 (Mann–Whitney, exact, two-sided): not significant\n"
    )
    said = visible(page())
    assert "set compare.seeds" not in said
    assert "Final networks of several seeds on test, predictor − random: -0.95, p = 0.548 (Mann–Whitney, exact" in said
    assert "compare/report.html in the folder of the run shows all searches" in said


def test_a_flip_test_is_said_beside_scores(finished, page):
    assert "Flip test:" not in visible(page())
    path = finished.folder / "config.yaml"
    config = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump({**config, "final": {**config["final"], "flip_test": True}}))
    assert "Flip test: scores on test are of the mean of what is predicted" in visible(page())


def test_same_files_same_bytes(page):
    assert page() == page()


@pytest.mark.parametrize(("score", "drawn"), [(7.0, True), (4.0, False)])
def test_a_distant_baseline_is_named_and_not_drawn(page, run, monkeypatch, score, drawn):
    """Scores go from 10 to 50.5: a tenth of that below the lowest one is 5.95."""
    monkeypatch.setattr(search_view, "FAR", 0.1)
    document = read_json(run.trivial, "trivial")
    document["trivial"]["mean pose"]["valid"]["mean"] = score
    write_json(run.trivial, "trivial", {"metric": "PCKh@0.5", "trivial": document["trivial"]})
    text = page()
    assert [row["score"] for row in data(text)["trivial"]] == [score] * drawn
    assert (f"Without looking at an image, {score} % is reached (mean pose)" in visible(text)) == (not drawn)


@pytest.mark.parametrize("statuses", [1, 2])
def test_a_filter_is_offered_where_there_is_a_choice(page, run, statuses):
    if statuses == 1:
        shutil.rmtree(run.fitness_files[2].parent)  # it diverged
    hidden = re.search(r"<label( hidden)?>Show", page())[1]
    assert bool(hidden) == (statuses == 1)


def test_no_text_of_the_run_becomes_markup(page, run):
    document = read_json(run.trivial, "trivial")
    document["trivial"]["</script><b>mean"] = document["trivial"].pop("mean pose")
    write_json(run.trivial, "trivial", {"metric": "PCKh@0.5", "trivial": document["trivial"]})
    text = page()
    assert "</script><b>" not in text
    assert data(text)["trivial"][0]["trivial"] == "</script><b>mean 12.5"


def test_the_command_writes_into_the_run_or_elsewhere(run, tmp_path):
    assert evocnn("report", run.folder).returncode == 0
    assert evocnn("report", run.folder, "--output", str(tmp_path / "other.html")).returncode == 0
    assert (tmp_path / "other.html").read_bytes() == (run.folder / "report.html").read_bytes()


def test_a_folder_without_a_run_is_one_line(tmp_path):
    failed = evocnn("report", tmp_path)
    assert failed.returncode == 2
    assert failed.stderr.count("\n") == 1
    assert "no config.yaml" in failed.stderr


def test_the_rules_files_and_those_of_the_folder_give_one_page(finished, page):
    given = {
        "config": str(finished.folder / "config.yaml"),
        "space": str(finished.space),
        "operations": [],
        "labels": str(finished.labels),
        "offspring": map(str, finished.offspring_files),
        "networks": [str(path.with_name("networks.json")) for path in finished.offspring_files],
        "populations": map(str, finished.population_files),
        "fitness": map(str, finished.fitness_files),
        "trivial": str(finished.trivial),
        "scores": [str(finished.folder / "final/score.json")],
        "predictions": str(finished.folder / "final/predictions.csv"),
        "calibration": str(finished.folder / "final/calibration.json"),
        "exports": str(finished.folder / "final/exports.json"),
        "test": [str(finished.folder / f"records/test/crops.{ending}") for ending in ("npy", "npz")],
        "manifests": [],
    }
    build_report(RunFiles.of(given), finished.folder / "by_files.html")
    assert (finished.folder / "by_files.html").read_text() == page()


def test_files_that_are_no_longer_configured_are_left_out(run, page):
    before = page()
    shutil.copytree(run.folder / "generation-001", run.folder / "generation-002")
    shutil.copytree(run.folder / "generation-000/individual-00", run.folder / "generation-000/individual-03")
    write_json(run.folder / "baselines/hourglass/score.json", "score", {"test": {"mean": 99.0}})
    assert page() == before


def test_a_changed_space_and_skeleton_leave_the_report_as_it_is(run, page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    originals = [tmp_path / "config/spaces/tiny.yaml", tmp_path / "config/skeletons/mpii.yaml"]
    copy_files([run.space, run.labels], originals)
    before = page()
    for path in originals:
        path.write_text("changed: true")
    assert page() == before


def test_no_code_of_the_run_is_executed(run, page):
    before = page()
    space = run.folder / "space/tiny.yaml"
    space.write_text(space.read_text() + "operations: mine.py\n")
    (run.folder / "space/mine.py").write_text("raise SystemExit('executed')")
    assert page() == before
    show_progress = evocnn("progress", run.folder, "--once")
    assert show_progress.returncode == 0, show_progress.stderr


def test_a_lost_file_of_networks_is_named(run, page):
    (run.folder / "generation-000/networks.json").unlink()
    with pytest.raises(ValueError, match=r"generation-000/networks.json lacks the network \w+; delete"):
        page()


def test_a_run_without_its_copies_says_so(run, page):
    run.space.unlink()
    with pytest.raises(ValueError, match=r"the run's copy of config/spaces/tiny.yaml is missing, expected "):
        page()
