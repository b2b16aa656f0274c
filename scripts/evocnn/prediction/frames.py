"""What a network is applied to: pictures, videos, cameras."""

import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.decoding import UnusableImageError, decode
from evocnn.dataset.images import DECODED, Images

VIDEOS = frozenset({".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv"})
"""Endings of videos."""
RATE = 25.0
"""Pictures per second of what does not say it."""


@dataclass(frozen=True)
class Frame:
    """A picture, of its own or of a video.

    Attributes:
        name: path of the picture or video inside of what was named.
        number: of the picture in its video, from 0; None for a picture of its own.
        pixels: (H, W, 3) RGB, upright; None where it cannot be used.
        problem: why it cannot be used; "" where it can.
    """

    name: str
    number: int | None
    pixels: NDArray[np.uint8] | None
    problem: str = ""


class Source(Protocol):
    """Frames in their order.

    Attributes:
        total: number of frames; None where it is not known.
        rate: frames per second; None for pictures.
    """

    total: int | None
    rate: float | None

    def __iter__(self) -> Iterator[Frame]: ...


class Pictures:
    """Pictures by their names.

    Args:
        images: that they are among.
        names: of those to read.
    """

    rate: float | None = None

    def __init__(self, images: Images, names: Sequence[str]) -> None:
        self.images, self.names = images, list(names)
        self.total: int | None = len(self.names)

    def __iter__(self) -> Iterator[Frame]:
        for name in self.names:
            try:
                yield Frame(name, None, decode(self.images.read(name), upright=True))
            except (UnusableImageError, OSError) as error:
                yield Frame(name, None, None, str(error))


class Video:
    """Frames of a video, or of a camera until it is interrupted.

    Args:
        place: path of the video, or number of the camera.

    Raises:
        ValueError: there is no such video or camera, or it cannot be read.
    """

    def __init__(self, place: Path | int) -> None:
        self._capture = cv2.VideoCapture(place if isinstance(place, int) else str(place))
        self.name = f"camera-{place}" if isinstance(place, int) else place.name
        if not self._capture.isOpened():
            expected = "expected its number, such as 0" if isinstance(place, int) else "expected a video with pictures"
            raise ValueError(f"{place}: {expected}, found nothing that can be read; name another one")
        self.rate: float | None = self._capture.get(cv2.CAP_PROP_FPS) or RATE
        count = int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self.total = count if count > 0 else None

    def __iter__(self) -> Iterator[Frame]:
        number = 0
        while True:
            read, pixels = self._capture.read()
            if not read:
                break
            yield Frame(self.name, number, np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8))
            number += 1
        self._capture.release()


def open_source(places: Sequence[str], output: Path, wanted: Sequence[str | int] | None = None) -> Source:
    """What people have named, as frames.

    Args:
        places: a folder, a zip, pictures, patterns such as "*.jpg", a video, or the number of a camera.
        output: folder whose pictures are left out.
        wanted: the pictures to read: names, or numbers as in "000000000139.jpg"; None for all.

    Raises:
        ValueError: a place does not exist, holds no picture, or cannot be read.
    """
    if len(places) == 1 and places[0].isdecimal() and not Path(places[0]).exists():
        return Video(int(places[0]))
    paths = [path for place in places for path in _paths(place)]
    videos = [path for path in paths if path.suffix.lower() in VIDEOS]
    if videos:
        if len(paths) > 1:
            raise ValueError(f"{videos[0]}: found {len(paths) - 1} more beside this video; name one video at a time")
        return Video(videos[0])
    images, names = _pictures(paths)
    left_out = output.resolve()
    if not images.archive:
        names = [name for name in names if not (images.root / name).resolve().is_relative_to(left_out)]
    if not names:
        raise ValueError(f"{', '.join(places)}: found no picture, expected files with an ending of {DECODED}")
    return Pictures(images, names if wanted is None else _wanted(names, wanted))


def numbered(name: str) -> int | None:
    """139 of "val/000000000139.jpg"; None for a name that is no number."""
    stem = Path(name).stem
    return int(stem) if stem.isdecimal() else None


def _paths(place: str) -> list[Path]:
    path = Path(place)
    if path.exists():
        return [path]
    matching = sorted(glob(place, recursive=True))  # noqa: PTH207 - the pattern may be absolute
    if not matching:
        raise ValueError(f"there is no {place}; correct the path")
    return [Path(name) for name in matching]


def _pictures(paths: Sequence[Path]) -> tuple[Images, list[str]]:
    """The images, and the names of those in or among the paths."""
    first = paths[0]
    if len(paths) == 1 and (first.is_dir() or zipfile.is_zipfile(first) or first.suffix.lower() == ".zip"):
        images = Images(first)
        return images, images.names()
    root = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in (p.absolute() for p in paths)]))
    names: dict[str, None] = {}
    for path in paths:
        inside = Images(path).names() if path.is_dir() else [""]
        names |= dict.fromkeys((path.absolute() / name).relative_to(root).as_posix() for name in inside)
    return Images(root), list(names)


def _wanted(names: Sequence[str], wanted: Sequence[str | int]) -> list[str]:
    """The pictures by name, as they are wanted; a number that no picture has is its own name."""
    by_number = {numbered(name): name for name in names}
    return [key if isinstance(key, str) else by_number.get(key, str(key)) for key in wanted]
