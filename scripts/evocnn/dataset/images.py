"""Images in a folder, or in a zip that is read without extracting it."""

import unicodedata
import zipfile
from pathlib import Path, PurePosixPath

from evocnn.dataset.decoding import UnusableImageError
from evocnn.dataset.fingerprint import files_below
from evocnn.dataset.image_names import clean, is_foreign, leads_out

DECODED = ".jpg .jpeg .jpe .jfif .png .bmp .webp .tif .tiff .gif .avif .jp2 .j2k .ppm .pgm .pnm"
REFUSED = ".heic .heif .jxl .dng .cr2 .cr3 .nef .arw .psd .tga .exr"
ENDINGS = frozenset(f"{DECODED} {REFUSED}".split())
"""Endings of images, also of formats that cannot be decoded: those are named among what is skipped."""
EXCERPT = 4096  # bytes
MAX_BYTES = 512 << 20
"""Larger files are no images: 120 megapixels take 360 MB without any compression."""


class Images:
    """Images by their path inside a folder or a zip.

    In a zip the paths may begin with the one folder that holds everything. Nothing is ever extracted, and no path that
    leads out is read. Links inside of a folder of images are followed.

    Raises:
        ValueError: there is neither a folder nor a zip.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            self.archive = None if root.is_dir() else zipfile.ZipFile(root)
        except FileNotFoundError as error:
            raise ValueError(f"{root}: there is no such folder or zip; correct the path") from error
        except Exception as error:  # what a parser raises for arbitrary bytes cannot be foreseen
            raise ValueError(_no_images(root, error)) from error
        infos = self.archive.infolist() if self.archive else []
        self.members = {clean(info.filename): info for info in infos if not info.is_dir()}
        self.prefix = _only_folder(self.members)

    def names(self) -> list[str]:
        """Paths of all files with the ending of an image, sorted; without hidden ones and those of file managers.

        Broken links are among them, so that whoever reads them learns of it.
        """
        inside = self.members if self.archive else (clean(name) for name, _ in files_below(self.root))
        names = [name.removeprefix(self.prefix) for name in inside]
        return sorted({name for name in names if Path(name).suffix.lower() in ENDINGS and not is_foreign(name)})

    def read(self, name: str) -> bytes:
        """The bytes of an image's file.

        Raises:
            UnusableImageError: the path leads out of the folder, or the file does not exist, is empty or larger than
                `MAX_BYTES`, or is damaged in the zip.
        """
        place = self._place(name)
        size = place.file_size if isinstance(place, zipfile.ZipInfo) else place.stat().st_size
        if not size:
            raise UnusableImageError("the image's file is empty")
        if size > MAX_BYTES:
            raise UnusableImageError(f"the image's file has more than {MAX_BYTES >> 20} MB")
        if isinstance(place, zipfile.ZipInfo):
            return self._unpack(place)
        try:
            return place.read_bytes()
        except OSError as error:
            raise UnusableImageError(f"the image cannot be read ({error.strerror})") from error

    def size(self, name: str) -> int:
        """Number of bytes of an image's file; 0 where there is none."""
        try:
            place = self._place(name)
            return place.file_size if isinstance(place, zipfile.ZipInfo) else place.stat().st_size
        except (UnusableImageError, OSError):
            return 0

    def excerpt(self, name: str) -> bytes:
        """Some bytes that tell most images of one size apart: a zip's checksum, or bytes in the middle of a file."""
        try:
            place = self._place(name)
            if isinstance(place, zipfile.ZipInfo):
                return place.CRC.to_bytes(4, "big")
            with place.open("rb") as file:
                file.seek(place.stat().st_size // 2)
                return file.read(EXCERPT)
        except (UnusableImageError, OSError):
            return b""

    def _place(self, name: str) -> Path | zipfile.ZipInfo:
        """The file or member of an image. Raises UnusableImageError where the path leads out or nothing is there."""
        if leads_out(name):
            raise UnusableImageError("the image's path leads out of the images")
        path = clean(name)
        if self.archive:
            member = self.members.get(path) or self.members.get(self.prefix + path)
            if member is None:
                raise UnusableImageError("the image is missing")
            return member
        # Some systems store letters with their accents apart.
        for spelling in dict.fromkeys((name, path, unicodedata.normalize("NFD", path))):
            file = self.root / spelling
            try:
                if file.is_file():
                    return file
                if file.is_symlink():
                    raise UnusableImageError("the image is a link to a file that does not exist")
            except OSError:  # for example a file name that is too long
                continue
        raise UnusableImageError("the image is missing")

    def _unpack(self, member: zipfile.ZipInfo) -> bytes:
        assert self.archive is not None
        if member.flag_bits & 1:
            raise UnusableImageError("the zip is protected by a password; write it without one")
        try:
            return self.archive.read(member)
        except Exception as error:  # what a decompressor raises for arbitrary bytes cannot be foreseen
            raise UnusableImageError("the image's place in the zip is damaged") from error


def _no_images(root: Path, error: Exception) -> str:
    """What is wrong with a file that is neither a folder nor a zip that can be read."""
    with root.open("rb") as file:
        begins_as_zip = file.read(2) == b"PK"
    if begins_as_zip:
        return f"{root}: the zip is damaged or cut short ({error}); fetch it again, or write it again"
    return f"{root}: expected a folder or a zip of images, found a file that is neither; name the folder of the images"


def _only_folder(members: dict[str, zipfile.ZipInfo]) -> str:
    """The folder, with a slash, that everything in a zip lies in; nothing where there is none."""
    own = [PurePosixPath(name).parts for name in members if not is_foreign(name) and not leads_out(name)]
    tops = {parts[0] for parts in own}
    return f"{tops.pop()}/" if len(tops) == 1 and all(len(parts) > 1 for parts in own) else ""
