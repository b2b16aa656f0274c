"""Archives of a data set: one folder or file of each is extracted, completely or not at all."""

import copy
import gzip
import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from evocnn.dataset.settings import DownloadSettings

ENDINGS = (".tar.gz", ".tgz", ".tar", ".zip")
MOST_TIMES = 100
"""How many times an archive's size its files may have; images hardly shrink, tables of numbers to a tenth."""
ALWAYS_ALLOWED = 10_000_000
"""Bytes that any archive may have beyond that."""
DAMAGE = (tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError)


def archives(downloads: Mapping[str, DownloadSettings]) -> dict[str, str]:
    """Map each unpacked name to the archive that holds it, from the section `download` of the configuration.

    Raises:
        ValueError: one line: a file is not an archive, or one name has two sources.
    """
    sources: dict[str, str] = {}
    for name, entry in downloads.items():
        unpacked = entry.unpack
        if unpacked is None:
            continue
        where = f"configuration: download.{name}.unpack is {unpacked!r}"
        if not name.endswith(ENDINGS):
            endings = ", ".join(ENDINGS)
            raise ValueError(f"{where}, expected it only where the file's name ends with {endings}; remove it")
        if unpacked in sources or unpacked in downloads:
            raise ValueError(f"{where}, which comes from {sources.get(unpacked, unpacked)} as well; remove one of them")
        sources[unpacked] = name
    return sources


def unpack(target: Path, archive: Path) -> None:
    """Extract one folder or file from an archive (.tar, .tar.gz, .tgz, .zip).

    Args:
        target: path to create. The archive's entry with the same name, in any folder of the archive, is extracted
            there, completely or not at all.
        archive: is read once, from its beginning to its end; nothing else of it is written.

    Raises:
        ValueError: the archive is damaged, or the name is missing, occurs in two folders, is a link, or its path
            leaves the target folder, or the files are far larger than the archive.
        FileExistsError: the target exists.
    """
    if target.exists():
        raise FileExistsError(f"{target}: expected nothing there before {archive} is unpacked; move it away")
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = target.with_name(f".{target.name}.{os.getpid()}.partial")
    folder.mkdir()
    try:
        places = set()
        most = MOST_TIMES * archive.stat().st_size + ALWAYS_ALLOWED
        extract = _extract_zip if archive.name.endswith(".zip") else _extract_tar
        for place in extract(archive, target.name, folder, most):
            places.add(place)
            if len(places) > 1:
                members = " and ".join(sorted(map(str, places)))
                raise ValueError(f"{archive}: found {members}, expected one '{target.name}'; unpack it by hand")
        if not places:
            raise ValueError(
                f"{archive}: found nothing with the name '{target.name}', expected a file or folder; "
                f"correct download.{archive.name}.unpack"
            )
        (folder / target.name).rename(target)
    except DAMAGE as error:
        remedy = "delete it and run snakemake again"
        raise ValueError(f"{archive}: expected an archive, found damage ({error}); {remedy}") from error
    finally:
        shutil.rmtree(folder)


def _split(archive: Path, member: str, name: str) -> tuple[PurePosixPath, str] | None:
    """The path of the entry `name` in the archive, and the member's path relative to its parent; None for others."""
    parts = PurePosixPath(member).parts
    if name not in parts:
        return None
    if ".." in parts:
        raise ValueError(f"{archive}: found {member}, expected paths inside the folder; do not trust this archive")
    start = parts.index(name)
    return PurePosixPath(*parts[: start + 1]), "/".join(parts[start:])


def _less(archive: Path, most: int, size: int) -> int:
    """What may still be extracted after a file of some bytes."""
    if size > most:
        raise ValueError(
            f"{archive}: found files of more than {MOST_TIMES} times its size, expected less; do not trust this "
            "archive, or unpack it by hand"
        )
    return most - size


def _extract_tar(archive: Path, name: str, folder: Path, most: int) -> Iterator[PurePosixPath]:
    with tarfile.open(archive) as tar:
        for member in tar:
            if split := _split(archive, member.name, name):
                # The target of a link may lie outside the extracted folder.
                if not (member.isfile() or member.isdir()):
                    raise ValueError(f"{archive}: found the link or device {member.name}, expected files and folders")
                most = _less(archive, most, member.size)
                tar.extract(member.replace(name=split[1], deep=False), folder, filter="data")
                yield split[0]


def _extract_zip(archive: Path, name: str, folder: Path, most: int) -> Iterator[PurePosixPath]:
    with zipfile.ZipFile(archive) as file:
        for member in file.infolist():
            if split := _split(archive, member.filename, name):
                most = _less(archive, most, member.file_size)
                renamed = copy.copy(member)
                renamed.filename = split[1] + "/" * member.is_dir()
                file.extract(renamed, folder)
                yield split[0]
