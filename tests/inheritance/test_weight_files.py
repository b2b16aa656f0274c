"""Weights are kept for survivors, and forgotten with their folders left in place."""

import json

from evocnn.evolution.exhaustion import write_exhausted
from evocnn.inheritance.files import delete_weights, store_weights, weights_file


def folder_of(path, *names):
    path.mkdir()
    (path / ".snakemake_timestamp").touch()
    for name in names:
        weights_file(path, name).write_bytes(name.encode())
    return path


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def test_survivors_weights_are_kept_from_wherever_they_are(tmp_path):
    """b survived from the generation before, d was trained now, c was deleted."""
    before, trained = folder_of(tmp_path / "before", "a", "b"), folder_of(tmp_path / "trained", "d")
    store_weights(tmp_path / "kept", ["d", "c", "b"], [trained, before])
    assert names(tmp_path / "kept") == ["b.npz", "d.npz"]
    assert (tmp_path / "kept" / "d.npz").read_bytes() == b"d"
    assert (tmp_path / "kept" / "d.npz").samefile(trained / "d.npz")


def test_what_is_kept_outlives_what_is_forgotten(tmp_path):
    trained = folder_of(tmp_path / "trained", "d")
    store_weights(tmp_path / "kept", ["d"], [trained])
    delete_weights([trained, tmp_path / "kept" / "nowhere"])
    assert names(trained) == [".snakemake_timestamp"]  # by which Snakemake knows a folder that it made
    assert (tmp_path / "kept" / "d.npz").read_bytes() == b"d"


def test_a_place_without_a_network_has_empty_folders(tmp_path):
    write_exhausted(tmp_path / "fitness.json", tmp_path / "history.csv", tmp_path / "weights")
    assert json.loads((tmp_path / "fitness.json").read_text())["status"] == "exhausted"
    assert (tmp_path / "history.csv").read_text() == "epoch,loss,score,learning_rate,seconds,samples_per_second\n"
    assert names(tmp_path / "weights") == []
