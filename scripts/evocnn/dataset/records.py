"""Records: one person's crop with its joints, in TFRecord shards.

A record's crop is larger than the network's input by a margin on each side, in pixels of the same size, so that
turning and shrinking find real pixels at the border and the middle is the plain crop, pixel for pixel.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from evocnn.dataset.people import People
from evocnn.files import replacing
from evocnn.pose.geometry import Affine, around, inverse, transform

JPEG = [cv2.IMWRITE_JPEG_QUALITY, 95, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]


@dataclass(frozen=True)
class Record:
    """One person, in pixels of the crop.

    Attributes:
        jpeg: the crop, RGB, encoded.
        joints: (J, 2) x and y.
        visible: (J,), true where labelled.
        head_size: the unit of PCKh.
        to_image: (2, 3), leads from the crop back to the image.
        image: name of the image's file.
    """

    jpeg: bytes
    joints: NDArray[np.float32]
    visible: NDArray[np.bool_]
    head_size: float
    to_image: NDArray[np.float64]
    image: str


def margin_pixels(input_size: int, margin: float) -> int:
    """Pixels that a record's crop has on each side beyond the input; `margin` is a fraction of the input."""
    return round(input_size * margin)


def shard_rows(people: int, shard: int, shards: int) -> NDArray[np.integer]:
    """Rows of the people table that belong to a shard: neighbours, so that an image is opened once."""
    return np.array_split(np.arange(people), shards)[shard]


def write_shard(
    path: Path, people: People, images: Path, *, input_size: int, margin: float
) -> list[dict[str, str | int]]:
    """Crop people and write them as one TFRecord file.

    Args:
        path: the file to write.
        people: who goes into it.
        images: folder of their images.
        input_size: side of the network's input in pixels.
        margin: see `margin_pixels`.

    Returns:
        The people left out: their row, image, and the reason.
    """
    skipped: list[dict[str, str | int]] = []
    with replacing(path) as temporary, tf.io.TFRecordWriter(str(temporary)) as writer:
        name, pixels = "", None
        for row in range(len(people)):
            if people.images[row] != name:
                name = str(people.images[row])
                pixels = _read_image(images / name)
            if pixels is None:
                skipped.append({"row": row, "image": name, "reason": "the image is missing or cannot be decoded"})
            else:
                record = _crop(pixels, people.take(np.array([row])), input_size, margin)
                writer.write(_serialise(record))
    return skipped


def read_shard(path: Path) -> Iterator[Record]:
    """Read the records of a shard in their order.

    Raises:
        ValueError: the shard is damaged (TFRecord keeps a checksum of every record); the text names it.
    """
    try:
        for serialised in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            yield _parse(serialised)
    except tf.errors.DataLossError as error:
        raise ValueError(f"{path}: the shard is damaged; delete it and run snakemake again ({error.message})") from None


def _read_image(path: Path) -> NDArray[np.uint8] | None:
    if not path.is_file():
        return None
    image = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    return None if image is None else image.astype(np.uint8, copy=False)


def _crop(pixels: NDArray[np.uint8], person: People, input_size: int, margin: float) -> Record:
    side = input_size + 2 * margin_pixels(input_size, margin)
    zoom = input_size / person.side
    to_crop: Affine = around(person.center, zoom, side / 2)
    crop = cv2.warpAffine(pixels, to_crop[0], (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return Record(
        jpeg=cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), JPEG)[1].tobytes(),
        joints=transform(to_crop, person.joints)[0].astype(np.float32),
        visible=person.visible[0],
        head_size=float(person.head_size[0] * zoom[0]),
        to_image=inverse(to_crop)[0],
        image=str(person.images[0]),
    )


def _serialise(record: Record) -> bytes:
    def text(value: bytes) -> tf.train.Feature:
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))

    def numbers(value: NDArray[np.generic] | list[float]) -> tf.train.Feature:
        return tf.train.Feature(float_list=tf.train.FloatList(value=np.ravel(value)))

    features = {
        "image/encoded": text(record.jpeg),
        "image/name": text(record.image.encode()),
        "joints": numbers(record.joints),
        "visible": tf.train.Feature(int64_list=tf.train.Int64List(value=record.visible.astype(int))),
        "head_size": numbers([record.head_size]),
        "to_image": text(record.to_image.astype("<f8").tobytes()),
    }
    example = tf.train.Example(features=tf.train.Features(feature=features))
    return example.SerializeToString(deterministic=True)


def _parse(serialised: bytes) -> Record:
    feature = tf.train.Example.FromString(serialised).features.feature
    return Record(
        jpeg=feature["image/encoded"].bytes_list.value[0],
        joints=np.array(feature["joints"].float_list.value, np.float32).reshape(-1, 2),
        visible=np.array(feature["visible"].int64_list.value, bool),
        head_size=feature["head_size"].float_list.value[0],
        to_image=np.frombuffer(feature["to_image"].bytes_list.value[0], "<f8").reshape(2, 3),
        image=feature["image/name"].bytes_list.value[0].decode(),
    )
