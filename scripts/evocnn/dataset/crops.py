"""Crops: the records of a split, decoded once per run into arrays that every training maps into its memory."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.arrays import read_arrays, write_arrays
from evocnn.dataset.manifest import read_manifest
from evocnn.dataset.records import Record, margin_pixels, read_shard
from evocnn.files import digest, replacing

CHUNK = 64
"""Number of records decoded together."""
LABELS = ("joints", "visible", "normaliser", "category", "to_image", "images", "rows")


@dataclass(frozen=True)
class Crops:
    """N people in pixels of crops with side S; the network's input is the crop without the margin.

    Attributes:
        pixels: (N, S, S, 4) uint8, RGB and an unused channel; memory-mapped. OpenCV warps four channels in half the
            time of three.
        joints: (N, J, 2) float32, x and y.
        visible: (N, J) bool.
        normaliser: (N,) float32, the distance that errors are measured in; NaN for people who cannot be scored.
        category: (N,) int64, index of the class.
        to_image: (N, 2, 3) float64, affine maps from the crop to the image.
        images: (N,) paths of the images.
        rows: (N,) int64, numbers of the people in the annotation file.
        margin: pixels on each side beyond the network's input.
    """

    pixels: NDArray[np.uint8]
    joints: NDArray[np.float32]
    visible: NDArray[np.bool_]
    normaliser: NDArray[np.float32]
    category: NDArray[np.int64]
    to_image: NDArray[np.float64]
    images: NDArray[np.str_]
    rows: NDArray[np.int64]
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
        return self.pixels[rows, middle, middle, :3]

    @property
    def input_joints(self) -> NDArray[np.float32]:
        """(N, J, 2), the joints in pixels of the network's input."""
        return self.joints - np.float32(self.margin)


def write_crops(
    pixels: Path,
    labels: Path,
    *,
    manifest: Path,
    shards: Sequence[Path],
    input_size: int,
    margin: float,
    threads: int = 1,
) -> None:
    """Decode shards, in their order, into `pixels` (.npy) and everything else into `labels` (.npz).

    Args:
        pixels: file to write.
        labels: file to write.
        manifest: of the split; holds the number of people and the digest of each shard.
        shards: the split's records.
        input_size: side of the networks' input in pixels.
        margin: see `margin_pixels`.
        threads: number of threads that decode.

    Raises:
        ValueError: a shard is damaged, or is not the one of the manifest; the message names it.
    """
    expected = read_manifest(manifest)
    for shard, wanted in zip(shards, expected["shards"], strict=True):
        if digest(shard) != wanted:
            raise ValueError(f"{shard}: the shard is damaged; delete it and run snakemake again")
    border = margin_pixels(input_size, margin)
    side = input_size + 2 * border
    columns: dict[str, list] = {name: [] for name in LABELS}
    with replacing(pixels) as temporary:
        with temporary.open("wb") as file, ThreadPoolExecutor(threads) as pool:
            shape = (expected["people"], side, side, 4)
            header = {"descr": "|u1", "fortran_order": False, "shape": shape}
            # Written, not memory-mapped: mapped pages would count as this job's memory.
            np.lib.format.write_array_header_1_0(file, header)
            records = chain.from_iterable(map(read_shard, shards))
            while chunk := list(islice(records, CHUNK)):
                for record, crop in zip(chunk, pool.map(_decode, chunk), strict=True):
                    file.write(crop.tobytes())
                    for name, value in _labels(record):
                        columns[name].append(value)
        arrays: dict[str, Any] = {name: np.array(values) for name, values in columns.items()}
        # This file identifies the data of a training. With the shards' digest it also differs if only pixels do.
        write_labels(labels, temporary, margin=border, records=digest(*shards), **arrays)


def write_labels(labels: Path, pixels: Path, /, **columns: Any) -> None:
    """Write the columns of `Crops` beside the pixels (.npy), with the checksum of the pixels' file."""
    write_arrays(labels, {**columns, "pixels": digest(pixels)})


def read_crops(pixels: Path, labels: Path) -> Crops:
    """Map the files of `write_crops` into memory, after a check of every byte.

    The check takes 0.8 s per GB, once per job. It reads the file and does not map it, because mapped pages would count
    as this job's memory.

    Raises:
        ValueError: one of the files is damaged; the message names it.
    """
    with _reading(labels):
        columns = read_arrays(labels, (*LABELS, "margin", "pixels"))
    with _reading(pixels):
        if digest(pixels) != str(columns["pixels"]):
            raise ValueError(f"its checksum is not the one in {labels.name}")
        mapped = np.load(pixels, mmap_mode="r")
    return Crops(pixels=mapped, margin=int(columns["margin"]), **{name: columns[name] for name in LABELS})


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{path}: the crops are damaged ({error}); delete the file and run snakemake again") from error


def _labels(record: Record) -> Iterator[tuple[str, object]]:
    yield "joints", record.joints
    yield "visible", record.visible
    yield "normaliser", np.float32(record.normaliser)
    yield "category", record.category
    yield "to_image", record.to_image
    yield "images", record.image
    yield "rows", record.row


def _decode(record: Record) -> NDArray[np.uint8]:
    pixels = cv2.imdecode(np.frombuffer(record.jpeg, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError("a record's JPEG cannot be decoded; delete the records and run snakemake again")
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGBA).astype(np.uint8, copy=False)
