"""Learning curves: after which epoch the order of networks is settled; and what a child has changed."""

import pandas as pd
import pytest

from evocnn.report.charts.detail_view import DetailView
from evocnn.report.run import read_run
from evocnn.report.run_files import RunFiles
from evocnn.report.tables.curves import FEWEST, learning_curves, order_by_epoch, settled

ENDS = [60.0 + number for number in range(FEWEST)]


@pytest.fixture
def view(shown):
    return DetailView(read_run(RunFiles.in_folder(shown.folder)))


def curves(*epochs):
    """A row per training and epoch from scores by epoch."""
    rows = [
        {"key": key, "generation": 0, "epoch": epoch, "score": score}
        for epoch, scores in enumerate(epochs, 1)
        for key, score in enumerate(scores)
    ]
    return pd.DataFrame(rows)


def test_the_order_after_an_epoch_is_compared_with_the_last_one():
    backwards, same = [-score for score in ENDS], [score - 20 for score in ENDS]
    orders = order_by_epoch(curves(backwards, same, ENDS))
    assert [round(of.correlation, 6) for of in orders] == [-1, 1]
    assert settled(orders).startswith("After epoch 2 of 3 the order of networks is settled")


def test_an_order_that_changes_at_the_end_is_not_settled():
    shuffled = [ENDS[at] for at in (3, 0, 6, 1, 7, 2, 5, 4)]
    said = settled(order_by_epoch(curves(ENDS, shuffled, ENDS)))
    assert said.startswith("The order of networks is not settled before the end: after epoch 2 of 3")


def test_trainings_that_ended_early_do_not_count_and_few_say_nothing():
    table = curves(ENDS, ENDS)
    early = table[(table.key > 0) | (table.epoch == 1)]
    assert order_by_epoch(early) == []
    assert settled([]) == ""


def test_curves_are_read_from_the_files_of_a_run(view):
    table = learning_curves(enumerate(view.trainings))
    assert table.epoch.min() == 1
    assert set(table.key) == {key for key, training in enumerate(view.trainings) if training.fitness.status == "ok"}


def test_genes_that_differ_from_the_parent_are_listed(view):
    child = next(key for key, parents in enumerate(view.parents) if parents)
    parent, own = (view.individuals[key].genome for key in (view.parents[child][0], child))
    before, after = (dict(zip(view.run.space.gene_names, genome, strict=True)) for genome in (parent, own))
    assert view.changes(child) == [
        {"gene": name, "before": before[name], "after": after[name]} for name in before if before[name] != after[name]
    ]
    assert view.changes(child)
    assert view.changes(0) == []
