"""Logs for TensorBoard, read as TensorBoard does: records of events, values by tag and step."""

import tensorflow as tf
from tensorboard.plugins.hparams import plugin_data_pb2

from evocnn.network.events import Events
from evocnn.network.history import History


def written(folder):
    """(tag, step, plugin, value) of everything in the one file of a folder."""
    (file,) = folder.iterdir()
    actual = []
    for record in tf.data.TFRecordDataset(str(file)):
        event = tf.compat.v1.Event.FromString(record.numpy())
        for value in event.summary.value:
            number = tf.make_ndarray(value.tensor).tolist() if value.HasField("tensor") else None
            actual.append((value.tag, event.step, value.metadata.plugin_data.plugin_name, number))
    return actual


def row(epoch, score):
    return {"epoch": epoch, "score": score, "loss": 0.5}


def test_rows_are_scalars_by_epoch_and_hyperparameters_a_table(tmp_path):
    """One epoch was trained before, in a process whose file is replaced."""
    (tmp_path / "tensorboard").mkdir()
    (tmp_path / "tensorboard" / "old").write_text("of a training that was interrupted")
    history = History(tmp_path / "history.csv", epochs=2, people=8, rows=[row(1, 25.0)])
    given = {"learning_rate": 0.5, "flip": None, "block-01.kernel": 3, "parents": ["a", "b"]}
    events = Events(tmp_path / "tensorboard", history, given)
    events.on_train_begin()
    history.rows.append(row(2, 50.0))
    events.on_epoch_end(1)
    events.on_train_end()
    rows = b"| learning_rate | 0.5 |\n| flip | None |\n| block-01.kernel | 3 |\n| parents | ['a', 'b'] |"
    assert [row for row in written(tmp_path / "tensorboard") if row[2] != "hparams"] == [
        ("hyperparameters", 0, "text", b"| hyperparameter | value |\n|---|---|\n" + rows),
        ("score", 1, "scalars", 25.0),
        ("loss", 1, "scalars", 0.5),
        ("score", 2, "scalars", 50.0),
        ("loss", 2, "scalars", 0.5),
    ]


def test_tensorboard_lists_each_training_as_a_trial_with_settings_and_genes(tmp_path):
    """As its own plugin reads it; what is None is left out."""
    history = History(tmp_path / "history.csv", epochs=1, people=8, rows=[])
    given = {"learning_rate": 0.5, "xla": False, "flip": None, "block-01.kernel": 3, "block-01.operation": "conv"}
    events = Events(tmp_path / "tensorboard", history, given)
    events.on_train_begin()
    events.on_train_end()
    (file,) = (tmp_path / "tensorboard").iterdir()
    contents = [
        plugin_data_pb2.HParamsPluginData.FromString(value.metadata.plugin_data.content)
        for record in tf.data.TFRecordDataset(str(file))
        for value in tf.compat.v1.Event.FromString(record.numpy()).summary.value
        if value.metadata.plugin_data.plugin_name == "hparams"
    ]
    (trial,) = [content.session_start_info.hparams for content in contents if content.HasField("session_start_info")]
    read = {name: getattr(value, value.WhichOneof("kind")) for name, value in trial.items()}
    assert read == {"learning_rate": 0.5, "xla": False, "block-01.kernel": 3, "block-01.operation": "conv"}
