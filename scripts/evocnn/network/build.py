"""Network to Keras model: one Keras layer per layer of the network."""

from collections.abc import Mapping
from typing import Any

import keras

from evocnn.space.network import Layer, Network

MOMENTUM = 0.9
"""Of the moving averages: trainings of individuals are too short for Keras's 0.99 to settle."""


def build(network: Network) -> keras.Model:
    """Build the model.

    Returns:
        A model from RGB images (B, size, size, 3) uint8 to logarithms of heatmaps (B, height, width, J), up to a
        constant per joint, or of class probabilities (B, 1, 1, C), up to one per image. It normalises its input itself
        and consists of Keras's own layers only, so that it loads without this package.
    """
    inputs, outputs = connect(network)
    return keras.Model(inputs, outputs[-1])


def connect(network: Network) -> tuple[Any, list[Any]]:
    """The input of a model, and the symbolic output of every layer of the network, the normalised input first."""
    outputs: list[Any] = []
    for layer in network.layers:
        if layer.kind == "input":
            inputs = keras.Input(layer.shape, dtype="uint8")
            outputs.append(keras.layers.Rescaling(1 / 64, offset=-2.0)(inputs))
        else:
            outputs.append(_keras_layer(layer)([outputs[i] for i in layer.inputs]))
    return inputs, outputs


def _keras_layer(layer: Layer) -> Any:
    settings: Mapping[str, Any] = dict(layer.settings)
    layers = keras.layers
    common = {"padding": "same", "use_bias": "bias" in settings}
    match layer.kind:
        case "conv":
            made = layers.Conv2D(settings["filters"], settings["kernel"], settings["stride"], **common)
        case "transposed_conv":
            made = layers.Conv2DTranspose(settings["filters"], settings["kernel"], settings["stride"], **common)
        case "depthwise_conv":
            made = layers.DepthwiseConv2D(settings["kernel"], settings["stride"], **common)
        case "batch_norm":
            made = layers.BatchNormalization(momentum=MOMENTUM)
        case "activation":
            made = layers.Activation(settings["function"])
        case "max_pool":
            made = layers.MaxPooling2D(settings["kernel"], settings["stride"], padding="same")
        case "average_pool":
            made = layers.AveragePooling2D(settings["kernel"], settings["stride"], padding="same")
        case "zero_pad":
            sides = ((settings["top"], settings["bottom"]), (settings["left"], settings["right"]))
            made = layers.ZeroPadding2D(sides)
        case "global_average_pool":
            made = layers.GlobalAveragePooling2D(keepdims=True)
        case "add":
            return layers.Add()
        case "concatenate":
            return layers.Concatenate()
        case _:
            raise ValueError(f"a network holds a layer of the unknown kind '{layer.kind}'")
    return lambda inputs: made(inputs[0])
