"""From the bytes of an image's file to its pixels, or to the reason why they cannot be used."""

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

MAX_MEGAPIXELS = 120
"""Larger images are skipped: an image takes 3 bytes per pixel, and a job should need well under 1 GB."""


TWELVE_BITS = 1 << 12
"""An image of 16 bits whose values are all below this holds 12 bits, as many cameras write them."""
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1")
"""What the files of Apple's cameras begin with."""
OTHER_PIXELS = {
    "F": "floating-point pixels, whose range the file does not say",
    "I": "32-bit pixels, whose range the file does not say",
    "LAB": "colours in Lab",
    "HSV": "colours in HSV",
}
"""By Pillow's mode: what would become too dark, too bright, or of other colours without a word."""


class UnusableImageError(Exception):
    """An image cannot be used; the message is the reason, without the image's name."""


def decode(content: bytes, *, upright: bool = False) -> NDArray[np.uint8]:
    """Decode an image as Simple Baselines does: 8-bit RGB (H, W, 3), in the stored orientation, EXIF ignored.

    Grey and CMYK become RGB, 16 bits become 8, also if a camera uses only 12 of them, transparency is dropped, and the
    first picture of several is taken. With `upright`, EXIF's orientation is applied.

    Raises:
        UnusableImageError: not an image, damaged or cut short, larger than `MAX_MEGAPIXELS`, of a format that cannot be
            decoded, or of pixels whose brightness or colour is not that of 8 or 16 bits of RGB.
    """
    form = _check_header(content)
    if form == "AVIF" and upright:  # OpenCV does not turn it
        return _upright_avif(content)
    orientation = 0 if upright else cv2.IMREAD_IGNORE_ORIENTATION
    pixels = _pixels(content, cv2.IMREAD_COLOR_RGB | orientation)
    if pixels.max(initial=0) <= TWELVE_BITS >> 8:  # rounded
        # Not IMREAD_COLOR_RGB, which does not decode TIFF of 16 bits.
        deep = _pixels(content, cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH | orientation)
        if deep.dtype == np.uint16 and deep.max(initial=0) < TWELVE_BITS:
            return np.right_shift(deep[..., ::-1], 4).astype(np.uint8)
    return pixels.astype(np.uint8, copy=False)


def _pixels(content: bytes, flags: int) -> NDArray[Any]:
    try:
        pixels = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise UnusableImageError("the image is damaged or cut short")
    return np.asarray(pixels)


def _check_header(content: bytes) -> str:
    """The format of an image whose pixels can be decoded rightly. Only its header is read."""
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        raise UnusableImageError("the image's format HEIC cannot be decoded; convert it to JPEG or PNG")
    try:
        Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit on pixels would print a warning.
        with Image.open(io.BytesIO(content)) as header:
            megapixels, mode, form = header.width * header.height / 1e6, header.mode, str(header.format)
    except Exception as error:  # what a parser raises for arbitrary bytes cannot be foreseen
        raise UnusableImageError("the image is damaged or of an unknown format") from error
    if megapixels > MAX_MEGAPIXELS:
        raise UnusableImageError(f"the image has more than {MAX_MEGAPIXELS} megapixels")
    if mode in OTHER_PIXELS:
        raise UnusableImageError(f"the image has {OTHER_PIXELS[mode]}; convert it to 8 or 16 bits of RGB or grey")
    return form


def _upright_avif(content: bytes) -> NDArray[np.uint8]:
    try:
        with Image.open(io.BytesIO(content)) as image:
            return np.array(ImageOps.exif_transpose(image).convert("RGB"))
    except Exception as error:
        raise UnusableImageError("the image is damaged or cut short") from error


def decode_annotated(content: bytes, size: tuple[int, int] | None) -> NDArray[np.uint8]:
    """Decode an image of annotated joints: as stored, or upright if only that has the annotated size.

    Args:
        content: of the image's file.
        size: width and height as annotated; None where the annotation names none.

    Raises:
        UnusableImageError: see `decode`; or neither way has the size, so that joints would lie elsewhere.
    """
    pixels = decode(content)
    stored = (pixels.shape[1], pixels.shape[0])
    if size is None or stored == size:
        return pixels
    upright = decode(content, upright=True)
    if (upright.shape[1], upright.shape[0]) == size:
        return upright
    raise UnusableImageError(f"the image is {stored[0]}×{stored[1]}, annotated {size[0]}×{size[1]}")
