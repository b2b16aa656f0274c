"""Weights by layer of a network, as a file."""

from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from evocnn.files import replacing
from evocnn.inheritance.transfer import Weights


def write_weights(path: Path, weights: Weights, network_id: str) -> None:
    """Write weights as .npz: an array `<layer>.<number>` each, layers in canonical order, and the network's id."""
    arrays = {f"{at}.{number}": array for at, of_layer in weights.items() for number, array in enumerate(of_layer)}
    with replacing(path) as temporary:
        np.savez(temporary, **{"network_id": np.array(network_id), **arrays})  # type: ignore[arg-type]


def read_weights(path: Path, network_id: str) -> Weights:
    """Read what `write_weights` has written.

    Raises:
        ValueError: the file is damaged, or holds the weights of another network.
    """
    remedy = f"delete {path} and run snakemake again"
    try:
        with path.open("rb") as opened, np.load(opened) as file:
            owner, arrays = str(file["network_id"]), {name: file[name] for name in file.files if name != "network_id"}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ValueError(f"{path}: expected weights, found damage ({error}); {remedy}") from error
    if owner != network_id:
        raise ValueError(f"{path}: found the weights of network {owner}, expected {network_id}; {remedy}")
    weights: dict[int, list[NDArray[np.float32]]] = {}
    for name, array in arrays.items():
        weights.setdefault(int(name.split(".")[0]), []).append(array)
    return weights
