"""Weights that children may start from: stored in folders, and deleted when no child needs them any more.

A folder holds `<network_id>.npz` per individual. It stays when its weights are deleted, so that the job that made it
counts as done: nothing is trained again because of weights that are not needed.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

ENDING = ".npz"
RESULT = "result.zip"
"""Result of a finished training beside its outputs, weights included; see `evocnn.training.result_cache`."""


def weights_file(folder: Path, network_id: str) -> Path:
    """Where a folder holds the weights of a network."""
    return folder / f"{network_id}{ENDING}"


def store_weights(folder: Path, network_ids: Iterable[str], sources: Sequence[Path]) -> None:
    """Put the weights of networks into a folder, from the first source that has them; some may have been deleted.

    They take no space of their own where the file system has hard links.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for network_id in network_ids:
        source_file = next(
            (file for file in (weights_file(source, network_id) for source in sources) if file.exists()), None
        )
        if source_file is not None:
            _link(source_file, weights_file(folder, network_id))


def delete_weights(folders: Iterable[Path]) -> None:
    """Delete the weights in folders, and those in results beside them."""
    for folder in folders:
        folder.with_name(RESULT).unlink(missing_ok=True)
        for file in folder.glob(f"*{ENDING}"):
            file.unlink(missing_ok=True)


def _link(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
