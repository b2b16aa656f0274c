"""Network to Keras model: one Keras layer per layer of the network; those with weights are named by their position."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from evocnn.network.precision import KEPT
from evocnn.space.network import Layer, Network

MOMENTUM = 0.9
"""Of the moving averages: trainings of individuals are too short for Keras's 0.99 to settle."""


def build(network: Network) -> keras.Model:
    """Build the model.

    Returns:
        A model from RGB images (B, size, size, 3) uint8 to what its head yields (B, height, width, channels); see
        `evocnn.pose.decoders`, and for classes `Classification`. With several heads it yields a dict by their names.
        The model's name is that of the head that predicts. It normalises its input itself and consists of Keras's own
        layers only, so that it loads without this package.
    """
    inputs, outputs = connect(network)
    return keras.Model(inputs, headed(network, outputs), name=next(iter(network.heads)))


def headed(network: Network, outputs: Mapping[int, Any] | Sequence[Any]) -> Any:
    """What the heads yield, from the outputs of layers by position: one tensor, or a dict by the heads' names."""
    heads = {name: outputs[at] for name, at in network.heads.items()}
    return heads if len(heads) > 1 else next(iter(heads.values()))


def connect(network: Network) -> tuple[Any, list[Any]]:
    """The input of a model, and the symbolic output of every layer of the network, the normalised input first."""
    outputs: list[Any] = []
    for at, layer in enumerate(network.layers):
        if layer.kind == "input":
            inputs = keras.Input(layer.shape, dtype="uint8", name="images")
            outputs.append(keras.layers.Rescaling(1 / 64, offset=-2.0)(inputs))
        else:
            outputs.append(_keras_layer(layer, layer_name(at))([outputs[i] for i in layer.inputs]))
    return inputs, outputs


def layer_name(at: int) -> str:
    """Name of the Keras layer that holds the weights of a network's layer, by its position."""
    return f"layer_{at}"


def _keras_layer(layer: Layer, name: str) -> Any:
    settings: Mapping[str, Any] = dict(layer.settings)
    layers = keras.layers
    dilated = {"dilation_rate": settings.get("dilation", 1)}
    common = {"padding": _padding(settings), "use_bias": "bias" in settings, "name": name}
    enlarging = {**common, "padding": "same"}
    match layer.kind:
        case "conv":
            made = layers.Conv2D(settings["filters"], settings["kernel"], settings["stride"], **dilated, **common)
        case "transposed_conv":
            made = layers.Conv2DTranspose(settings["filters"], settings["kernel"], settings["stride"], **enlarging)
        case "depthwise_conv":
            made = layers.DepthwiseConv2D(settings["kernel"], settings["stride"], **dilated, **common)
        case "batch_norm":
            made = layers.BatchNormalization(momentum=MOMENTUM, name=name)
        case "layer_norm":
            made = layers.LayerNormalization(epsilon=1e-5, name=name)
        case "resize":
            made = layers.UpSampling2D(settings["factor"], interpolation="bilinear")
        case "zero_pad":
            made = layers.ZeroPadding2D(((settings["before"], settings["after"]),) * 2)
        case "head":
            return lambda inputs: _kept(inputs[0])
        case "simcc":
            return lambda inputs: _simcc(inputs[0], settings["cells"], name)
        case "multiply":
            return layers.Multiply()
        case "activation":
            made = layers.Activation(settings["function"])
        case "max_pool":
            made = layers.MaxPooling2D(settings["kernel"], settings["stride"], padding="same")
        case "average_pool":
            made = layers.AveragePooling2D(settings["kernel"], settings["stride"], padding="same")
        case "global_average_pool":
            made = layers.GlobalAveragePooling2D(keepdims=True)
        case "add":
            return layers.Add()
        case "concatenate":
            return layers.Concatenate()
        case _:
            raise ValueError(f"a network holds a layer of the unknown kind '{layer.kind}'")
    return lambda inputs: made(inputs[0])


def _padding(settings: Mapping[str, Any]) -> str:
    """A kernel within its stride, which divides the map, needs none; said so, as LiteRT's XNNPACK would add some."""
    return "valid" if settings.get("kernel", 1) < settings.get("stride", 1) else "same"


def _kept(output: Any) -> Any:
    """What a head yields, in 32 bits whatever the network computes in; a layer of Keras's, so that it can be saved."""
    return output if output.dtype == KEPT else keras.layers.Activation("linear", dtype=KEPT)(output)


def _simcc(maps: Any, cells: int, name: str) -> Any:
    """(B, height, width, J) to (B, 2, cells, J): two dense layers side by side are one of twice as many units."""
    height, width, joints = maps.shape[1:]
    lines = keras.layers.Permute((2, 1))(keras.layers.Reshape((height * width, joints))(maps))
    both = keras.layers.Dense(2 * cells, name=name)(lines)
    return keras.layers.Permute((2, 3, 1))(keras.layers.Reshape((joints, 2, cells))(both))
