"""Evolving against drawing at random: the page says what the files of a comparison hold."""

import zipfile

import pytest
import yaml

from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.files import write_json
from evocnn.report.tables.compare import Search, write_comparison
from evocnn_bench import evolving
from evocnn_bench.demo import bench_demo
from evocnn_bench.evolving import bench_evolving, draw_part

# Two generations of two, a final training, and the score on test.
SEARCHES = {
    ("predictor", 1): (([40.0, 50.0], [50.0, 60.0]), 70.0, 71.0),
    ("predictor", 2): (([42.0, 52.0], [52.0, 54.0]), 74.0, 73.0),
    ("random", 1): (([40.0, 50.0], [45.0, 47.0]), 61.0, 60.0),
    ("random", 2): (([42.0, 52.0], [41.0, 43.0]), 63.0, 64.0),
}


def trained(path, score, epochs):
    training = {"epochs": epochs, "seconds": {"train": 300.0 * epochs, "score": 60.0 * epochs}}
    cost = {"params": 1, "macs": 2}
    metrics = {"standard_error": 3.0}
    write_fitness(path, Fitness("ok", {"score": score}, metrics, cost, training, {"network_id": "0" * 12}))


@pytest.fixture
def compared(tmp_path):
    """A comparison of four searches."""
    searches = []
    for (strategy, seed), (generations, final, test) in SEARCHES.items():
        at = tmp_path / f"compare/{strategy}-{seed}"
        at.mkdir(parents=True)
        config = {"evolution": {"generations": 2, "population": 2, "offspring": 2}, "final": {"finalists": 1}}
        (at / "config.yaml").write_text(yaml.safe_dump(config))
        for number, scores in enumerate(generations):
            for place, score in enumerate(scores):
                trained(at / f"generation-{number:03d}/individual-{place:02d}/fitness.json", score, 3)
        for name in ("finalist-00", "."):
            trained(at / "final" / name / "fitness.json", final, 8)
        document = {"metric": "accuracy", "test": {"mean": test, "standard_error": 0.5}}
        write_json(at / "final/score.json", "score", document)
        searches.append(Search(strategy, seed, at / "final/fitness.json", at / "final/score.json"))
    (tmp_path / "tables").mkdir()
    write_comparison(tmp_path / "tables/compare.csv", tmp_path / "compare/summary.txt", searches)
    return tmp_path


def test_every_strategy_has_a_row_with_means_and_deviations_over_seeds(compared):
    text = bench_evolving(compared)
    # 4 trainings of 3 epochs and one of 8, 360 s per epoch.
    evolved = "| predictor | 46.0 ± 1.4 | 54.0 ± 1.4 | 57.0 ± 4.2 | 72.0 ± 2.8 | 72.0 ± 1.4 | 20 | 2.00 |"
    drawn = "| random | 46.0 ± 1.4 | 44.0 ± 2.8 | 51.0 ± 1.4 | 62.0 ± 1.4 | 62.0 ± 2.8 | 20 | 2.00 |"
    assert evolved in text
    assert drawn in text


def test_the_best_score_is_given_by_epochs_spent(compared):
    text = bench_evolving(compared)
    assert "| epochs spent | 6 | 12 |" in text
    assert "| predictor | 51.0 ± 1.4 | 57.0 ± 4.2 |" in text
    assert "| random | 51.0 ± 1.4 | 51.0 ± 1.4 |" in text


def test_the_difference_is_tested(compared):
    text = bench_evolving(compared)
    assert "- predictor − random: +10.00, p = 0.333 (Mann–Whitney, exact, two-sided): not significant" in text


def test_a_training_that_failed_spent_no_epochs(compared):
    failed = Fitness("crashed", {"score": 0.0}, {}, {"params": 1, "macs": 2}, {}, {"network_id": "0" * 12})
    write_fitness(compared / "compare/random-1/generation-001/individual-01/fitness.json", failed)
    assert "| random | 46.0 ± 1.4 | 32.2 ± 13.8 | 51.0 ± 1.4 |" in bench_evolving(compared)


def test_the_demo_is_held_against_its_beginning_and_against_chance(compared):
    """A standard error of 3 each is 4.2 of the difference: 10 points are more than two of them, 2 are not."""
    text = bench_demo(compared)
    assert "| 1 | 50.0 | 60.0 | 10.0 | 4.2 | 60.0 | 50.0 | 71.0 | 60.0 |" in text
    assert "| 2 | 52.0 | 54.0 | 2.0 | 4.2 | 54.0 | 52.0 | 73.0 | 64.0 |" in text
    assert "In 1 of 2 searches the best of the last generation is above that of generation 0" in text
    assert "In 2 of 2 the best of all generations is above the best of random search" in text
    assert "the mean difference is +6.0 points." in text
    assert "predictor − random: +10.00" in text


def test_a_part_has_as_many_images_of_every_class(tmp_path, monkeypatch):
    monkeypatch.setattr(evolving, "IMAGES_PER_CLASS", 3)
    whole, part = tmp_path / "whole", tmp_path / "part"
    whole.mkdir()
    with zipfile.ZipFile(whole / "train.zip", "w") as archive:
        for name in ("cat", "dog"):
            archive.writestr(f"{name}/", "")
            for number in range(8):
                archive.writestr(f"{name}/{number}.png", f"{name} {number}")
    (whole / "test.zip").write_bytes(b"all of test")
    draw_part(whole, part)
    with zipfile.ZipFile(part / "train.zip") as archive:
        assert archive.namelist() == [f"{name}/{number}.png" for name in ("cat", "dog") for number in (0, 2, 4)]
        assert archive.read("dog/4.png") == b"dog 4"
    assert (part / "test.zip").read_bytes() == b"all of test"
    first = (part / "train.zip").stat().st_mtime_ns
    draw_part(whole, part)
    assert (part / "train.zip").stat().st_mtime_ns == first
