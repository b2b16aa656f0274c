"""What a network costs, from its graph alone."""

from dataclasses import dataclass
from math import prod

from evocnn.space.memory import recomputing_bytes, training_bytes
from evocnn.space.network import Layer, Network
from evocnn.space.segments import Segment, divisions

BASE_BYTES = 700e6
"""An empty training process: interpreter, TensorFlow, input pipeline."""
NORMALISATIONS = {"batch_norm": 4, "layer_norm": 2}
"""Weights per channel."""


@dataclass(frozen=True)
class Cost:
    """Attributes:
    params: weights, those that are not trained (moving averages) included.
    macs: multiply–accumulate operations of one forward pass of one person.
    memory_mb: predicted peak memory of a training process in MB (10⁶ bytes).
    """

    params: int
    macs: int
    memory_mb: int


def cost(network: Network, batch_size: int, *, remat: bool = False) -> Cost:
    """Work out the cost of a network.

    Args:
        network: the network.
        batch_size: people per training step.
        remat: whether training recomputes segments in its backward pass; see `recomputed_segments`.
    """
    layers = network.layers
    params = _all_params(network)
    segments = recomputed_segments(network, batch_size) if remat else ()
    needed = (
        recomputing_bytes(layers, params, batch_size, segments)
        if segments
        else training_bytes(layers, params, batch_size)
    )
    return Cost(
        params=params,
        macs=sum(layer_macs(layer, layers) for layer in layers),
        memory_mb=round((BASE_BYTES + needed) / 1e6),
    )


def recomputed_segments(network: Network, batch_size: int) -> tuple[Segment, ...]:
    """The division for recomputing that takes least memory; () where there is nothing to gain."""
    layers, params = network.layers, _all_params(network)
    everything = training_bytes(layers, params, batch_size)
    found = [(recomputing_bytes(layers, params, batch_size, segments), segments) for segments in divisions(layers)]
    least, segments = min(found, key=lambda pair: pair[0], default=(everything, ()))
    return segments if least < everything else ()


def _all_params(network: Network) -> int:
    return sum(layer_params(layer, network.layers) for layer in network.layers)


def layer_params(layer: Layer, layers: tuple[Layer, ...]) -> int:
    """Weights of one of a network's layers."""
    if layer.kind in NORMALISATIONS:
        return NORMALISATIONS[layer.kind] * layer.shape[2]
    if layer.kind == "simcc":
        return _kernel(layer, layers) + prod(layer.shape[:2])
    return _kernel(layer, layers) + ("bias" in dict(layer.settings)) * layer.shape[2]


def layer_macs(layer: Layer, layers: tuple[Layer, ...]) -> int:
    """One per kernel weight and place: places of the output, or of the input where the map is enlarged."""
    if layer.kind == "simcc":
        return _kernel(layer, layers) * layer.shape[2]  # once per joint
    place = layers[layer.inputs[0]] if layer.kind == "transposed_conv" else layer
    return _kernel(layer, layers) * place.shape[0] * place.shape[1]


def _kernel(layer: Layer, layers: tuple[Layer, ...]) -> int:
    """Weights of a layer's kernel; 0 where it has none."""
    if layer.kind == "simcc":
        return prod(layers[layer.inputs[0]].shape[:2]) * prod(layer.shape[:2])
    if "conv" not in layer.kind:
        return 0
    area = int(layer.setting("kernel")) ** 2
    channels = layers[layer.inputs[0]].shape[2]
    return area * channels * (1 if layer.kind == "depthwise_conv" else layer.shape[2])
