"""TFRecord: TensorFlow reads what is written and the other way round, and no damage goes unnoticed."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from evocnn.dataset.tfrecord import TFRecordWriter, read_tfrecord

EXAMPLES = [
    {
        "picture": bytes(range(256)),
        "name": "Bär.jpg".encode(),
        "places": np.array([0.1, -1.25, np.inf, np.nan], np.float32),
        "number": np.array([-3, 0, 2**40]),
    },
    {"picture": b"", "places": np.empty(0, np.float32), "number": np.array([1])},
]
HEAD, TAIL = 12, 4
"""Bytes around the data of a record: its length with a checksum, and the data's checksum."""


def write(path, examples):
    with TFRecordWriter(path) as writer:
        for example in examples:
            writer.write(example)
    return path


def assert_equal(actual, expected):
    """Equal with the types, and NaN is NaN."""
    assert actual.keys() == expected.keys()
    for name, value in expected.items():
        if isinstance(value, bytes):
            assert actual[name] == value
        else:
            assert actual[name].dtype == value.dtype
            assert actual[name].tobytes() == value.tobytes()


def to_tensorflow(example):
    lists = {
        name: {"bytes_list": tf.train.BytesList(value=[value])}
        if isinstance(value, bytes)
        else {"float_list": tf.train.FloatList(value=value)}
        if value.dtype == np.float32
        else {"int64_list": tf.train.Int64List(value=value)}
        for name, value in example.items()
    }
    features = {name: tf.train.Feature(**value) for name, value in lists.items()}
    return tf.train.Example(features=tf.train.Features(feature=features))


def test_what_is_written_is_read(tmp_path):
    actual = list(read_tfrecord(write(tmp_path / "a", EXAMPLES)))
    assert len(actual) == 2
    for example, expected in zip(actual, EXAMPLES, strict=True):
        assert_equal(example, expected)


def test_tensorflow_reads_what_is_written(tmp_path):
    records = list(tf.data.TFRecordDataset(str(write(tmp_path / "a", EXAMPLES))).as_numpy_iterator())
    assert len(records) == 2
    for record, expected in zip(records, EXAMPLES, strict=True):
        features = tf.train.Example.FromString(record).features.feature
        assert set(features) == set(expected)
        for name, value in expected.items():
            if isinstance(value, bytes):
                assert list(features[name].bytes_list.value) == [value]
            else:
                kind = "float_list" if value.dtype == np.float32 else "int64_list"
                assert features[name].WhichOneof("kind") == kind
                assert np.array(getattr(features[name], kind).value, value.dtype).tobytes() == value.tobytes()


def test_what_tensorflow_writes_is_read(tmp_path):
    with tf.io.TFRecordWriter(str(tmp_path / "a")) as writer:
        for example in EXAMPLES:
            writer.write(to_tensorflow(example).SerializeToString())
    for example, expected in zip(read_tfrecord(tmp_path / "a"), EXAMPLES, strict=True):
        assert_equal(example, expected)


def test_the_file_is_the_one_that_tensorflow_writes(tmp_path):
    with tf.io.TFRecordWriter(str(tmp_path / "theirs")) as writer:
        for example in EXAMPLES:
            writer.write(to_tensorflow(example).SerializeToString(deterministic=True))
    assert write(tmp_path / "ours", EXAMPLES).read_bytes() == (tmp_path / "theirs").read_bytes()


def test_equal_examples_are_equal_bytes_whatever_the_order_of_their_features(tmp_path):
    turned = [dict(reversed(example.items())) for example in EXAMPLES]
    assert write(tmp_path / "a", EXAMPLES).read_bytes() == write(tmp_path / "b", turned).read_bytes()


def test_an_empty_file_holds_no_example(tmp_path):
    assert write(tmp_path / "a", []).read_bytes() == b""
    assert list(read_tfrecord(tmp_path / "a")) == []


@pytest.fixture
def small(tmp_path):
    """A file of two short records, and where the second begins."""
    path = write(tmp_path / "part-3.tfrecord", [{"a": b"first"}, {"a": b"second"}])
    content = path.read_bytes()
    return path, content, HEAD + int.from_bytes(content[:8], "little") + TAIL


PARTS = {
    "length": lambda size: range(8),
    "checksum of the length": lambda size: range(8, HEAD),
    "data": lambda size: range(HEAD, size - TAIL),
    "checksum of the data": lambda size: range(size - TAIL, size),
}


@pytest.mark.parametrize("record", [0, 1])
@pytest.mark.parametrize("part", PARTS)
def test_every_flipped_bit_is_noticed(small, part, record):
    path, content, second = small
    start, size = (0, second) if record == 0 else (second, len(content) - second)
    for place in PARTS[part](size):
        for bit in range(8):
            broken = bytearray(content)
            broken[start + place] ^= 1 << bit
            path.write_bytes(broken)
            with pytest.raises(ValueError, match=rf"part-3\.tfrecord: the shard is damaged at record {record}; delete"):
                list(read_tfrecord(path))


def test_a_file_cut_anywhere_but_between_records_is_noticed(small):
    path, content, second = small
    for end in {*range(1, len(content))} - {second}:
        path.write_bytes(content[:end])
        where = rf"part-3\.tfrecord: the shard is damaged at record {int(end > second)}; delete it"
        with pytest.raises(ValueError, match=where):
            list(read_tfrecord(path))


def test_what_comes_before_the_damage_is_read(small):
    path, content, _ = small
    path.write_bytes(content[:-1])
    examples = read_tfrecord(path)
    assert next(examples) == {"a": b"first"}
    with pytest.raises(ValueError, match="record 1"):
        next(examples)


@pytest.mark.slow
@pytest.mark.parametrize(
    "order", [("tensorflow", "evocnn.dataset.tfrecord"), ("evocnn.dataset.tfrecord", "tensorflow")]
)
def test_it_lives_beside_tensorflow_whichever_comes_first(repository, order):
    code = f"""
import {order[0]}, {order[1]}
from tensorflow.train import Example
from evocnn.dataset.tfrecord import _decode, _encode
assert Example.FromString(_encode({{"a": b"x"}})).features.feature["a"].bytes_list.value[0] == b"x"
assert _decode(Example.FromString(_encode({{"a": b"x"}})).SerializeToString()) == {{"a": b"x"}}
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=repository / "scripts", capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
