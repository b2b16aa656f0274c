"""What a network costs, from its graph alone."""

from dataclasses import dataclass
from math import ceil

from evocnn.space.layers import layer_macs, layer_params
from evocnn.space.memory import gpu_bytes, recomputing_bytes, training_bytes
from evocnn.space.network import Network
from evocnn.space.segments import Segment, divisions

BASE_BYTES = 700e6
"""An empty training process: interpreter, TensorFlow, input pipeline."""
MAP_BYTES = {"float32": 4, "mixed_float16": 2, "mixed_bfloat16": 2}
"""Bytes of a number of a map on a GPU, by `training.precision`."""


@dataclass(frozen=True)
class Cost:
    """Attributes:
    params: weights, those that are not trained (moving averages) included.
    macs: multiply–accumulate operations of one forward pass of one person.
    memory_mb: predicted peak memory of a training process in MB (10⁶ bytes).
    gpu_memory_mb: predicted peak memory of a training on a GPU in MB, without what CUDA takes for the process.
    """

    params: int
    macs: int
    memory_mb: int
    gpu_memory_mb: int


def cost(
    network: Network, batch_size: int, *, remat: bool = False, precision: str = "float32", xla: bool = False
) -> Cost:
    """Cost of a network.

    Args:
        network: the network.
        batch_size: people per training step.
        remat: whether training recomputes segments in its backward pass; see `recomputed_segments`.
        precision: number format of the training, one of `MAP_BYTES`. On a CPU it is taken to save nothing.
        xla: whether XLA compiles the step. On a CPU it is taken to cost nothing.
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
        gpu_memory_mb=ceil(gpu_bytes(layers, params, batch_size, MAP_BYTES[precision], segments, xla=xla) / 1e6),
    )


def recomputed_segments(network: Network, batch_size: int) -> tuple[Segment, ...]:
    """The division for recomputing that takes least memory; () where no division saves memory."""
    layers, params = network.layers, _all_params(network)
    whole = training_bytes(layers, params, batch_size)
    options = [(recomputing_bytes(layers, params, batch_size, segments), segments) for segments in divisions(layers)]
    least, segments = min(options, key=lambda pair: pair[0], default=(whole, ()))
    return segments if least < whole else ()


def _all_params(network: Network) -> int:
    return sum(layer_params(layer, network.layers) for layer in network.layers)
