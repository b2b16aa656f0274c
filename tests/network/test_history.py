"""Rows of history.csv and lines of the log, worked out by hand."""

import pytest

from evocnn.evolution.fitness import HISTORY
from evocnn.network.history import History, duration, progress, write_history


def row(epoch, score, seconds, loss=5.125, samples_per_second=812.3):
    return {
        **{"epoch": epoch, "loss": loss, "score": score, "learning_rate": 0.001, "seconds": seconds},
        "samples_per_second": samples_per_second,
    }


ROWS = [row(1, 40.0, 9.0), row(2, 41.9, 4.0), row(3, 41.3, 6.0)]


def test_a_line_says_how_far_how_good_how_fast_and_how_long_still():
    """17 epochs of 5 s, the mean of the second and the third: 85 s."""
    expected = "epoch 3/20  loss 5.125  score 41.3 (best 41.9)  812 samples/s  1 min 25 s left"
    assert progress(ROWS, 20) == expected


def test_the_first_epoch_is_all_that_is_known_after_it():
    assert progress(ROWS[:1], 3).endswith("812 samples/s  18 s left")


def test_nothing_is_left_after_the_last_epoch():
    assert progress(ROWS, 3).endswith("(best 41.9)  812 samples/s")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (59.6, "1 min 0 s"), (130, "2 min 10 s"), (3600 * 26 + 300 + 59, "26 h 5 min")],
)
def test_durations(seconds, said):
    assert duration(seconds) == said


def test_a_history_is_written_whole(tmp_path):
    write_history(tmp_path / "history.csv", ROWS[:2])
    assert (tmp_path / "history.csv").read_text().splitlines() == [
        "epoch,loss,score,learning_rate,seconds,samples_per_second",
        "1,5.125,40.0,0.001,9.0,812.3",
        "2,5.125,41.9,0.001,4.0,812.3",
    ]
    write_history(tmp_path / "none.csv", [])
    assert (tmp_path / "none.csv").read_text() == ",".join(HISTORY) + "\n"


def test_epochs_that_were_trained_before_stay(tmp_path, capsys):
    history = History(tmp_path / "history.csv", epochs=4, people=80, rows=ROWS[:2])
    history.on_epoch_begin(2)
    logs = {"loss": 4.5, "score": 50.0, "learning_rate": 0.002, "scoring": 0.0}
    history.on_epoch_end(2, logs)
    assert [actual["epoch"] for actual in history.rows] == [1, 2, 3]
    assert capsys.readouterr().out.startswith("epoch 3/4  loss 4.5  score 50.0 (best 50.0)")
