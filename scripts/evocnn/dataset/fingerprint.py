"""Whether images have changed: a digest of names, sizes and times, which is cheap for many images."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from evocnn.dataset.image_names import is_foreign


def fingerprint(root: Path) -> str | None:
    """A digest of names, sizes and times of change of all files in a folder, or of one file; None if there is nothing.

    It takes 0.6 s for 25,000 images. Folders that links lead to belong to the folder; what file managers put there does
    not.
    """
    if not root.exists():
        return None
    total = hashlib.sha256()
    for name, path in sorted(files_below(root)) if root.is_dir() else [("", root)]:
        status = path.stat() if path.exists() else path.lstat()
        total.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode(errors="surrogateescape"))
    return total.hexdigest()[:32]


def files_below(root: Path) -> Iterator[tuple[str, Path]]:
    """Name relative to the folder, and path, of all files below it, without those of file managers.

    Links to folders are followed, but no folder is entered from inside of itself.
    """

    def below(folder: Path, above: frozenset[Path]) -> Iterator[tuple[str, Path]]:
        entered = above | {folder.resolve()}
        for path in folder.iterdir():
            if is_foreign(path.name):
                continue
            if not path.is_dir():
                yield path.relative_to(root).as_posix(), path
            elif path.resolve() not in entered:
                yield from below(path, entered)

    return below(root, frozenset())
