"""Every kind of layer that a network may have: what it costs, how it is drawn, how its weights are inherited.

To add a kind: an entry here, its Keras layer in `evocnn.network.build`, and a method of the graph builder that adds it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal

from evocnn.space.network import Layer, Shape

Role = Literal["kernel", "read", "made", "one", "whole"]
"""What an axis of weights stands for: places of a kernel, channels that are read, channels that are made, a single
entry, or something that is inherited as a whole or not at all."""
Axes = tuple[tuple[int, Role], ...]
"""Size and role of each axis of an array, in the order of Keras."""
Channels = Literal["new", "same", "added", "joined"]
"""Where the channels of an output come from: from the layer itself, from its first input, from the sum of its inputs
one by one, or from its inputs one after another."""
Colour = Literal["black", "blue", "green", "grey", "orange", "purple", "sky", "vermilion"]


def _no_weights(layer: Layer, read: Shape) -> tuple[Axes, ...]:
    return ()


def _nowhere(layer: Layer, read: Shape) -> int:
    return 0


def _nothing(layer: Layer) -> tuple[bool, bool]:
    return False, False


def _input(layer: Layer) -> tuple[bool, bool]:
    return True, False


@dataclass(frozen=True)
class LayerKind:
    """A kind of layers.

    Attributes:
        label: in a box of a drawing.
        legend: in the legend of drawings.
        colour: of its boxes, in the palette of Okabe and Ito.
        arrays: the weights of a layer, from it and the shape of its first input; () for none.
        places: how often a forward pass of one person uses each number of the first array.
        gradient_reads: whether the gradient of a layer reads its inputs, and its output: what training must keep.
        channels: where the channels of its output come from.
        sign: in the circle that it is drawn as; "" for a box.
        joins: whether it is drawn in one box with the convolution before it.
    """

    label: str
    legend: str
    colour: Colour
    arrays: Callable[[Layer, Shape], tuple[Axes, ...]] = _no_weights
    places: Callable[[Layer, Shape], int] = _nowhere
    gradient_reads: Callable[[Layer], tuple[bool, bool]] = _nothing
    channels: Channels = "same"
    sign: str = ""
    joins: bool = False

    @property
    def learned(self) -> bool:
        """Whether it has weights: two such layers are never the same, however alike they look."""
        return self.arrays is not _no_weights

    @property
    def commutative(self) -> bool:
        """Whether its inputs may change places; channels have no order until a network is in canonical order."""
        return self.channels in ("added", "joined")


def _square(layer: Layer) -> Axes:
    kernel = int(layer.setting("kernel"))
    return ((kernel, "kernel"), (kernel, "kernel"))


def _bias(layer: Layer, size: int, role: Role) -> tuple[Axes, ...]:
    return (((size, role),),) if "bias" in dict(layer.settings) else ()


def _conv(layer: Layer, read: Shape) -> tuple[Axes, ...]:
    made = layer.shape[2]
    return (*_square(layer), (read[2], "read"), (made, "made")), *_bias(layer, made, "made")


def _transposed_conv(layer: Layer, read: Shape) -> tuple[Axes, ...]:
    made = layer.shape[2]
    return (*_square(layer), (made, "made"), (read[2], "read")), *_bias(layer, made, "made")


def _depthwise_conv(layer: Layer, read: Shape) -> tuple[Axes, ...]:
    return (*_square(layer), (read[2], "read"), (1, "one")), *_bias(layer, read[2], "read")


def _normalisation(count: int) -> Callable[[Layer, Shape], tuple[Axes, ...]]:
    return lambda layer, read: (((layer.shape[2], "read"),),) * count


def _dense_lines(layer: Layer, read: Shape) -> tuple[Axes, ...]:
    places, bins = prod(read[:2]), prod(layer.shape[:2])
    return ((places, "whole"), (bins, "whole")), ((bins, "whole"),)


def _output_places(layer: Layer, read: Shape) -> int:
    return prod(layer.shape[:2])


def _input_places(layer: Layer, read: Shape) -> int:
    return prod(read[:2])


def _joints(layer: Layer, read: Shape) -> int:
    return layer.shape[2]


OUTPUT_ACTIVATIONS = frozenset({"relu", "relu6", "sigmoid", "tanh", "softmax", "elu"})
"""Activations whose gradient reads their output; that of others, such as silu, reads their input."""


def _activation(layer: Layer) -> tuple[bool, bool]:
    output = layer.setting("function") in OUTPUT_ACTIVATIONS
    return not output, output


LAYERS: Mapping[str, LayerKind] = {
    "input": LayerKind("input", "input", "grey", channels="new"),
    "conv": LayerKind("conv", "convolution", "blue", _conv, _output_places, _input, "new"),
    "depthwise_conv": LayerKind(
        "depthwise conv", "depthwise convolution", "green", _depthwise_conv, _output_places, _input
    ),
    "transposed_conv": LayerKind(
        "transposed conv", "transposed convolution", "vermilion", _transposed_conv, _input_places, _input, "new"
    ),
    "max_pool": LayerKind("max pool", "max pooling", "orange", gradient_reads=lambda layer: (True, True)),
    "average_pool": LayerKind("average pool", "average pooling", "purple"),
    "global_average_pool": LayerKind("global average pool", "global average pooling", "purple"),
    "resize": LayerKind("enlarge", "enlargement", "vermilion"),
    "zero_pad": LayerKind("pad with zeros", "zero padding", "grey"),
    "batch_norm": LayerKind(
        "batch norm", "batch normalisation", "sky", _normalisation(4), gradient_reads=_input, joins=True
    ),
    "layer_norm": LayerKind(
        "layer norm", "layer normalisation", "sky", _normalisation(2), gradient_reads=_input, joins=True
    ),
    "activation": LayerKind("activation", "activation", "sky", gradient_reads=_activation, joins=True),
    "simcc": LayerKind("two dense layers", "dense layers", "black", _dense_lines, _joints, _input),
    "add": LayerKind("add", "+ add", "grey", channels="added", sign="+"),
    "multiply": LayerKind("multiply", "× multiply", "grey", gradient_reads=_input, sign="×"),
    "concatenate": LayerKind("concatenate", "∥ concatenate", "grey", channels="joined", sign="∥"),
    "head": LayerKind("head", "head", "black"),
}


def kind_of(layer: Layer) -> LayerKind:
    """The entry of a layer's kind.

    Raises:
        ValueError: the kind is unknown.
    """
    try:
        return LAYERS[layer.kind]
    except KeyError:
        known = ", ".join(LAYERS)
        raise ValueError(
            f"found a layer of the kind '{layer.kind}', expected one of {known}; add it to evocnn/space/layers.py"
        ) from None


def is_learned(layer: Layer) -> bool:
    """Whether a layer has weights."""
    return kind_of(layer).learned


def layer_params(layer: Layer, layers: tuple[Layer, ...]) -> int:
    """Weights of one of a network's layers, those that are not trained (moving averages) included."""
    return sum(prod(size for size, _ in axes) for axes in kind_of(layer).arrays(layer, _read(layer, layers)))


def layer_macs(layer: Layer, layers: tuple[Layer, ...]) -> int:
    """Multiply–accumulate operations of one of a network's layers: one per kernel weight and place."""
    kind, read = kind_of(layer), _read(layer, layers)
    arrays = kind.arrays(layer, read)
    return prod(size for size, _ in arrays[0]) * kind.places(layer, read) if arrays else 0


def kept_by(layer: Layer, at: int) -> tuple[int, ...]:
    """Positions of the maps that the gradient of the layer at a position reads."""
    reads_inputs, reads_output = kind_of(layer).gradient_reads(layer)
    return layer.inputs * reads_inputs + (at,) * reads_output


def _read(layer: Layer, layers: tuple[Layer, ...]) -> Shape:
    """Shape of a layer's first input; of the input layer its own."""
    return layers[layer.inputs[0]].shape if layer.inputs else layer.shape
