"""Comparing searches: figures that can be worked out by hand."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evocnn.evolution.fitness import write_fitness
from evocnn.files import write_json
from evocnn.report.tables.compare import Search, compared, write_comparison


def test_five_seeds_all_above_are_significant():
    """One order of 10 values in 252 is as extreme, and its mirror image: 2 / 252 = 0.008."""
    lines = compared({"aging": np.array([11.0, 12, 13, 14, 15]), "random": np.array([6.0, 7, 8, 9, 10])})
    assert lines[0] == "aging      13.00 ± 1.58 (sd), 5 seeds"
    assert lines[2] == "aging − random: +5.00, p = 0.008 (Mann–Whitney, exact, two-sided): significant"
    assert len(lines) == 3


def test_three_seeds_cannot_be_significant_and_that_is_said():
    """2 of 20 orders."""
    lines = compared({"aging": np.array([4.0, 5, 6]), "random": np.array([1.0, 2, 3])})
    assert lines[2].endswith("p = 0.100 (Mann–Whitney, exact, two-sided): not significant")
    assert lines[3] == "  with so few seeds p cannot be below 0.100; add some to compare.seeds"


def test_two_comparisons_are_corrected():
    """Holm: 0.008 twice becomes 0.016 twice; the mixed one stays."""
    mine, below = np.arange(10.0, 15), np.arange(5.0)
    lines = compared({"aging": mine, "random": below, "genetic": mine + 0.5})
    assert "aging − random: +10.00, p = 0.016" in lines[3]
    assert lines[4].endswith("not significant")


def test_one_seed_has_no_spread():
    assert compared({"aging": np.array([4.0]), "random": np.array([1.0])})[0] == "aging      4.00, 1 seeds"


USUAL = {"versions": {"tensorflow": "2.21"}, "processor": "B", "device": "cpu"}


def searched(folder, strategy, seed, score, outcome, *, first=USUAL, second=USUAL):
    """A search of two individuals, which ran with and on what is said, and then of a final network."""
    at = folder / f"{strategy}-{seed}"
    files = [at / f"generation-000/individual-{n:02d}/fitness.json" for n in (0, 1)] + [at / "final/fitness.json"]
    for path, provenance in zip(files, (first, second, first), strict=True):
        made = outcome("0" * 12, 40.0)
        write_fitness(path, replace(made, provenance={"network_id": "0" * 12, **provenance}))
    test = {"mean": score, "standard_error": 1.25}
    write_json(at / "final/score.json", "score", {"metric": "PCKh@0.5", "test": test})
    (at / "config.yaml").write_text(json.dumps({"evolution": {"generations": 1, "population": 2, "offspring": 1}}))
    return Search(strategy, seed, at / "final/fitness.json", at / "final/score.json")


def lines_of(folder, searches):
    write_comparison(folder / "compare.csv", folder / "summary.txt", searches)
    return (folder / "summary.txt").read_text().splitlines()


def test_the_table_has_a_row_per_search(tmp_path, outcome):
    scores = {("aging", 1): 30.0, ("aging", 2): 29.0, ("random", 1): 28.0, ("random", 2): 27.0}
    lines = lines_of(tmp_path, [searched(tmp_path, *of, score, outcome) for of, score in scores.items()])
    table = pd.read_csv(tmp_path / "compare.csv", dtype={"network_id": str})
    assert table[["strategy", "seed"]].to_numpy().tolist() == [["aging", 1], ["aging", 2], ["random", 1], ["random", 2]]
    assert table.score.tolist() == [30, 29, 28, 27]
    assert lines[0] == "PCKh@0.5 in percent on test, of final networks"
    assert lines[1].startswith("aging      29.50 ± 0.71 (sd), 2 seeds")
    assert "p = 0.333" in lines[3]  # 2 of 6 orders
    assert lines[-1] == "all trainings with the same tensorflow, processor, device"


@pytest.mark.parametrize(
    ("elsewhere", "said"),
    [
        ({"processor": "A"}, ["trainings differ in processor: A, B"]),
        ({"versions": {"tensorflow": "2.20"}}, ["trainings differ in tensorflow: 2.20, 2.21"]),
        ({"processor": None}, ["trainings differ in processor: B, unknown"]),
    ],
)
def test_a_comparison_on_several_kinds_of_machine_says_so(tmp_path, outcome, elsewhere, said):
    """An individual of the second search ran elsewhere."""
    usual = searched(tmp_path, "aging", 1, 30.0, outcome)
    other = searched(tmp_path, "random", 1, 30.0, outcome, second=USUAL | elsewhere)
    assert lines_of(tmp_path, [usual, other])[-1:] == said


def test_what_no_training_has_recorded_is_not_claimed(tmp_path, outcome):
    before = {"versions": {"tensorflow": "2.21"}, "device": "cpu"}
    searches = [searched(tmp_path, of, 1, 30.0, outcome, first=before, second=before) for of in ("aging", "random")]
    assert lines_of(tmp_path, searches)[-2:] == [
        "all trainings with the same tensorflow, device",
        "their processor is not known",
    ]


def test_no_seeds_are_one_line(tmp_path):
    with pytest.raises(ValueError, match=r"compare\.seeds is empty"):
        write_comparison(tmp_path / "compare.csv", tmp_path / "summary.txt", [])
