"""Tables of a search, worked out by hand from the hand-made run."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand_made_run import reconfigure

from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.files import read_json, write_json
from evocnn.report.run import read_run
from evocnn.report.run_files import RunFiles
from evocnn.report.tables.analysis import (
    JITTER,
    ancestry,
    best,
    individuals,
    most_relevant,
    on_front,
    outcomes,
    parents_of,
    reliability,
    spread,
)
from evocnn.report.tables.effort import effort, provenance
from evocnn.report.tables.operations import operation_shares, operation_trends, operations_of
from evocnn.report.tables.score_table import score_rows, write_scores
from evocnn.tasks.calibration import Bin, Calibration


def test_spread_keeps_individuals_apart():
    offsets = spread(np.arange(20))
    assert np.all(np.abs(offsets) <= JITTER / 2)
    assert np.diff(np.sort(offsets)).min() > 0.25 * JITTER / 20


def test_the_front_holds_those_whom_nobody_beats_at_less_cost():
    costs = np.array([3, 1, 2, 2, 5, 4])
    scores = np.array([30.0, 10.0, 25.0, 20.0, 40.0, 30.0])
    assert list(on_front(costs, scores)) == [True, True, True, False, True, False]


def test_individuals(run):
    table = individuals(read_run(RunFiles.in_folder(run.folder)))
    assert list(table.key) == list(range(6))
    assert list(table.status) == ["ok", "ok", "diverged", "ok", "ok", "ok"]
    assert list(table.attempts) == [1] * 6
    assert not table.front_params[2]
    assert table.front_params[table.score.idxmax()]


def test_attempts_are_counted(run):
    fitness = read_json(run.fitness_files[0], "fitness")
    fitness["training"]["attempts"] = 3
    write_json(
        run.fitness_files[0], "fitness", {k: v for k, v in fitness.items() if k not in ("schema_version", "kind")}
    )
    assert list(individuals(read_run(RunFiles.in_folder(run.folder))).attempts) == [3, 1, 1, 1, 1, 1]


def test_ancestors_are_those_of_the_parents_and_oneself(run):
    """d comes from b and c, c from a, and a from somebody who was never trained."""
    someone = run.offspring[0].individuals[0]
    names = {"a": ("lost",), "b": (), "c": ("a",), "d": ("b", "c")}
    family = [replace(someone, network_id=name, parents=of) for name, of in names.items()]
    parents = parents_of(family)
    assert parents == [[], [], [0], [1, 2]]
    assert [ancestry(parents, key) for key in range(4)] == [[0], [1], [0, 2], [0, 1, 2, 3]]


def test_the_most_relevant_are_some_then_survivors_then_those_of_high_scores():
    table = pd.DataFrame({"key": range(5), "survived": [False, True, False, False, False], "score": [5, 1, 9, 2, 7]})
    assert most_relevant(table, [3], 3) == [1, 2, 3]
    assert most_relevant(table, [], 9) == [0, 1, 2, 3, 4]
    assert most_relevant(pd.DataFrame(), [], 9) == []


def test_outcomes_of_a_run_in_progress(run):
    run.fitness_files[5].unlink()
    table = outcomes(read_run(RunFiles.in_folder(run.folder)))
    assert list(table.itertuples(index=False, name=None)) == [
        (0, "diverged", 1),
        (0, "ok", 2),
        (1, "ok", 2),
        (1, "unfinished", 1),
    ]


def test_exhausted_places_are_outcomes(run):
    reconfigure(run, "evolution", offspring=4)
    nothing = Fitness("exhausted", {"score": 0.0}, {}, {}, {}, {"network_id": None})
    write_fitness(run.folder / "generation-001/individual-03/fitness.json", nothing)
    actual = outcomes(read_run(RunFiles.in_folder(run.folder)))
    assert list(actual[actual.status == "exhausted"].itertuples(index=False, name=None)) == [(1, "exhausted", 1)]


def test_a_fitness_of_another_network_is_not_this_individuals(run):
    write_fitness(run.fitness_files[5], Fitness("ok", {"score": 99.0}, {}, {}, {}, {"network_id": "f" * 12}))
    assert len(individuals(read_run(RunFiles.in_folder(run.folder)))) == 5


def test_effort(run):
    spent = effort(read_run(RunFiles.in_folder(run.folder)))
    duplicates = sum(offspring.redrawn["duplicate"] for offspring in run.offspring)
    assert spent.hours == pytest.approx(6 * 12.25 / 3600)
    assert (spent.networks, spent.duplicates) == (6, duplicates)
    assert spent.saved == pytest.approx(duplicates * 12.25 / 3600)


def test_the_best_before_anything_is_selected(run):
    for path in run.population_files:
        path.unlink()
    assert best(read_run(RunFiles.in_folder(run.folder))).fitness.objectives["score"] == 50.5


def test_operations_are_shares_of_the_blocks_in_use(run):
    files = read_run(RunFiles.in_folder(run.folder))
    used = {
        t.individual.network_id: operations_of(t.individual, files.network(t.individual), files)
        for t in files.trainings
    }
    assert all(
        len(names) == files.space.blocks - t.individual.dead_blocks
        for names, t in zip(used.values(), files.trainings, strict=True)
    )
    table = operation_shares(files, used.__getitem__)
    assert list(table.groupby("generation").share.sum()) == pytest.approx([100.0, 100.0])
    survivors = [s.individual.network_id for s in run.populations[0].survivors]
    blocks = [name for network_id in survivors for name in used[network_id]]
    shares = table[table.generation == 0].set_index("operation").share
    assert {name: share for name, share in shares.items() if share} == pytest.approx(
        {name: 100 * blocks.count(name) / len(blocks) for name in set(blocks)}
    )


def test_operation_trends():
    shares = {"conv": (50, 80), "pool": (40, 0), "skip": (0, 10), "se": (10, 10)}
    rows = [(g, name, share) for name, both in shares.items() for g, share in enumerate(both)]
    actual = operation_trends(pd.DataFrame(rows, columns=["generation", "operation", "share"]))
    assert dict(zip(actual.operation, actual.trend, strict=True)) == {
        "conv": "spread",
        "se": "stayed",
        "skip": "came up",
        "pool": "died out",
    }
    assert list(actual.operation) == ["conv", "se", "skip", "pool"]


def test_provenance_names_every_version(run):
    for path, versions in zip(run.fitness_files, ("2.20", "2.21") * 3, strict=True):
        fitness = read_json(path, "fitness")
        fitness["provenance"] |= {"versions": {"tensorflow": versions}, "host": "here"}
        write_json(path, "fitness", {k: v for k, v in fitness.items() if k not in ("schema_version", "kind")})
    assert provenance(read_run(RunFiles.in_folder(run.folder))) == {"tensorflow": ["2.20", "2.21"], "host": ["here"]}


def test_scores_before_the_end(run):
    actual = score_rows(read_run(RunFiles.in_folder(run.folder)))
    assert {split: [s.name for s in of] for split, of in actual.items()} == {
        "search-valid": ["mean pose", "best of the search"],
        "test": ["mean pose"],
    }


def test_baselines_stand_beside_the_final_network(finished):
    reconfigure(finished, "baselines", networks=["hourglass"])
    folder = finished.folder / "baselines/hourglass"
    score = {"mean": 70.0, "standard_error": 0.5, "groups": {"head": 90.0}, "group_errors": {"head": 0.25}}
    write_json(folder / "score.json", "score", {"metric": "PCKh@0.5", "test": score})
    write_fitness(folder / "fitness.json", Fitness("ok", {"score": 70.0}, {}, {"params": 12, "macs": 34}, {}, {}))
    actual = score_rows(read_run(RunFiles.in_folder(finished.folder)))["test"]
    assert [s.name for s in actual] == ["mean pose", "final network", "hourglass"]
    assert (actual[-1].params, actual[-1].macs, actual[-1].errors["head"]) == (12, 34, 0.25)
    write_scores(finished.folder / "tables/scores.csv", RunFiles.in_folder(finished.folder))
    table = pd.read_csv(finished.folder / "tables/scores.csv")
    row = table[(table.split == "test") & (table.name == "hourglass")].iloc[0] if "name" in table else None
    assert row is not None
    assert (row.params, row["head"], row.head_error) == (12, 90.0, 0.25)


def test_reliability_by_hand():
    """Of 3 predictions all are right: with one that is half right, 7 of 8, so the error is that of 0.875 of 4."""
    table = reliability(Calibration("PCK", (0.0,), (0.5,), 3, (Bin(0.75, 1.0, 3),)))
    assert table.iloc[0].to_dict() == pytest.approx(
        {"probability": 75, "right": 100, "low": 100 - 100 * (0.875 * 0.125 / 4) ** 0.5, "high": 100, "count": 3}
    )
    assert reliability(None).empty
