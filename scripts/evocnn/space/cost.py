"""What a network costs, from its graph alone."""

from dataclasses import dataclass
from math import prod

from evocnn.space.network import Layer, Network

FLOAT_BYTES = 4
TRAINED_COPIES = 4
"""Weight, gradient, and Adam's two moments."""
BASE_BYTES = 700e6
"""An empty training process: interpreter, TensorFlow, input pipeline."""
MERGES = ("add", "concatenate")
NORMALISATIONS = {"batch_norm": 4, "layer_norm": 2}
"""Weights per channel."""
MARGIN = 1.3
"""Measured peaks are 0.74 to 1.2 times the bare prediction."""


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


def cost(network: Network, batch_size: int) -> Cost:
    """Work out the cost of a network.

    Memory counts parameters with their optimizer state, the outputs of convolutions and of merges for every person of
    a batch, as the backward pass needs them, and the three largest maps as working space.
    """
    layers = network.layers
    params = sum(_params(layer, layers) for layer in layers)
    elements = [prod(layer.shape) for layer in layers]
    kept = sum(prod(layer.shape) for layer in layers if "conv" in layer.kind or layer.kind in (*MERGES, "simcc"))
    working = sum(sorted(elements)[-3:])
    needed = FLOAT_BYTES * (TRAINED_COPIES * params + batch_size * (kept + working))
    return Cost(
        params=params,
        macs=sum(_macs(layer, layers) for layer in layers),
        memory_mb=round((BASE_BYTES + MARGIN * needed) / 1e6),
    )


def _params(layer: Layer, layers: tuple[Layer, ...]) -> int:
    if layer.kind in NORMALISATIONS:
        return NORMALISATIONS[layer.kind] * layer.shape[2]
    if layer.kind == "simcc":
        return _kernel(layer, layers) + prod(layer.shape[:2])
    return _kernel(layer, layers) + ("bias" in dict(layer.settings)) * layer.shape[2]


def _macs(layer: Layer, layers: tuple[Layer, ...]) -> int:
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
