"""TFRecord files of tf.train.Example without TensorFlow, whose import takes seconds and 600 MB per job.

Formats: tensorflow/core/lib/io/record_writer.h and tensorflow/core/example/{example,feature}.proto. The messages are
declared in a separate pool, so that they do not collide with TensorFlow's if both are imported.
"""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from crc32c import crc32c
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from numpy.typing import NDArray

Value = bytes | NDArray[np.float32] | NDArray[np.int64]
Example = Mapping[str, Value]
"""Features by name: bytes, or a flat array of floats or integers."""

LENGTH, CHECKSUM = struct.Struct("<Q"), struct.Struct("<I")
LISTS = {
    "bytes_list": ("BytesList", "TYPE_BYTES"),
    "float_list": ("FloatList", "TYPE_FLOAT"),
    "int64_list": ("Int64List", "TYPE_INT64"),
}


class TFRecordWriter:
    """Writes examples to a file, one after another; a context manager."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")

    def __enter__(self) -> "TFRecordWriter":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.file.close()

    def write(self, example: Example) -> None:
        """Append an example; equal examples are equal bytes."""
        data = _encode(example)
        length = LENGTH.pack(len(data))
        self.file.write(b"".join((length, _checksum(length), data, _checksum(data))))


def read_tfrecord(path: Path) -> Iterator[Example]:
    """Read the examples of a file in their order.

    Raises:
        ValueError: a checksum does not match, or the file is truncated; the message names the file.
    """
    remedy = "delete it and run snakemake again"
    with path.open("rb") as file:
        number = 0
        while head := file.read(12):
            if len(head) < 12 or _checksum(head[:8]) != head[8:]:
                raise ValueError(f"{path}: the shard is damaged at record {number}; {remedy}")
            size = LENGTH.unpack(head[:8])[0]
            data, checksum = file.read(size), file.read(4)
            if len(data) < size or _checksum(data) != checksum:
                raise ValueError(f"{path}: the shard is damaged at record {number}; {remedy}")
            yield _decode(data)
            number += 1


def _checksum(data: bytes) -> bytes:
    """Masked CRC32C."""
    crc = crc32c(data)
    return CHECKSUM.pack((((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def _encode(example: Example) -> bytes:
    message = _MESSAGE()
    for name, value in example.items():
        feature = message.features.feature[name]
        if isinstance(value, bytes):
            feature.bytes_list.value.append(value)
        elif np.issubdtype(value.dtype, np.floating):
            feature.float_list.value.extend(value.tolist())
        else:
            feature.int64_list.value.extend(value.tolist())
    return message.SerializeToString(deterministic=True)


def _decode(data: bytes) -> Example:
    features: dict[str, Value] = {}
    for name, feature in _MESSAGE.FromString(data).features.feature.items():
        kind = feature.WhichOneof("kind")
        values = getattr(feature, kind).value
        if kind == "bytes_list":
            features[name] = values[0]
        else:
            features[name] = np.array(values, np.float32) if kind == "float_list" else np.array(values, np.int64)
    return features


def _example_message() -> Any:
    """The class of tf.train.Example."""
    file = descriptor_pb2.FileDescriptorProto(name="example.proto", package="tensorflow", syntax="proto3")
    field = descriptor_pb2.FieldDescriptorProto
    for name, kind in LISTS.values():
        file.message_type.add(name=name).field.add(name="value", number=1, type=kind, label=field.LABEL_REPEATED)
    feature = file.message_type.add(name="Feature")
    feature.oneof_decl.add(name="kind")
    for number, (name, (message, _)) in enumerate(LISTS.items(), 1):
        feature.field.add(
            name=name, number=number, type="TYPE_MESSAGE", type_name=message, label="LABEL_OPTIONAL", oneof_index=0
        )
    features = file.message_type.add(name="Features")
    entry = features.nested_type.add(name="FeatureEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, type="TYPE_STRING", label="LABEL_OPTIONAL")
    entry.field.add(name="value", number=2, type="TYPE_MESSAGE", type_name="Feature", label="LABEL_OPTIONAL")
    features.field.add(
        name="feature",
        number=1,
        type="TYPE_MESSAGE",
        type_name="Features.FeatureEntry",
        label=field.LABEL_REPEATED,
    )
    file.message_type.add(name="Example").field.add(
        name="features", number=1, type="TYPE_MESSAGE", type_name="Features", label="LABEL_OPTIONAL"
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("tensorflow.Example"))


_MESSAGE = _example_message()
