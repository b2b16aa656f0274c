"""Evolving against drawing at random: the page says what the files of a comparison hold."""

import zipfile

import pandas as pd
import pytest
import yaml

from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.files import write_json
from evocnn.report.tables.compare import Search, write_comparison
from evocnn_bench import evolving, searches
from evocnn_bench.demo import bench_demo
from evocnn_bench.evolving import bench_evolving, draw_part
from evocnn_bench.kept_rows import add_rows, digest_of, read_rows
from evocnn_bench.rungs import RUNGS, WHOLE, bench_rungs
from evocnn_bench.searches import against_random, read_search, rows_of, search_seeds

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
    ran_on = {"network_id": "0" * 12, "processor": "CPU", "device": "cpu", "versions": {"keras": "3"}}
    write_fitness(path, Fitness("ok", {"score": score}, metrics, cost, training, ran_on))


def rows(run, searches=SEARCHES, names=("predictor", "random")):
    """Of some searches of a run, with other names of strategies."""
    known = dict(zip(("predictor", "random"), names, strict=True))
    return [row for search in searches for row in rows_of(read_search(run, *search), known[search[0]], "abc")]


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
    text = bench_evolving(pd.DataFrame(rows(compared)))
    # 4 trainings of 3 epochs and one of 8, 360 s per epoch.
    evolved = "| predictor | 46.0 ± 1.4 | 54.0 ± 1.4 | 57.0 ± 4.2 | 72.0 ± 2.8 | 72.0 ± 1.4 | 20 | 2.00 |"
    drawn = "| random | 46.0 ± 1.4 | 44.0 ± 2.8 | 51.0 ± 1.4 | 62.0 ± 1.4 | 62.0 ± 2.8 | 20 | 2.00 |"
    assert evolved in text
    assert drawn in text


def test_the_best_score_is_given_by_epochs_spent(compared):
    text = bench_evolving(pd.DataFrame(rows(compared)))
    assert "| epochs spent | 6 | 12 |" in text
    assert "| predictor | 51.0 ± 1.4 | 57.0 ± 4.2 |" in text
    assert "| random | 51.0 ± 1.4 | 51.0 ± 1.4 |" in text


def test_searches_of_more_and_cheaper_generations_are_compared_at_the_same_epochs(compared):
    """Evolved: 3 epochs after each of two generations. At random: 6 after each."""
    table = pd.DataFrame(rows(compared))
    table.loc[(table["strategy"] == "predictor") & (table["part"] != searches.FINAL), "epochs"] = 3
    later = table[(table["strategy"] == "predictor") & (table["part"] == "1")].assign(part="2", best=90.0)
    text = bench_evolving(pd.concat([table, later]))
    assert "| epochs spent | 6 | 12 |" in text
    assert "| predictor | 57.0 ± 4.2 | 90.0 ± 0.0 |" in text


def test_the_difference_is_tested(compared):
    text = bench_evolving(pd.DataFrame(rows(compared)))
    assert "- predictor − random: +10.00, p = 0.333 (Mann–Whitney, exact, two-sided): not significant" in text
    assert "- All trainings with CPU, keras 3\n" in text


def test_a_training_that_failed_spent_no_epochs(compared):
    failed = Fitness("crashed", {"score": 0.0}, {}, {"params": 1, "macs": 2}, {}, {"network_id": "0" * 12})
    write_fitness(compared / "compare/random-1/generation-001/individual-01/fitness.json", failed)
    text = bench_evolving(pd.DataFrame(rows(compared)))
    assert "| random | 46.0 ± 1.4 | 32.2 ± 13.8 | 51.0 ± 1.4 |" in text


def test_seeds_that_were_searched_are_not_searched_again(compared, tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(searches, "REPOSITORY", tmp_path)
    monkeypatch.setattr(searches, "PAGES", tmp_path / "pages")
    monkeypatch.setattr(searches, "run_workflow", lambda _, files: ran.append([str(file) for file in files]))
    (tmp_path / "results").mkdir()
    (tmp_path / "results/here").symlink_to(compared)

    def searched(*seeds):
        return search_seeds("evolving", against_random({"experiment": "here", "compare": {"seeds": seeds}}))

    searched(1)
    files = ("final/score.json", "config.yaml")
    assert ran == [[f"results/here/compare/{name}-1/{file}" for name in ("predictor", "random") for file in files]]
    both = searched(1, 2)
    assert len(ran) == 2
    assert bench_evolving(searched(1, 2)) == bench_evolving(both) == bench_evolving(pd.DataFrame(rows(compared)))
    assert {*searched(2)["seed"]} == {2}
    assert len(ran) == 2


def test_rows_of_other_code_or_another_configuration_are_refused(compared, tmp_path):
    kept = tmp_path / "evolving.csv"
    add_rows(kept, read_rows(kept, "abc"), rows(compared))
    with pytest.raises(ValueError, match=r"evolving\.csv: found rows that were made by abc, expected def"):
        read_rows(kept, "def")


@pytest.mark.parametrize("made_by", ["467465189053", "1e5733901234", "000000000012"])
def test_a_digest_that_looks_like_a_number_stays_text(compared, tmp_path, made_by):
    kept = tmp_path / "evolving.csv"
    add_rows(kept, read_rows(kept, made_by), [{**row, "made_by": made_by} for row in rows(compared)])
    assert {*read_rows(kept, made_by)["made_by"]} == {made_by}


def test_the_digest_is_of_what_changes_scores():
    one = digest_of([{"dataset": {"root": "here"}, "compare": {"seeds": [1]}}])
    assert one == digest_of([{"dataset": {"root": "there"}, "compare": {"seeds": [1, 2]}, "experiment": "another"}])
    assert one != digest_of([{"training": {"epochs": 3}}])
    assert one != digest_of([{}, {}])


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


def test_rungs_are_compared_with_whole_trainings(compared):
    """Half of the individuals are stopped after 1 of 3 epochs: 8 of 12 epochs; test is 2 points lower."""
    searches = [search for search in SEARCHES if search[0] == "predictor"]
    whole = rows(compared, searches, (WHOLE, ""))
    for path in compared.glob("compare/predictor-*/generation-*/individual-00/fitness.json"):
        trained(path, 40.0, 1)
    stopped = rows(compared, searches, (RUNGS, ""))
    text = bench_rungs(pd.DataFrame([*whole, *({**row, "test": row["test"] - 2} for row in stopped)]))
    assert "| without rungs | 46.0 ± 1.4 | 54.0 ± 1.4 | 57.0 ± 4.2 | 72.0 ± 2.8 | 72.0 ± 1.4 | 20 | 2.00 |" in text
    assert "| with rungs | 45.5 ± 0.7 | 48.5 ± 2.1 | 57.0 ± 4.2 | 72.0 ± 2.8 | 70.0 ± 1.4 | 16 | 1.60 |" in text
    # Both have a standard deviation of 1.41 over two searches; of six orders two are as far apart.
    assert "a search takes 0.67 times the epochs" in text
    assert "has -2.0 ± 1.4 points on test (one standard error; p = 0.67" in text
