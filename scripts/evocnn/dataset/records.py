"""Records: one person's crop with its joints, in TFRecord shards.

A record's crop is larger than the network's input by a margin on each side, at the same resolution. So rotation and
shrinking have real pixels at the border, and the middle equals the plain crop, pixel for pixel.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.decoding import UnusableImageError, decode, decode_annotated
from evocnn.dataset.images import Images
from evocnn.dataset.people import People, Skipped
from evocnn.dataset.tfrecord import Example, TFRecordWriter, read_tfrecord
from evocnn.files import replacing
from evocnn.pose.geometry import Affine, around, inverse, transform

JPEG = [cv2.IMWRITE_JPEG_QUALITY, 98, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]


@dataclass(frozen=True)
class Record:
    """One person, in pixels of the crop.

    Attributes:
        jpeg: the crop, RGB, encoded.
        joints: (J, 2) x and y.
        visible: (J,), true where labelled.
        normaliser: the distance that errors are measured in; NaN for a person who cannot be scored.
        category: index of the class.
        to_image: (2, 3), affine map from the crop to the image.
        image: path of the image inside the images.
        row: index of the person in the annotation file.
    """

    jpeg: bytes
    joints: NDArray[np.float32]
    visible: NDArray[np.bool_]
    normaliser: float
    category: int
    to_image: NDArray[np.float64]
    image: str
    row: int


@dataclass(frozen=True)
class Written:
    """Summary of a written shard.

    Attributes:
        people: number of people in it.
        skipped: people who are not in it, with the reasons.
        images: SHA-256 over the bytes of all images that were read, 64 hex digits.
    """

    people: int
    skipped: tuple[Skipped, ...]
    images: str


def margin_pixels(input_size: int, margin: float) -> int:
    """Pixels of a record's margin on each side; `margin` is a fraction of the input."""
    return round(input_size * margin)


def shard_rows(people: int, shard: int, shards: int) -> NDArray[np.integer]:
    """Rows of the people table that belong to a shard: contiguous, so that an image is opened once."""
    return np.array_split(np.arange(people), shards)[shard]


def write_shard(path: Path, people: People, images: Images, *, input_size: int, margin: float) -> Written:
    """Crop people and write them as one TFRecord file; one image is in memory at a time.

    Args:
        path: the file to write.
        people: the people of the shard.
        images: their images.
        input_size: side of the network's input in pixels.
        margin: see `margin_pixels`.
    """
    skipped: list[Skipped] = []
    total = hashlib.sha256()
    opened: tuple[str, bytes] | None = None
    with replacing(path) as temporary, TFRecordWriter(temporary) as writer:
        for at in range(len(people)):
            name = str(people.images[at])
            if opened != (name, people.size[at].tobytes()):
                opened, pixels, reason = (name, people.size[at].tobytes()), None, None
                try:
                    content = images.read(name)
                    total.update(hashlib.sha256(content).digest())
                    pixels = _pixels(content, people.take(np.array([at])))
                except UnusableImageError as error:
                    reason = str(error)
            person = people.take(np.array([at]))
            fault = reason if pixels is None else _outside(pixels, person)
            if pixels is None or fault:
                skipped.append(Skipped(int(person.rows[0]), name, str(fault)))
            else:
                writer.write(_encode(_crop(pixels, person, input_size, margin)))
    return Written(len(people) - len(skipped), tuple(skipped), total.hexdigest())


def read_shard(path: Path) -> Iterator[Record]:
    """Read the records of a shard in their order.

    Raises:
        ValueError: the shard is damaged; the message names it.
    """
    return map(_decode, read_tfrecord(path))


def whole_square(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float64], float]:
    """Centre (2,) and side of the square about a whole image."""
    height, width = pixels.shape[:2]
    return np.array([width / 2, height / 2]), float(max(width, height))


def cut(
    pixels: NDArray[np.uint8], center: NDArray[np.float64], side: float, input_size: int, border: int = 0
) -> tuple[NDArray[np.uint8], Affine]:
    """Cut a square out of an image.

    Args:
        pixels: (H, W, 3).
        center: (2,) of the square.
        side: of the square in pixels of the image.
        input_size: side of the square in pixels of the crop.
        border: extra pixels of the crop on each side.

    Returns:
        The crop, (S, S, 3) with S = input_size + 2 · border, and the affine map from the image to the crop.
    """
    size = input_size + 2 * border
    to_crop: Affine = around(center, np.array(input_size / side), size / 2)
    crop = cv2.warpAffine(pixels, to_crop, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return crop.astype(np.uint8, copy=False), to_crop


def _pixels(content: bytes, person: People) -> NDArray[np.uint8]:
    """The image as annotated: those of classes upright, others in the orientation that has the annotated size."""
    if not person.joints.shape[1]:
        return decode(content, upright=True)
    width, height = person.size[0]
    return decode_annotated(content, (int(width), int(height)) if np.isfinite([width, height]).all() else None)


def _square(pixels: NDArray[np.uint8], person: People) -> tuple[NDArray[np.float64], float]:
    """Centre (2,) and side of the crop: the person's own, or the square about the whole image."""
    if np.isfinite(person.side[0]):
        return person.center[0], float(person.side[0])
    return whole_square(pixels)


def _outside(pixels: NDArray[np.uint8], person: People) -> str | None:
    """The reason if the person lies outside the image, else None."""
    size = np.array(pixels.shape[1::-1])
    center, side = _square(pixels, person)
    joints = person.joints[person.visible]
    away = np.any((center + side / 2 <= 0) | (center - side / 2 >= size))
    if away or (len(joints) and not np.any(np.all((joints > -1) & (joints < size), -1))):
        return "the person is outside of the image"
    return None


def _crop(pixels: NDArray[np.uint8], person: People, input_size: int, margin: float) -> Record:
    center, side = _square(pixels, person)
    crop, to_crop = cut(pixels, center, side, input_size, margin_pixels(input_size, margin))
    return Record(
        jpeg=cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), JPEG)[1].tobytes(),
        joints=transform(to_crop, person.joints[0]).astype(np.float32),
        visible=person.visible[0],
        normaliser=float(person.normaliser[0] * (input_size / side)),
        category=int(person.category[0]),
        to_image=inverse(to_crop),
        image=str(person.images[0]),
        row=int(person.rows[0]),
    )


def _encode(record: Record) -> Example:
    return {
        "image/encoded": record.jpeg,
        "image/path": record.image.encode(),
        "joints": record.joints.ravel(),
        "visible": record.visible.astype(np.int64),
        "normaliser": np.array([record.normaliser], np.float32),
        "category": np.array([record.category]),
        "to_image": record.to_image.astype("<f8").tobytes(),
        "row": np.array([record.row]),
    }


def _decode(example: Example) -> Record:
    features: dict = dict(example)
    return Record(
        jpeg=features["image/encoded"],
        joints=features["joints"].reshape(-1, 2),
        visible=features["visible"].astype(bool),
        normaliser=float(features["normaliser"][0]),
        category=int(features["category"][0]),
        to_image=np.frombuffer(features["to_image"], "<f8").reshape(2, 3),
        image=features["image/path"].decode(),
        row=int(features["row"][0]),
    )
