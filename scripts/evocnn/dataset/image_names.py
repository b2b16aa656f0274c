"""Paths of images as annotations and zips write them, in one spelling; the only check of whether a path leads out."""

import posixpath
import unicodedata
from pathlib import PurePosixPath

FOREIGN = ("@eaDir", "__MACOSX")
"""Folders that file managers put beside images; so do names with a point in front."""


def clean(name: str) -> str:
    r"""A path in one spelling: `/` between folders, without `.`, `..` and `//` inside, letters composed (NFC).

    `./a.jpg`, `b/../a.jpg` and `a.jpg` are one image; so are `b\a.jpg`, as written on Windows, and `b/a.jpg`. A path
    that leads out still does.
    """
    path = unicodedata.normalize("NFC", name.replace("\\", "/"))
    return posixpath.normpath(path) if path else ""


def leads_out(name: str) -> bool:
    """Whether an image's path is outside of the folder of images, or is no path of a file."""
    path = PurePosixPath(clean(name))
    return path.is_absolute() or path.parts[:1] == ("..",) or not path.name or "\0" in name


def is_foreign(name: str) -> bool:
    """Whether a file manager, and not the user, has put a file there."""
    return any(part in FOREIGN or part.startswith(".") for part in PurePosixPath(name).parts if part != "..")
