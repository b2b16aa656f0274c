"""Records: one person's crop with its joints, in TFRecord shards.

A record's crop is larger than the network's input by a margin on each side, in pixels of the same size, so that
turning and shrinking find real pixels at the border and the middle is the plain crop, pixel for pixel.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.images import Images, UnusableImageError, decode
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
        to_image: (2, 3), leads from the crop back to the image.
        image: path of the image inside the images.
        row: number of the person in the annotation file.
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
    """What became of a shard's people.

    Attributes:
        people: how many are in it.
        skipped: who is not, and why.
        images: SHA-256 over the bytes of all images that were read, 64 hex digits.
    """

    people: int
    skipped: tuple[Skipped, ...]
    images: str


def margin_pixels(input_size: int, margin: float) -> int:
    """Pixels that a record's crop has on each side beyond the input; `margin` is a fraction of the input."""
    return round(input_size * margin)


def shard_rows(people: int, shard: int, shards: int) -> NDArray[np.integer]:
    """Rows of the people table that belong to a shard: neighbours, so that an image is opened once."""
    return np.array_split(np.arange(people), shards)[shard]


def write_shard(path: Path, people: People, images: Images, *, input_size: int, margin: float) -> Written:
    """Crop people and write them as one TFRecord file; one image is in memory at a time.

    Args:
        path: the file to write.
        people: who goes into it.
        images: where their images are.
        input_size: side of the network's input in pixels.
        margin: see `margin_pixels`.
    """
    skipped: list[Skipped] = []
    total = hashlib.sha256()
    name: str | None = None
    with replacing(path) as temporary, TFRecordWriter(temporary) as writer:
        for at in range(len(people)):
            if people.images[at] != name:
                name, pixels, reason = str(people.images[at]), None, None
                try:
                    content = images.read(name)
                    total.update(hashlib.sha256(content).digest())
                    pixels = decode(content)
                except UnusableImageError as error:
                    reason = str(error)
            person = people.take(np.array([at]))
            fault = reason if pixels is None else _outside(pixels, person)
            if pixels is None or fault:
                skipped.append(Skipped(int(person.rows[0]), str(name), str(fault)))
            else:
                writer.write(_encode(_crop(pixels, person, input_size, margin)))
    return Written(len(people) - len(skipped), tuple(skipped), total.hexdigest())


def read_shard(path: Path) -> Iterator[Record]:
    """Read the records of a shard in their order.

    Raises:
        ValueError: the shard is damaged; the text names it.
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
        input_size: what becomes of the side.
        border: pixels beyond that on each side.

    Returns:
        The crop, (S, S, 3) with S = input_size + 2 · border, and the map that leads from the image to it.
    """
    size = input_size + 2 * border
    to_crop: Affine = around(center, np.array(input_size / side), size / 2)
    crop = cv2.warpAffine(pixels, to_crop, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return crop.astype(np.uint8, copy=False), to_crop


def _square(pixels: NDArray[np.uint8], person: People) -> tuple[NDArray[np.float64], float]:
    """Centre (2,) and side of the crop: the person's own, or the square about the whole image."""
    if np.isfinite(person.side[0]):
        return person.center[0], float(person.side[0])
    return whole_square(pixels)


def _outside(pixels: NDArray[np.uint8], person: People) -> str | None:
    """Why the image does not show the person, if it does not."""
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
    found: dict = dict(example)
    return Record(
        jpeg=found["image/encoded"],
        joints=found["joints"].reshape(-1, 2),
        visible=found["visible"].astype(bool),
        normaliser=float(found["normaliser"][0]),
        category=int(found["category"][0]),
        to_image=np.frombuffer(found["to_image"], "<f8").reshape(2, 3),
        image=found["image/path"].decode(),
        row=int(found["row"][0]),
    )
