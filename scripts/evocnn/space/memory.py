"""How much memory training takes, from the graph alone.

A training step needs the most memory when the forward pass has ended and the backward pass begins. By then there are

- the maps that some gradient reads (`kept_by`); one map may serve several, and is there once;
- maps in work, gradients and copies of the moment: as much as the three largest maps;
- of every parameter, its value, its gradient and Adam's two moments;
- TensorFlow's own description of the step: operations, their gradients, optimizer, by layer with weights.

For networks of many blocks on small maps the last is the most. Addition, concatenation, padding and average pooling
keep nothing; relu works in place of what it reads.
"""

from collections.abc import Iterable, Sequence
from math import prod

from evocnn.space.layers import is_learned, kept_by
from evocnn.space.network import Layer
from evocnn.space.segments import Segment, crossing

FLOAT_BYTES = 4
TRAINED_COPIES = 4
"""Weight, gradient, and Adam's two moments."""
WORKING_MAPS = 3
LAYER_BYTES = 1.5e6
"""Of TensorFlow's description of the training step, by layer with weights; measured with TensorFlow 2.21,
with fused normalisation."""
CONVOLVED = ("conv", "depthwise_conv", "transposed_conv")
XLA_MAPS = 2.2
"""Memory of maps on a GPU where XLA compiles the step, over that where it does not: 10.2 GB of 4.9 for the ResNet-50 of
Simple Baselines at 256×256 on an H200."""
RECOMPUTED_LAYER_BYTES = 2.0e6
"""The same where the backward pass holds the layer a second time."""


def training_bytes(layers: Sequence[Layer], params: int, batch_size: int) -> float:
    """Peak memory of training, over that of an empty process."""
    maps = _maps(layers, range(len(layers)))
    return _fixed(layers, params, LAYER_BYTES) + FLOAT_BYTES * batch_size * maps


def recomputing_bytes(layers: Sequence[Layer], params: int, batch_size: int, segments: Sequence[Segment]) -> float:
    """The same where the backward pass recomputes segments: what goes between them is kept, and the inside of one."""
    between = sum(prod(layers[at].shape) for at in crossing(segments))
    inside = max(_maps(layers, segment.layers, set(segment.inputs)) for segment in segments)
    return _fixed(layers, params, RECOMPUTED_LAYER_BYTES) + FLOAT_BYTES * batch_size * (between + inside)


def gpu_bytes(
    layers: Sequence[Layer],
    params: int,
    batch_size: int,
    float_bytes: int,
    segments: Sequence[Segment] = (),
    *,
    xla: bool = False,
) -> float:
    """Peak memory of training on a GPU, where TensorFlow's description of the step is not.

    Args:
        layers: of the network.
        params: number of its weights.
        batch_size: people per training step.
        float_bytes: of a number of a map: 2 in the mixed precisions, whose weights have a copy of as many bytes.
        segments: that the backward pass recomputes.
        xla: whether XLA compiles the step.
    """
    if segments:
        maps = sum(prod(layers[at].shape) for at in crossing(segments))
        maps += max(_maps(layers, segment.layers, set(segment.inputs)) for segment in segments)
    else:
        maps = _maps(layers, range(len(layers)))
    copies = float_bytes if float_bytes < FLOAT_BYTES else 0
    elements = (maps + _workspace(layers)) * (XLA_MAPS if xla else 1)
    return (FLOAT_BYTES * TRAINED_COPIES + copies) * params + float_bytes * batch_size * elements


def _workspace(layers: Sequence[Layer]) -> int:
    """Elements, for one person, of what cuDNN works in: a convolution's input and output in its own order of axes."""
    convolved = [layer for layer in layers if layer.kind in CONVOLVED]
    return max((prod(layer.shape) + prod(layers[layer.inputs[0]].shape) for layer in convolved), default=0)


def _fixed(layers: Sequence[Layer], params: int, layer_bytes: float) -> float:
    """What does not depend on the batch."""
    return FLOAT_BYTES * TRAINED_COPIES * params + layer_bytes * sum(map(is_learned, layers))


def _maps(layers: Sequence[Layer], positions: Iterable[int], elsewhere: Iterable[int] = ()) -> int:
    """Elements, for one person, of the maps that are kept or in work; those kept `elsewhere` left out."""
    positions = list(positions)
    kept = {source for at in positions for source in kept_by(layers[at], at)} - set(elsewhere)
    sizes = sorted(prod(layers[at].shape) for at in positions if layers[at].kind != "head")
    return sum(prod(layers[at].shape) for at in kept) + sum(sizes[-WORKING_MAPS:])
