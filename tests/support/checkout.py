"""A copy of the project's files, as somebody who has just obtained them has."""

import shutil
import subprocess
from pathlib import Path


def copy_of(repository: Path, folder: Path) -> Path:
    """Copy the files that belong to the project, changed or not, into a folder."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (repository / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(repository / name, folder / name)
    return folder


def git_repository(repository: Path, folder: Path) -> Path:
    """The same as a git repository with one commit and the tag v0."""
    copy_of(repository, folder)
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "--quiet"], ["add", "."], [*author, "commit", "--quiet", "-m", "all"], ["tag", "v0"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder
