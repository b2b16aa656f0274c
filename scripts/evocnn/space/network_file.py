"""The networks of a generation as a file, so that they can be drawn without the code that decoded them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from evocnn.files import read_json, write_json
from evocnn.space.layers import kind_of
from evocnn.space.network import Layer, Network


def write_networks(path: Path, networks: Iterable[Network]) -> None:
    """Write networks by their ids."""
    rows = {network.network_id: [_encode(layer) for layer in network.layers] for network in networks}
    write_json(path, "networks", {"networks": rows})


class Networks:
    """The networks of a file, each decoded when it is asked for: a report of a long search shows few of them.

    Args:
        path: of the file.

    Raises:
        ValueError: the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: Mapping[str, Any] = read_json(path, "networks", ["networks"])["networks"]

    def read(self, network_id: str) -> Network | None:
        """A network; None where the file lacks it.

        Raises:
            ValueError: the file holds what is no network.
        """
        layers = self._rows.get(network_id)
        if layers is None:
            return None
        try:
            return Network(tuple(_decode(at, row) for at, row in enumerate(layers)), network_id)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(
                f"{self._path}: found what is no network ({error}); delete {self._path} and run snakemake again"
            ) from error


def _encode(layer: Layer) -> dict[str, Any]:
    return {
        "kind": layer.kind,
        "settings": dict(layer.settings),
        "inputs": list(layer.inputs),
        "shape": list(layer.shape),
        "block": layer.block,
    }


def _decode(at: int, row: Mapping[str, Any]) -> Layer:
    height, width, channels = row["shape"]
    layer = Layer(
        row["kind"],
        tuple(sorted(row["settings"].items())),
        tuple(row["inputs"]),
        (height, width, channels),
        row["block"],
    )
    kind_of(layer)
    if not all(isinstance(source, int) and 0 <= source < at for source in layer.inputs):
        raise ValueError(f"layer {at} reads {layer.inputs}, expected layers before it")
    if not all(isinstance(size, int) and size > 0 for size in layer.shape):
        raise ValueError(f"layer {at} has the shape {layer.shape}, expected positive numbers")
    return layer
