"""A whole run, and what happens when a part of it is done again."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import yaml
from evocnn_command import evocnn
from workflow_runs import REPOSITORY, planned_jobs, snakemake, snakemake_command

from evocnn.dataset.toy import render_toy

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(tiny_run: Path, tmp_path: Path) -> Path:
    """A finished run to do things to."""
    return Path(shutil.copytree(tiny_run, tmp_path / "copy"))


def documents(folder: Path, pattern: str) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.glob(pattern))}


def measured(folder: Path) -> dict[str, object]:
    """What a fitness says of the network, without what it says of the machine."""
    files = documents(folder, "results/tiny/**/fitness.json")
    read = {name: json.loads(content) for name, content in files.items()}
    return {name: (d["status"], d["objectives"], d["metrics"], d["cost"]) for name, d in read.items()}


def test_a_run_leaves_everything_behind(tiny_run: Path) -> None:
    run = tiny_run / "results" / "tiny"
    for name in (
        "config.yaml",
        "report.html",
        "summary.txt",
        "records/train/manifest.json",
        "tables/individuals.csv",
        "tables/generations.csv",
        "tables/scores.csv",
        "plots/fitness.svg",
        "plots/lineage.svg",
        "plots/network.svg",
        "baselines/trivial.json",
        "final/model.keras",
        "final/saved_model/saved_model.pb",
        "final/model.tflite",
        "final/model.onnx",
        "final/model_int8.tflite",
        "final/exports.json",
        "final/calibration.json",
        "final/model.json",
        "final/model_card.md",
        "final/predictions.csv",
        "final/predictions.png",
        "final/score.json",
    ):
        assert (run / name).stat().st_size > 0, name
    fitness = json.loads((run / "generation-001/individual-01/fitness.json").read_text())
    assert fitness["status"] == "ok"
    assert 0 <= fitness["objectives"]["score"] <= 100
    history = pd.read_csv(run / "generation-001/individual-01/history.csv")
    assert len(history) == fitness["training"]["epochs"]
    assert history["score"].max() == pytest.approx(fitness["objectives"]["score"])
    assert len(pd.read_csv(run / "tables/individuals.csv")) == 5


def test_the_command_makes_the_page_of_the_rule(tiny_run: Path, tmp_path: Path) -> None:
    run = tiny_run / "results/tiny"
    assert evocnn("report", run, "--output", tmp_path / "page.html").returncode == 0
    assert (tmp_path / "page.html").read_bytes() == (run / "report.html").read_bytes()


def test_the_search_never_sees_the_test_split(tiny_run: Path) -> None:
    train = json.loads((tiny_run / "data/toy/60-20-1/annot/train.json").read_text())
    records = [
        json.loads((tiny_run / f"results/tiny/records/{s}/manifest.json").read_text()) for s in ("train", "valid")
    ]
    assert sum(manifest["people"] for manifest in records) == len(train)


def test_a_finished_run_has_nothing_to_do(tiny_run: Path, tiny: Path) -> None:
    assert planned_jobs(snakemake(tiny_run, "--dry-run", configfiles=(tiny,)).stdout) == {}


def test_the_same_seed_gives_the_same_bytes(tiny_run: Path, tmp_path: Path, tiny: Path) -> None:
    finished = snakemake(tmp_path, "results/tiny/generation-001/population.json", configfiles=(tiny,))
    assert finished.returncode == 0, finished.stdout
    for pattern in ("data/toy/**/*.*", "results/tiny/records/**/*.*", "results/tiny/generation-*/*.json"):
        again = documents(tmp_path, pattern)
        assert again
        assert again.items() <= documents(tiny_run, pattern).items()
    again_measured = measured(tmp_path)
    assert len(again_measured) == 5
    assert again_measured.items() <= measured(tiny_run).items()


def test_the_same_workflow_elsewhere_has_nothing_to_do(copy: Path, tiny: Path) -> None:
    """By another path, and as a copy whose files are all younger."""
    snakefiles = [os.path.relpath(REPOSITORY / "Snakefile", copy), "evocnn/Snakefile"]
    (copy / "evocnn").mkdir()
    shutil.copy(REPOSITORY / "Snakefile", copy / "evocnn/Snakefile")
    for folder in ("rules", "scripts", "config", "envs", "report", "profiles"):
        shutil.copytree(REPOSITORY / folder, copy / "evocnn" / folder, copy_function=shutil.copy)
    for snakefile in snakefiles:
        command = [sys.executable, "-m", "snakemake", "-s", snakefile, "-n", "--cores", "2", "--resources", "gpu=2"]
        command += ["--configfile", str(tiny)]
        finished = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        assert "Nothing to be done" in finished.stdout, finished.stdout + finished.stderr


def test_another_seed_draws_toy_images_of_its_own(copy: Path, tiny: Path) -> None:
    mine = copy / "mine.yaml"
    mine.write_text(yaml.safe_dump({"seed": 9, "experiment": "other"}))
    assert snakemake(copy, "data/toy/60-20-9/annot/train.json", configfiles=(tiny, mine)).returncode == 0
    assert "Nothing to be done" in snakemake(copy, "--dry-run", configfiles=(tiny,)).stdout


def test_more_generations_add_only_their_own_jobs(copy: Path, tiny: Path) -> None:
    mine = copy / "mine.yaml"
    mine.write_text(yaml.safe_dump({"evolution": {"generations": 3}}))
    jobs = planned_jobs(snakemake(copy, "--dry-run", configfiles=(tiny, mine)).stdout)
    assert (jobs["breed"], jobs["train"], jobs["select"], jobs["train_final"]) == (1, 2, 1, 2)
    assert not {"render_toy", "write_shard", "decode_records", "score_trivial_baselines"} & set(jobs)


def test_another_crop_size_writes_records_anew_from_the_same_people(copy: Path, tiny: Path) -> None:
    mine = copy / "mine.yaml"
    mine.write_text(yaml.safe_dump({"dataset": {"input_size": 64}}))
    jobs = planned_jobs(snakemake(copy, "--dry-run", configfiles=(tiny, mine)).stdout)
    assert (jobs["write_shard"], jobs["write_manifest"], jobs["decode_records"]) == (3, 3, 3)
    assert not {"render_toy", "read_people"} & set(jobs)


def test_a_damaged_shard_is_named_and_written_again_once_it_is_gone(copy: Path, tiny: Path) -> None:
    folder = copy / "results/tiny/records/valid"
    shard, crops = folder / "part-00000-of-00001.tfrecord", folder / "crops.npy"
    before, content = crops.read_bytes(), bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.write_bytes(content)
    crops.unlink()
    target = str(crops.relative_to(copy))
    finished = snakemake(copy, target, configfiles=(tiny,))
    assert finished.returncode != 0
    assert "part-00000-of-00001.tfrecord: the shard is damaged" in finished.stdout
    assert not crops.exists()
    shard.unlink()
    finished = snakemake(copy, target, configfiles=(tiny,))
    assert finished.returncode == 0, finished.stdout
    assert crops.read_bytes() == before


def test_too_many_unusable_people_stop_the_run_with_the_reasons(tmp_path: Path, tiny: Path) -> None:
    render_toy(tmp_path / "mine", train_people=40, valid_people=5, seed=1)
    people = Counter(entry["image"] for entry in json.loads((tmp_path / "mine/annot/train.json").read_text()))
    missing, empty = [tmp_path / "mine/images" / image for image, count in people.items() if count == 1][:2]
    missing.unlink()
    empty.write_bytes(b"")
    mine = tmp_path / "mine.yaml"
    mine.write_text(yaml.safe_dump({"dataset": {"root": "mine", "valid_fraction": 0.01}}))
    finished = snakemake(tmp_path, "results/tiny/records/train/manifest.json", configfiles=(tiny, mine))
    assert finished.returncode != 0
    assert "1 × the image is missing" in finished.stdout
    assert "1 × the image's file is empty" in finished.stdout
    assert "correct the data set, or change dataset.max_skipped (now 0.01)" in finished.stdout
    mine.write_text(yaml.safe_dump({"dataset": {"root": "mine", "valid_fraction": 0.01, "max_skipped": 0.2}}))
    finished = snakemake(tmp_path, "results/tiny/records/train/manifest.json", configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout


def test_a_lost_fitness_is_trained_again_and_nothing_else(copy: Path, tiny: Path) -> None:
    lost = copy / "results/tiny/generation-001/individual-01/fitness.json"
    before = measured(copy)
    lost.unlink()
    jobs = planned_jobs(snakemake(copy, "--dry-run", configfiles=(tiny,)).stdout)
    assert (jobs["train"], jobs["select"]) == (1, 1)
    assert "breed" not in jobs
    targets = (str(lost.relative_to(copy)), "results/tiny/generation-001/population.json")
    finished = snakemake(copy, *targets, configfiles=(tiny,))
    assert finished.returncode == 0, finished.stdout
    assert measured(copy) == before


def test_a_damaged_fitness_is_named_and_keeps_what_was_done(copy: Path, tiny: Path) -> None:
    damaged = copy / "results/tiny/generation-001/individual-00/fitness.json"
    damaged.write_text(damaged.read_text()[:100])
    finished = snakemake(copy, "results/tiny/generation-001/population.json", configfiles=(tiny,))
    assert finished.returncode != 0
    assert "generation-001/individual-00/fitness.json: expected JSON, found damage" in finished.stdout
    damaged.unlink()
    finished = snakemake(copy, "results/tiny/generation-001/population.json", configfiles=(tiny,))
    assert finished.returncode == 0, finished.stdout


@pytest.mark.parametrize(("rule", "output"), [("breed", "offspring.json"), ("select", "population.json")])
def test_breed_and_select_take_under_a_second(copy: Path, tiny: Path, rule: str, output: str) -> None:
    """Of CPU time: what else the machine does is not counted."""

    def fastest() -> float:
        files = sorted(copy.glob(f"benchmarks/tiny/generation-*/{rule}.tsv"))
        assert len(files) == 2
        return min(pd.read_csv(path, sep="\t")["cpu_time"].item() for path in files)

    tries = 1
    while fastest() >= 1.0 and tries < 3:  # memory and caches that others use make it slower
        snakemake(copy, "--force", f"results/tiny/generation-000/{output}", configfiles=(tiny,))
        tries += 1
    assert fastest() < 1.0


def test_snakemakes_own_report_holds_plots_and_tables(copy: Path, tiny: Path) -> None:
    finished = snakemake(copy, "--report", "snakemake.html", configfiles=(tiny,))
    assert finished.returncode == 0, finished.stdout
    text = (copy / "snakemake.html").read_text()
    for name in (
        "fitness.svg",
        "macs.svg",
        "lineage.svg",
        "operations.svg",
        "outcomes.svg",
        "network.svg",
        "scores.csv",
    ):
        assert name in text
    for name in ("individuals.csv", "predictions.png", "Best network"):
        assert name in text


def test_baselines_add_their_own_trainings_on_the_same_records(copy: Path, tiny: Path) -> None:
    mine = copy / "mine.yaml"
    mine.write_text(yaml.safe_dump({"baselines": {"networks": ["ga_cnn_style"]}}))
    jobs = planned_jobs(snakemake(copy, "--dry-run", configfiles=(tiny, mine)).stdout)
    assert {rule: jobs[rule] for rule in ("train_baseline", "evaluate_baseline", "tabulate_baselines")} == {
        "train_baseline": 1,
        "evaluate_baseline": 1,
        "tabulate_baselines": 1,
    }
    assert not {"write_shard", "decode_records", "breed", "train", "train_final", "evaluate_final"} & set(jobs)
    finished = snakemake(copy, configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout
    run = copy / "results/tiny"
    table = pd.read_csv(run / "tables/baselines.csv").set_index("network")
    for name, folder in (("evolved", run / "final"), ("ga_cnn_style", run / "baselines/ga_cnn_style")):
        assert table.score[name] == pytest.approx(
            json.loads((folder / "score.json").read_text())["test"]["mean"], abs=1e-3
        )
    history = pd.read_csv(run / "baselines/ga_cnn_style/history.csv")
    assert len(history) == len(pd.read_csv(run / "final/history.csv"))  # the same budget


def test_searches_are_compared_in_one_command(copy: Path, tiny: Path) -> None:
    mine = copy / "mine.yaml"
    small = {"evolution": {"generations": 1, "population": 1, "offspring": 1}, "final": {"epochs": 1, "finalists": 1}}
    mine.write_text(yaml.safe_dump({**small, "training": {"epochs": 1}, "compare": {"seeds": [5]}}))
    finished = snakemake(copy, "compare", configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout
    table = pd.read_csv(copy / "results/tiny/tables/compare.csv")
    assert table[["strategy", "seed"]].to_numpy().tolist() == [["predictor", 5], ["random", 5]]
    text = (copy / "results/tiny/compare/summary.txt").read_text()
    assert "with so few seeds p cannot be below 1.000" in text
    again = snakemake(copy, "compare", "--dry-run", configfiles=(tiny, mine))
    assert planned_jobs(again.stdout) == {}
    search = copy / "results/tiny/compare/random-5"  # is a run like any other
    assert yaml.safe_load((search / "config.yaml").read_text())["evolution"]["strategy"] == "random"
    assert "1 of 1 selected" in evocnn("progress", search, "--once").stdout
    assert evocnn("report", search).returncode == 0
    assert (search / "report.html").stat().st_size > 100_000


def test_other_settings_are_not_mixed_into_a_run_that_was_moved(copy: Path, tiny: Path) -> None:
    shutil.rmtree(copy / ".snakemake")
    mine = copy / "mine.yaml"
    mine.write_text(yaml.safe_dump({"training": {"epochs": 3}, "evolution": {"generations": 3}}))
    target = "results/tiny/generation-002/population.json"
    assert snakemake(copy, "--touch", configfiles=(tiny,)).returncode == 0
    finished = snakemake(copy, target, "--rerun-triggers", "mtime", configfiles=(tiny, mine))
    assert finished.returncode != 0
    assert "evocnn: results/tiny: training.epochs was 2, is 3: all trainings run again" in finished.stdout
    log = (copy / "logs/tiny/generation-002/select.log").read_text()
    assert "was trained with training.epochs = 3" in log
    assert "generation-001/population.json with 2; their scores cannot be compared" in log
    assert not (copy / target).exists()


def test_a_search_begins_with_the_survivors_of_another(copy: Path, tiny: Path) -> None:
    survivors = json.loads((copy / "results/tiny/generation-001/population.json").read_text())["survivors"]
    mine = copy / "mine.yaml"
    founders = "results/tiny/generation-001/population.json"
    mine.write_text(yaml.safe_dump({"experiment": "second", "evolution": {"founders": [founders]}}))
    target = "results/second/generation-000/offspring.json"
    finished = snakemake(copy, target, configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout[-3000:]
    bred = json.loads((copy / target).read_text())["individuals"]
    assert [one["network_id"] for one in bred] == [one["network_id"] for one in survivors]
    assert {one["lineage"]["operator"] for one in bred} == {"given"}
    assert "Nothing to be done" in snakemake(copy, target, "--dry-run", configfiles=(tiny, mine)).stdout
    mine.write_text(yaml.safe_dump({"experiment": "second", "evolution": {"founders": ["gone.json"]}}))
    refused = snakemake(copy, target, "--dry-run", configfiles=(tiny, mine)).stdout
    assert "gone.json: there is no such file of founders; correct evolution.founders" in refused


def test_the_flip_test_scores_again_and_trains_nothing(copy: Path, tiny: Path, tmp_path: Path) -> None:
    mine, at = tmp_path / "mine.yaml", "results/tiny/final/score.json"
    mine.write_text("final: {flip_test: true}")
    before, places = json.loads((copy / at).read_text()), (copy / at).with_name("predictions.csv").read_bytes()
    planned = snakemake(copy, at, "--dry-run", configfiles=(tiny, mine)).stdout
    assert planned_jobs(planned) == {"evaluate_final": 1}
    assert "final.flip_test was False, is True: the final network and baselines are scored again" in planned
    finished = snakemake(copy, at, configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout
    after = json.loads((copy / at).read_text())
    assert (before["flip_test"], after["flip_test"]) == (False, True)
    assert (copy / at).with_name("predictions.csv").read_bytes() != places


def test_finalists_start_from_the_weights_of_a_model(copy: Path, tiny: Path) -> None:
    model, mine = copy / "known.keras", copy / "mine.yaml"
    shutil.copy(copy / "results/tiny/final/model.keras", model)
    mine.write_text(yaml.safe_dump({"final": {"weights": "known.keras"}}))
    target = "results/tiny/final/finalist-00/fitness.json"
    finished = snakemake(copy, target, configfiles=(tiny, mine))
    assert finished.returncode == 0, finished.stdout[-3000:]
    assert "layers start from the weights of known.keras" in (copy / "logs/tiny/final/finalist-00.log").read_text()
    assert "Nothing to be done" in snakemake(copy, target, "--dry-run", configfiles=(tiny, mine)).stdout
    baselines = {"networks": ["hourglass"], "width": 0.125, "weights": {"hourglass": "known.keras"}}
    mine.write_text(yaml.safe_dump({"baselines": baselines}))
    trained = "results/tiny/baselines/hourglass/fitness.json"
    planned = snakemake(copy, trained, "--dry-run", configfiles=(tiny, mine)).stdout
    assert "results/tiny/records/valid/crops.npz, known.keras" in planned
    mine.write_text(yaml.safe_dump({"final": {"weights": "gone.keras"}}))
    refused = snakemake(copy, target, "--dry-run", configfiles=(tiny, mine)).stdout
    assert "configuration: final.weights is gone.keras, and there is no such file; correct the path" in refused


@pytest.mark.parametrize("name", ["population.json", "offspring.json", "networks.json", "individual-01/history.csv"])
def test_a_lost_file_of_a_generation_is_missed(copy: Path, tiny: Path, name: str) -> None:
    assert "Nothing to be done" in snakemake(copy, "--dry-run", configfiles=(tiny,)).stdout
    (copy / "results/tiny/generation-000" / name).unlink()
    planned = planned_jobs(snakemake(copy, "--dry-run", configfiles=(tiny,)).stdout)
    assert planned[{"population.json": "select", "individual-01/history.csv": "train"}.get(name, "breed")] >= 1


def test_snakemake_looks_for_jobs_to_start_only_where_one_has_ended(copy: Path, tiny: Path) -> None:
    """With its own default it looks once more each second for every job that has ended, while others wait."""
    for folder in copy.glob("results/tiny/generation-000/individual-*"):
        (folder / "fitness.json").unlink()
        (folder / "result.zip").unlink()
    target = "results/tiny/generation-000/population.json"
    arguments = (target, "--verbose", "--forcerun", "select")
    command, environment = snakemake_command(copy, *arguments, configfiles=(tiny,))
    command[command.index("gpu=2")] = "gpu=1"
    finished = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=REPOSITORY, check=False)
    assert finished.returncode == 0, finished.stderr
    ended = finished.stderr.count("Finished jobid: ")
    assert ended == 4
    assert finished.stderr.count("Ready jobs: ") <= ended + 1
