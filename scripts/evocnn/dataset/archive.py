"""Archives of a data set: one folder or file of each is taken out, whole or not at all."""

import copy
import gzip
import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

ENDINGS = (".tar.gz", ".tgz", ".tar", ".zip")
DAMAGE = (tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError)


def archives(downloads: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """From what is unpacked to the archive that holds it, for the section `download` of the configuration.

    Raises:
        ValueError: one line: a file that is no archive, or two sources of one thing.
    """
    sources: dict[str, str] = {}
    for name, entry in downloads.items():
        unpacked = entry.get("unpack")
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
    """Take one folder or file out of an archive (.tar, .tar.gz, .tgz, .zip).

    Args:
        target: gets what has the same name in the archive, in whichever folder, whole or not at all.
        archive: is read once, from its beginning to its end; nothing of it is written elsewhere.

    Raises:
        ValueError: a damaged archive, or one in which the name is missing, in two places, a link or a way out.
        FileExistsError: the target is there.
    """
    if target.exists():
        raise FileExistsError(f"{target}: expected nothing there before {archive} is unpacked; move it away")
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = target.with_name(f".{target.name}.{os.getpid()}.partial")
    folder.mkdir()
    try:
        places = set()
        extract = _extract_zip if archive.name.endswith(".zip") else _extract_tar
        for place in extract(archive, target.name, folder):
            places.add(place)
            if len(places) > 1:
                found = " and ".join(sorted(map(str, places)))
                raise ValueError(f"{archive}: found {found}, expected one '{target.name}'; unpack it by hand")
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
    """Where in the archive the thing with a name is, and the member's path from it on; None for other members."""
    parts = PurePosixPath(member).parts
    if name not in parts:
        return None
    if ".." in parts:
        raise ValueError(f"{archive}: found {member}, expected no way out of the folder; do not trust this archive")
    start = parts.index(name)
    return PurePosixPath(*parts[: start + 1]), "/".join(parts[start:])


def _extract_tar(archive: Path, name: str, folder: Path) -> Iterator[PurePosixPath]:
    with tarfile.open(archive) as tar:
        for member in tar:
            if split := _split(archive, member.name, name):
                # A link's aim may lie outside of what is taken.
                if not (member.isfile() or member.isdir()):
                    raise ValueError(f"{archive}: found the link or device {member.name}, expected files and folders")
                tar.extract(member.replace(name=split[1], deep=False), folder, filter="data")
                yield split[0]


def _extract_zip(archive: Path, name: str, folder: Path) -> Iterator[PurePosixPath]:
    with zipfile.ZipFile(archive) as file:
        for member in file.infolist():
            if split := _split(archive, member.filename, name):
                renamed = copy.copy(member)
                renamed.filename = split[1] + "/" * member.is_dir()
                file.extract(renamed, folder)
                yield split[0]
