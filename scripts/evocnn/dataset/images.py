"""Images, in a folder or in a zip that is read in place."""

import io
import zipfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

MAX_MEGAPIXELS = 120
"""Larger images are left out: one takes 3 bytes per pixel, and a job should need well under 1 GB."""
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


class UnusableImageError(Exception):
    """An image cannot be used; the text is the reason, without the image's name."""


class Images:
    """Images by their path inside a folder or a zip.

    In a zip the paths may begin with a folder of the zip's own name. Nothing is ever extracted.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.archive = zipfile.ZipFile(root) if root.is_file() else None
        self.members = set(self.archive.namelist()) if self.archive else set()

    def names(self) -> list[str]:
        """Paths of all images, by their ending, sorted."""
        if self.archive:
            prefix = f"{self.root.stem}/"
            found = {name.removeprefix(prefix) for name in self.members}
        else:
            found = {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}
        return sorted(name for name in found if Path(name).suffix.lower() in ENDINGS)

    def read(self, name: str) -> bytes:
        """The bytes of an image's file.

        Raises:
            UnusableImageError: there is no such file, it is empty, or the zip is damaged there.
        """
        if self.archive:
            member = next((m for m in (name, f"{self.root.stem}/{name}") if m in self.members), None)
            if member is None:
                raise UnusableImageError("the image is missing")
            try:
                content = self.archive.read(member)
            except (zipfile.BadZipFile, OSError, RuntimeError, ValueError) as error:
                raise UnusableImageError("the image's place in the zip is damaged") from error
        else:
            path = self.root / name
            try:
                found = path.is_file()
            except OSError:  # longer than the name of a file can be
                found = False
            if not found:
                raise UnusableImageError("the image is missing")
            content = path.read_bytes()
        if not content:
            raise UnusableImageError("the image's file is empty")
        return content


def decode(content: bytes, *, upright: bool = False) -> NDArray[np.uint8]:
    """Decode an image as the reference does: 8-bit RGB (H, W, 3), orientation as stored, whatever EXIF says.

    Grey and CMYK become RGB, 16 bits become 8, transparency is dropped. `upright` turns it as EXIF says after all.

    Raises:
        UnusableImageError: not an image, damaged or cut short, or larger than `MAX_MEGAPIXELS`.
    """
    try:
        # Only the header is read; the limit of Pillow itself would be a warning.
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(io.BytesIO(content)) as header:
            megapixels = header.width * header.height / 1e6
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnusableImageError("the image is damaged or of an unknown format") from error
    if megapixels > MAX_MEGAPIXELS:
        raise UnusableImageError(f"the image has more than {MAX_MEGAPIXELS} megapixels")
    try:
        orientation = 0 if upright else cv2.IMREAD_IGNORE_ORIENTATION
        pixels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR_RGB | orientation)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise UnusableImageError("the image is damaged or cut short")
    return pixels.astype(np.uint8, copy=False)
