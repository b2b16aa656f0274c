"""A network: the graph of layers that is trained."""

from dataclasses import dataclass, field

from evocnn.space.genes import Value

Shape = tuple[int, int, int]
"""Height, width, channels of a map."""


@dataclass(frozen=True)
class Layer:
    """One layer of a network.

    Attributes:
        kind: see `evocnn.space.layers`.
        settings: sorted (name, value) pairs, e.g. (("filters", 16), ("kernel", 3), ("stride", 1)).
        inputs: positions of the layers that feed it.
        shape: of its output.
        block: the slot it comes from, None for stem and head; no part of what the network computes.
    """

    kind: str
    settings: tuple[tuple[str, Value], ...]
    inputs: tuple[int, ...]
    shape: Shape
    block: int | None = field(compare=False)

    def setting(self, name: str) -> Value:
        """The value of one setting."""
        return dict(self.settings)[name]


@dataclass(frozen=True)
class Network:
    """Layers in an order in which each follows its inputs: the input first, heads among the last.

    Attributes:
        layers: in canonical order, so that equal networks are equal layer by layer.
        network_id: first 12 hex digits of the SHA-256 of the canonical form.
    """

    layers: tuple[Layer, ...]
    network_id: str

    @property
    def heads(self) -> dict[str, int]:
        """Positions of the heads by name; the one that predicts is the first."""
        heads = [
            (layer.setting("place"), layer.setting("name"), at)
            for at, layer in enumerate(self.layers)
            if layer.kind == "head"
        ]
        return {str(name): at for _, name, at in sorted(heads)}

    @property
    def loss_weights(self) -> dict[str, float]:
        """Weight of each head's loss by name."""
        return {name: float(dict(self.layers[at].settings).get("weight", 1)) for name, at in self.heads.items()}
