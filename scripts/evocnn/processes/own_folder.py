"""Folders of the user in the temporary directory, where any user may create names: only the user's own are used."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


def own_folder(name: str) -> Path:
    """A folder `<name>-<uid>` in the temporary directory, which is created if it is missing.

    Raises:
        ValueError: something else has the name: a link, a file, or a folder that belongs to or is open to others.
    """
    path = Path(tempfile.gettempdir()) / f"{name}-{os.getuid()}"
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    status = path.lstat()
    mode = stat.S_IMODE(status.st_mode)
    if not stat.S_ISDIR(status.st_mode):
        problem = "no folder"
    elif status.st_uid != os.getuid():
        problem = f"a folder of the user {status.st_uid}"
    elif mode & 0o077:
        problem = f"a folder that other users may open (mode {mode:o})"
    else:
        return path
    raise ValueError(
        f"{path}: expected a folder of the user {os.getuid()} that nobody else may open (mode 700), found {problem}; "
        "delete it, or set TMPDIR to another folder"
    )
