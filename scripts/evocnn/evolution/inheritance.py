"""Weights that children may start from: kept in folders, and forgotten when nobody is to start from them any more.

A folder holds `<network_id>.npz` per individual. It stays when its weights are forgotten, so that the job that made it
counts as done: nothing is trained again because of weights that nobody needs.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

ENDING = ".npz"
KEPT = "kept.zip"
"""A finished training beside its outputs, weights included; see `evocnn.jobs.keep`."""


def weights_file(folder: Path, network_id: str) -> Path:
    """Where a folder holds the weights of a network."""
    return folder / f"{network_id}{ENDING}"


def keep_weights(folder: Path, network_ids: Iterable[str], sources: Sequence[Path]) -> None:
    """Put the weights of networks into a folder, from the first source that has them; some may have been forgotten.

    They take no room of their own where the file system has hard links.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for network_id in network_ids:
        found = next((file for file in (weights_file(source, network_id) for source in sources) if file.exists()), None)
        if found is not None:
            _link(found, weights_file(folder, network_id))


def forget_weights(folders: Iterable[Path]) -> None:
    """Delete the weights in folders, and those that are kept beside them."""
    for folder in folders:
        folder.with_name(KEPT).unlink(missing_ok=True)
        for file in folder.glob(f"*{ENDING}"):
            file.unlink(missing_ok=True)


def _link(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
