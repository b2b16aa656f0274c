"""What is said of a search, from small tables."""

import pandas as pd
import pytest

from evocnn.report.verdict import (
    above_literature,
    above_trivial,
    cheaper_equal,
    convergence,
    still_learning,
    verdict,
)


def trivial(**means):
    return {name.replace("_", " "): {"test": {"mean": mean}} for name, mean in means.items()}


def networks(*rows):
    """Of (network id, score, standard error, MACs, best epoch); each was trained for 4 epochs."""
    table = pd.DataFrame(rows, columns=["network_id", "score", "standard_error", "macs", "best_epoch"])
    return table.assign(status="ok", epochs=4)


def generations(*best):
    return pd.DataFrame({"best": best})


@pytest.mark.parametrize(
    ("mean", "error", "said"),
    [
        (40.0, 2.0, "10.0 points above mean pose on test, more than two standard errors."),
        (33.0, 2.0, "3.0 points above mean pose on test, less than two standard errors."),
        (29.0, 2.0, "not above mean pose on test (29.0 and 30.0): it has learned nothing"),
    ],
)
def test_the_best_trivial_baseline_is_what_counts(mean, error, said):
    (sentence,) = above_trivial(trivial(mean_pose=30.0, centre_pose=10.0), {"mean": mean, "standard_error": error})
    assert said in sentence


def test_without_labels_nothing_is_said_of_the_test():
    assert above_trivial(trivial(mean_pose=None), {"mean": 5.0}) == []
    assert above_trivial(trivial(mean_pose=30.0), {"mean": None}) == []


@pytest.mark.parametrize(
    ("mean", "said"),
    [
        (46.0, "16.0 points above resnet_20, the best baseline, on test, more than two standard errors."),
        (34.0, "4.0 points above resnet_20, the best baseline, on test, less than two standard errors."),
        (26.0, "4.0 points below resnet_20, the best baseline, on test, less than two standard errors. Use that one"),
    ],
)
def test_the_best_baseline_is_what_counts(mean, said):
    """The errors of 3 and 4 together are 5."""
    literature = {"resnet_20": {"mean": 30.0, "standard_error": 3.0}, "other": {"mean": 20.0}}
    (sentence,) = above_literature(literature, {"mean": mean, "standard_error": 4.0})
    assert said in sentence
    assert above_literature({}, {"mean": mean}) == []


def test_the_cheapest_network_within_one_standard_error_is_named():
    """The errors of 3 and 4 together are 5; a is 6 below, b and c are 4 and 5 below, and c is the cheapest."""
    table = networks(
        ("final", 50.0, 3.0, 1000, 2), ("a", 44.0, 4.0, 50, 2), ("b", 46.0, 4.0, 500, 2), ("c", 45.0, 4.0, 250, 2)
    )
    (sentence,) = cheaper_equal(table, "final")
    assert sentence.startswith("Network c has 25% of the final network's multiply-accumulates")
    assert "(45.0 and 50.0)" in sentence


def test_where_nothing_cheaper_is_as_good_that_is_said():
    table = networks(("final", 50.0, 1.0, 100, 2), ("worse", 40.0, 1.0, 50, 2), ("dearer", 50.0, 1.0, 200, 2))
    assert cheaper_equal(table, "final")[0].startswith("No cheaper network")


@pytest.mark.parametrize(
    ("best", "said"),
    [
        ((10.0, 20.0, 30.0), "rose in the last generation: more generations may find a better network"),
        ((10.0, 30.0, 30.0), "rose 1 generation ago."),
        ((10.0, 30.0, 30.0, 30.0), "rose 2 generations ago."),
        ((30.0, 30.0, 30.0, 30.0), "has not risen for 3 generations: more of them promise little"),
    ],
)
def test_whether_the_search_still_rises(best, said):
    assert said in convergence(generations(*best))[0]


def test_one_generation_says_nothing_of_that():
    assert convergence(generations(10.0)) == []


@pytest.mark.parametrize(("last", "said"), [(3, "75% of the trainings: training.epochs is short"), (1, None)])
def test_trainings_that_end_while_scores_rise_are_short(last, said):
    table = networks(*((str(n), 10.0, 1.0, 10, 4 if n < last else 2) for n in range(4)))
    sentences = still_learning(table)
    assert (said in sentences[0]) if said else not sentences


def test_trainings_that_failed_do_not_count():
    table = networks(("final", 50.0, 1.0, 100, 2), ("failed", 0.0, float("nan"), 10, None))
    table.loc[1, "status"] = "diverged"
    sentences = verdict(
        table,
        generations(40.0, 50.0),
        trivial(mean_pose=30.0),
        {"mean": 45.0, "standard_error": 1.0},
        {},
        network_id="final",
    )
    assert len(sentences) == 4
    assert sentences[1].startswith("No cheaper network")
    assert "compare.seeds" in sentences[-1]
