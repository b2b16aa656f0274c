"""What a training keeps of itself is read as written, or refused."""

import time

import pytest

from evocnn.files import digest
from evocnn.processes.attempts import Attempts
from evocnn.training.progress import Progress, check_files, read_progress, write_history, write_progress


@pytest.fixture
def progress(tmp_path):
    (tmp_path / "epoch-00002.npz").write_bytes(b"variables")
    file = ("epoch-00002.npz", digest(tmp_path / "epoch-00002.npz"))
    rows = ({"loss": 0.1 + 0.2, "score": 1.0}, {"loss": 1e-300, "score": 2.5})
    actual = Progress(rows, ({"mean": 1.0}, {"mean": 2.5}), {"fit": 1.25}, 1, False, {"last": file, "best": file})
    write_progress(tmp_path, "a", actual)
    return actual


def test_progress_is_read_as_written_to_the_last_bit(tmp_path, progress):
    assert read_progress(tmp_path, "a") == progress
    check_files(tmp_path, progress)


def test_where_nothing_was_written_there_is_no_progress(tmp_path):
    assert read_progress(tmp_path, "a") == Progress()


def test_the_progress_of_another_training_is_refused(tmp_path, progress):
    with pytest.raises(ValueError, match=r"progress\.json: found the state of training a, expected b"):
        read_progress(tmp_path, "b")


def test_any_flipped_bit_of_progress_is_refused_or_changes_nothing(tmp_path, progress):
    path = tmp_path / "progress.json"
    content = path.read_bytes()
    refused = 0
    for at in range(0, len(content), 3):
        damaged = bytearray(content)
        damaged[at] ^= 1 << at % 7
        path.write_bytes(damaged)
        try:
            actual = read_progress(tmp_path, "a")
        except ValueError:
            refused += 1
            continue
        assert actual == progress  # in white space
    assert refused > len(content) / 3 / 2


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"variablez"), lambda path: path.unlink()])
def test_variables_that_are_damaged_or_missing_are_refused(tmp_path, progress, damage):
    damage(tmp_path / "epoch-00002.npz")
    with pytest.raises(ValueError, match=r"epoch-00002\.npz: found \w+, expected SHA-256"):
        check_files(tmp_path, progress)


def test_files_that_nothing_refers_to_are_removed(tmp_path, progress):
    (tmp_path / "epoch-00001.npz").touch()
    write_progress(tmp_path, "a", progress)
    assert {path.name for path in tmp_path.iterdir()} == {"epoch-00002.npz", "progress.json"}


def test_the_metrics_of_a_training_are_those_of_its_best_epoch(progress):
    assert progress.metrics == {"mean": 2.5}
    assert progress.measurements == {"epochs": 2, "best_epoch": 2, "seconds": {"fit": 1.25}}
    assert (Progress().metrics, Progress().measurements["best_epoch"]) == ({}, None)


def test_a_history_has_a_row_per_epoch(tmp_path):
    write_history(tmp_path / "history.csv", [{"score": 1.0, "loss": 0.5}, {"score": 2.0, "loss": float("nan")}])
    assert (tmp_path / "history.csv").read_text() == "score,loss\n1.0,0.5\n2.0,nan\n"


def test_the_history_of_a_training_without_an_epoch_has_its_columns(tmp_path):
    write_history(tmp_path / "history.csv", [])
    assert (tmp_path / "history.csv").read_text() == "epoch,loss,score,learning_rate,seconds,samples_per_second\n"


def test_attempts_add_up(tmp_path):
    folder = tmp_path / "state"
    for ending in ("killed", None):
        attempts = Attempts(folder, "a")
        attempts.begin()
        attempts.note(peak_mb=700.0 if ending else 500.0)
        time.sleep(0.05)
        if ending:
            attempts.end(ending)
    again = Attempts(folder, "a")
    assert len(again) == 2
    assert again.peak_mb == 700.0
    assert 0.05 <= again.seconds < 60


def test_a_state_without_notes_or_of_another_training_is_refused(tmp_path):
    (tmp_path / "state").mkdir()
    with pytest.raises(FileNotFoundError):
        Attempts(tmp_path / "state", "a")
    Attempts(tmp_path / "other", "a").begin()
    with pytest.raises(ValueError, match="found the state of training a, expected b"):
        Attempts(tmp_path / "other", "b")
