"""Images: whatever is odd about a file, it is decoded as the reference does, or refused with a reason."""

import io
import zipfile

import cv2
import numpy as np
import pytest
from PIL import Image

from evocnn.dataset.decoding import UnusableImageError, decode
from evocnn.dataset.images import Images

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
        pytest.param(pillow(RAMP.astype(np.uint16) * 16, "TIFF"), GREY, id="12 bit grey tiff"),
        pytest.param(opencv(RGB.astype(np.uint16) * 16, ".tiff"), RGB, id="12 bit tiff"),
        pytest.param(opencv(RGB.astype(np.uint16) * 16, ".png"), RGB, id="12 bit png"),
        pytest.param(pillow(RGB // 17, "PNG"), RGB // 17, id="dark"),
        pytest.param(pillow(RAMP, "GIF"), GREY, id="gif"),
        pytest.param(pillow(RGB, "AVIF", quality=98), RGB, id="avif"),
        pytest.param(pillow(RGB, "JPEG2000"), RGB, id="jpeg 2000"),
        pytest.param(pillow(RGB, "PPM"), RGB, id="ppm"),
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


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_upright_is_as_exif_says(form):
    exif = Image.Exif()
    exif[0x0112] = 6
    content = pillow(GREY, form, quality=98, exif=exif)
    assert np.abs(decode(content, upright=True).astype(int) - np.rot90(GREY, -1)).mean() < 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pillow(RAMP.astype(np.float32) / 255, "TIFF"), "floating-point pixels, whose range the file does not say"),
        (pillow(RAMP.astype(np.int32), "TIFF"), "32-bit pixels, whose range the file does not say"),
        (pillow(RGB, "TIFF", "LAB"), "colours in Lab; convert it to 8 or 16 bits of RGB or grey"),
        (b"\0\0\0\x18ftypheic" + bytes(90), "the image's format HEIC cannot be decoded; convert it to JPEG or PNG"),
    ],
)
def test_what_cannot_be_decoded_rightly_is_refused_with_the_reason(content, reason):
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


@pytest.mark.parametrize("name", ["../secret.jpg", "a/../../secret.jpg", "/secret.jpg", "..\\secret.jpg"])
@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_nothing_outside_is_read(tmp_path, kind, name):
    (tmp_path / "secret.jpg").write_bytes(pillow(RGB, "JPEG"))
    root = tmp_path / "images"
    if kind == "folder":
        root.mkdir()
    else:
        root = tmp_path / "images.zip"
        with zipfile.ZipFile(root, "w") as file:
            file.writestr(name, pillow(RGB, "JPEG"))
    with pytest.raises(UnusableImageError, match="the image's path leads out of the images"):
        Images(root).read(name)


def test_files_of_file_managers_and_hidden_ones_are_no_images(tmp_path):
    for name in (
        "a.jpg",
        "b/c.JPG",
        ".ipynb_checkpoints/a-checkpoint.jpg",
        "._a.jpg",
        ".thumbnails/a.jpg",
        "b/@eaDir/c.JPG",
        "__MACOSX/._a.jpg",
        "a.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert Images(tmp_path).names() == ["a.jpg", "b/c.JPG"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such folder or zip; correct the path"),
        (b"", "expected a folder or a zip of images, found a file that is neither; name the folder of the images"),
        (pillow(RGB, "PNG"), "expected a folder or a zip of images, found a file that is neither"),
        (b"PK\3\4 half of a zip", r"the zip is damaged or cut short \(File is not a zip file\); fetch it again"),
    ],
)
def test_what_is_no_folder_and_no_zip_is_one_line(tmp_path, content, message):
    if content is not None:
        (tmp_path / "images").write_bytes(content)
    with pytest.raises(ValueError, match=rf"images: {message}"):
        Images(tmp_path / "images")


ENDINGS = ("JPG", "jfif", "gif", "avif", "jp2", "heic", "ppm")


def test_every_ending_of_an_image_is_listed_also_of_those_that_cannot_be_decoded(tmp_path):
    for ending in (*ENDINGS, "txt", "json", "xml"):
        (tmp_path / f"a.{ending}").write_bytes(b"x")
    assert Images(tmp_path).names() == sorted(f"a.{ending}" for ending in ENDINGS)


def test_links_are_followed_and_broken_ones_named(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.jpg").write_bytes(b"first")
    (tmp_path / "images/linked").symlink_to("../elsewhere")
    (tmp_path / "images/lost.jpg").symlink_to("nowhere.jpg")
    (tmp_path / "images/round").symlink_to(".")
    (tmp_path / "elsewhere/back").symlink_to("../images")
    images = Images(tmp_path / "images")
    assert images.names() == ["linked/a.jpg", "lost.jpg"]
    assert images.read("linked/a.jpg") == b"first"
    with pytest.raises(UnusableImageError, match="the image is a link to a file that does not exist"):
        images.read("lost.jpg")


def test_letters_with_accents_may_be_stored_apart(tmp_path):
    (tmp_path / "Ba\u0308r.jpg").write_bytes(b"bear")
    images = Images(tmp_path)
    assert images.names() == ["B\u00e4r.jpg"]
    assert images.read("B\u00e4r.jpg") == images.read("Ba\u0308r.jpg") == b"bear"


def test_a_zip_may_hold_one_folder_of_any_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as file:
        file.writestr("pets/cat/a.png", b"cat")
        file.writestr("__MACOSX/pets/cat/._a.png", b"mac")
    images = Images(tmp_path / "images.zip")
    assert images.names() == ["cat/a.png"]
    assert images.read("cat/a.png") == images.read("pets/cat/a.png") == b"cat"


def encrypted(content):
    """A zip whose members say that they need a password."""
    changed = bytearray(content)
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        changed[changed.index(mark) + flags] |= 1
    return bytes(changed)


def test_a_password_is_named(tmp_path):
    path = tmp_path / "images.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.png", b"picture")
    path.write_bytes(encrypted(path.read_bytes()))
    with pytest.raises(UnusableImageError, match="the zip is protected by a password; write it without one"):
        Images(path).read("a.png")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "images.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.png", bytes(1000))
    content = bytearray(path.read_bytes())
    size = content.index(b"PK\1\2") + 24
    content[size : size + 4] = (600 << 20).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(UnusableImageError, match="the image's file has more than 512 MB"):
        Images(path).read("a.png")


def test_a_huge_file_is_no_image(tmp_path):
    with (tmp_path / "a.png").open("wb") as file:
        file.truncate(600 << 20)
    with pytest.raises(UnusableImageError, match="the image's file has more than 512 MB"):
        Images(tmp_path).read("a.png")


def test_a_zip_is_known_by_its_content(tmp_path):
    with zipfile.ZipFile(tmp_path / "images", "w") as file:
        file.writestr("a.png", pillow(RGB, "PNG"))
    assert Images(tmp_path / "images").names() == ["a.png"]
