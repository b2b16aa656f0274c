"""Pictures and videos with what was predicted drawn on them."""

from contextlib import ExitStack
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.files import inside, replacing
from evocnn.prediction.frames import Frame

WRITTEN = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
"""Endings of pictures that are written in the format that they were read in; others become .png."""
CODEC = "mp4v"


class Overlays:
    """Writes pictures into a folder, each by the name of the original, or all frames of a video into one .mp4.

    Args:
        folder: to write to.
        rate: frames per second; None for pictures.
    """

    def __init__(self, folder: Path, rate: float | None) -> None:
        self.folder, self.rate = folder, rate
        self._open = ExitStack()
        self._video: cv2.VideoWriter | None = None
        self._size = (0, 0)

    def __enter__(self) -> "Overlays":
        return self

    def __exit__(self, *error: object) -> None:
        if self._video:
            self._video.release()
        self._open.__exit__(*error)  # type: ignore[arg-type]

    def write(self, frame: Frame, drawn: NDArray[np.uint8]) -> None:
        """Write the picture (H, W, 3) RGB of a frame.

        Raises:
            OSError: it cannot be written.
        """
        picture = cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR)
        if self.rate is not None:
            self._write_frame(frame, picture)
            return
        name = Path(frame.name)
        path = inside(self.folder, str(name if name.suffix.lower() in WRITTEN else name.with_suffix(".png")))
        with replacing(path) as temporary:
            if not cv2.imwrite(str(temporary), picture):
                raise OSError(f"{path}: could not be written; is the disk full?")

    def _write_frame(self, frame: Frame, picture: np.ndarray) -> None:
        height, width = picture.shape[:2]
        if self._video is None:
            path = inside(self.folder, f"{Path(frame.name).stem}.mp4")
            temporary = self._open.enter_context(replacing(path))
            assert self.rate
            self._size = (width, height)
            self._video = cv2.VideoWriter(str(temporary), cv2.VideoWriter.fourcc(*CODEC), self.rate, self._size)
            if not self._video.isOpened():
                raise OSError(f"{path}: no video can be written there; is the disk full?")
        self._video.write(picture if self._size == (width, height) else cv2.resize(picture, self._size))
