"""Crops: a split's records decoded once per run into arrays that every training maps into its memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.files import replacing


@dataclass(frozen=True)
class Crops:
    """N people in pixels of crops with side S; the network's input is the middle without the margin.

    Attributes:
        pixels: (N, S, S, 3) uint8, RGB; mapped, read when touched.
        joints: (N, J, 2) float32, x and y.
        visible: (N, J) bool.
        head_size: (N,) float32.
        to_image: (N, 2, 3) float64, leads from the crop back to the image.
        images: (N,) names of the images' files.
        margin: pixels on each side beyond the network's input.
    """

    pixels: NDArray[np.uint8]
    joints: NDArray[np.float32]
    visible: NDArray[np.bool_]
    head_size: NDArray[np.float32]
    to_image: NDArray[np.float64]
    images: NDArray[np.str_]
    margin: int

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def input_size(self) -> int:
        """Side of the network's input in pixels."""
        return self.pixels.shape[1] - 2 * self.margin

    def inputs(self, rows: slice) -> NDArray[np.uint8]:
        """The plain crops of some people, (n, input size, input size, 3)."""
        middle = slice(self.margin, self.margin + self.input_size)
        return self.pixels[rows, middle, middle]

    @property
    def input_joints(self) -> NDArray[np.float32]:
        """(N, J, 2), the joints in pixels of the network's input."""
        return self.joints - np.float32(self.margin)


def write_crops(pixels: Path, labels: Path, shards: Sequence[Path], margin: int) -> None:
    """Decode shards, in their order, into `pixels` (.npy) and everything else into `labels` (.npz).

    Raises:
        ValueError: a shard is damaged.
    """
    from evocnn.dataset.records import read_shard  # TensorFlow; `read_crops` does without

    records = [record for shard in shards for record in read_shard(shard)]
    first = _decode(records[0].jpeg)
    with replacing(pixels) as temporary:
        array = np.lib.format.open_memmap(temporary, mode="w+", dtype=np.uint8, shape=(len(records), *first.shape))
        for row, record in enumerate(records):
            array[row] = _decode(record.jpeg)
        array.flush()
    with replacing(labels) as temporary:
        np.savez(
            temporary,
            joints=np.stack([record.joints for record in records]),
            visible=np.stack([record.visible for record in records]),
            head_size=np.array([record.head_size for record in records], np.float32),
            to_image=np.stack([record.to_image for record in records]),
            images=np.array([record.image for record in records]),
            margin=margin,
        )


def read_crops(pixels: Path, labels: Path) -> Crops:
    """Map what `write_crops` has written."""
    with np.load(labels) as columns:
        return Crops(
            pixels=np.load(pixels, mmap_mode="r"),
            margin=int(columns["margin"]),
            **{name: columns[name] for name in ("joints", "visible", "head_size", "to_image", "images")},
        )


def _decode(jpeg: bytes) -> NDArray[np.uint8]:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise ValueError("a record's JPEG cannot be decoded; delete the records and run snakemake again")
    return pixels.astype(np.uint8, copy=False)
