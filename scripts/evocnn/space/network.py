"""A network: the graph of layers that is trained."""

from dataclasses import dataclass, field

from evocnn.space.genes import Value

Shape = tuple[int, int, int]
"""Height, width, channels of a map."""

LEARNED = frozenset({"conv", "depthwise_conv", "transposed_conv", "batch_norm"})
"""Kinds of layers with weights: two of them are never the same, however alike they look."""

COMMUTATIVE = frozenset({"add"})
"""Kinds of layers whose inputs may change places."""


@dataclass(frozen=True)
class Layer:
    """One layer of a network.

    Attributes:
        kind: "input", "conv", "depthwise_conv", "transposed_conv", "batch_norm", "activation", "max_pool",
            "average_pool", "global_average_pool", "zero_pad", "add", or "concatenate".
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
    """Layers in an order in which each follows its inputs: the input first, the output last.

    Attributes:
        layers: in canonical order, so that equal networks are equal layer by layer.
        network_id: first 12 hex digits of the SHA-256 of the canonical form.
    """

    layers: tuple[Layer, ...]
    network_id: str
