"""Images: whatever is odd about a file, it is decoded as the reference does, or refused with a reason."""

import io
import zipfile

import cv2
import numpy as np
import pytest
from PIL import Image

from evocnn.dataset.images import Images, UnusableImageError, decode

RAMP = np.linspace(0, 255, 64 * 48).reshape(48, 64).astype(np.uint8)
RGB = np.dstack([RAMP, RAMP[::-1], RAMP[:, ::-1]])
GREY = np.dstack([RAMP] * 3)


def pillow(pixels, form, mode=None, **options):
    buffer = io.BytesIO()
    image = Image.fromarray(pixels)
    (image.convert(mode) if mode else image).save(buffer, form, **options)
    return buffer.getvalue()


def opencv(pixels, ending):
    return cv2.imencode(ending, pixels[..., ::-1] if pixels.ndim == 3 else pixels)[1].tobytes()


def turned():
    """EXIF says that the image is to be shown turned by a quarter."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return pillow(RGB, "PNG", exif=exif)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(pillow(RGB, "JPEG", quality=98, subsampling=0), RGB, id="jpeg"),
        pytest.param(pillow(RAMP, "JPEG", quality=98), GREY, id="grey"),
        pytest.param(pillow(RGB, "JPEG", "CMYK", quality=98, subsampling=0), RGB, id="cmyk"),
        pytest.param(opencv(RGB.astype(np.uint16) * 257, ".png"), RGB, id="16 bit"),
        pytest.param(opencv(RAMP.astype(np.uint16) * 257, ".png"), GREY, id="16 bit grey"),
        pytest.param(opencv(RGB.astype(np.uint16) * 257, ".tiff"), RGB, id="16 bit tiff"),
        pytest.param(pillow(RAMP, "PNG", "P"), GREY, id="palette"),
        pytest.param(pillow(np.dstack([RGB, RAMP]), "PNG"), RGB, id="transparent"),
        pytest.param(turned(), RGB, id="exif"),
    ],
)
def test_odd_images_are_8_bit_rgb_as_stored(content, expected):
    pixels = decode(content)
    assert (pixels.shape, pixels.dtype) == (expected.shape, np.uint8)
    assert np.abs(pixels.astype(int) - expected).mean() < 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(pillow(RGB, "JPEG")[:-20], "cut short", id="truncated jpeg"),
        pytest.param(pillow(RGB, "JPEG")[:300], "damaged", id="hardly a jpeg"),
        pytest.param(pillow(RGB, "PNG")[:-200], "cut short", id="truncated png"),
        pytest.param(b"no picture", "unknown format", id="text"),
    ],
)
def test_damage_is_a_reason(content, reason):
    with pytest.raises(UnusableImageError, match=reason):
        decode(content)


def test_a_hundred_megapixels_are_decoded():
    content = cv2.imencode(".jpg", np.zeros((10_000, 10_000), np.uint8))[1].tobytes()
    assert decode(content).shape == (10_000, 10_000, 3)


def test_too_many_megapixels_are_refused_before_they_take_memory():
    header = bytearray(pillow(RGB, "PNG"))
    header[16:24] = (40_000).to_bytes(4, "big") * 2
    header[29:33] = (__import__("zlib").crc32(bytes(header[12:29]))).to_bytes(4, "big")
    with pytest.raises(UnusableImageError, match="more than 120 megapixels"):
        decode(bytes(header))


@pytest.fixture(params=["folder", "zip", "zip with its own folder"])
def images(request, tmp_path):
    """Two images and an empty file, in three ways."""
    files = {"a.jpg": b"first", "b/c.png": b"second", "empty.jpg": b"", "notes.txt": b"x"}
    if request.param == "folder":
        for name, content in files.items():
            path = tmp_path / "images" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return Images(tmp_path / "images")
    prefix = "images/" if request.param.endswith("folder") else ""
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        archive.writestr("../out.jpg", b"outside")
        for name, content in files.items():
            archive.writestr(prefix + name, content)
    return Images(tmp_path / "images.zip")


def test_images_are_read_by_their_path(images):
    assert images.read("a.jpg") == b"first"
    assert images.read("b/c.png") == b"second"


def test_images_are_listed_by_their_ending(images):
    assert {"a.jpg", "b/c.png", "empty.jpg"} <= set(images.names())
    assert "notes.txt" not in images.names()


@pytest.mark.parametrize(("name", "reason"), [("gone.jpg", "missing"), ("b", "missing"), ("empty.jpg", "empty")])
def test_what_is_not_there_is_a_reason(images, name, reason):
    with pytest.raises(UnusableImageError, match=reason):
        images.read(name)


def test_a_damaged_place_in_a_zip_is_a_reason(tmp_path):
    path = tmp_path / "images.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jpg", b"some bytes of an image")
    content = bytearray(path.read_bytes())
    content[content.index(b"bytes")] ^= 1
    path.write_bytes(content)
    with pytest.raises(UnusableImageError, match="damaged"):
        Images(path).read("a.jpg")
