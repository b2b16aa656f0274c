"""Logs for TensorBoard, read as TensorBoard does: records of events, values by tag and step."""

import tensorflow as tf

from evocnn.network.events import Events
from evocnn.network.history import History


def written(folder):
    """(tag, step, plugin, value) of everything in the one file of a folder."""
    (file,) = folder.iterdir()
    actual = []
    for record in tf.data.TFRecordDataset(str(file)):
        event = tf.compat.v1.Event.FromString(record.numpy())
        for value in event.summary.value:
            number = tf.make_ndarray(value.tensor).tolist()
            actual.append((value.tag, event.step, value.metadata.plugin_data.plugin_name, number))
    return actual


def row(epoch, score):
    return {"epoch": epoch, "score": score, "loss": 0.5}


def test_rows_are_scalars_by_epoch_and_hyperparameters_a_table(tmp_path):
    """One epoch was trained before, in a process whose file is replaced."""
    (tmp_path / "tensorboard").mkdir()
    (tmp_path / "tensorboard" / "old").write_text("of a training that was interrupted")
    history = History(tmp_path / "history.csv", epochs=2, people=8, rows=[row(1, 25.0)])
    events = Events(tmp_path / "tensorboard", history, {"learning_rate": 0.5})
    events.on_train_begin()
    history.rows.append(row(2, 50.0))
    events.on_epoch_end(1)
    events.on_train_end()
    table = b"| hyperparameter | value |\n|---|---|\n| learning_rate | 0.5 |"
    assert written(tmp_path / "tensorboard") == [
        ("hyperparameters", 0, "text", [table]),
        ("score", 1, "scalars", 25.0),
        ("loss", 1, "scalars", 0.5),
        ("score", 2, "scalars", 50.0),
        ("loss", 2, "scalars", 0.5),
    ]
