"""Weights of a Keras model by layer of its network."""

import keras

from evocnn.inheritance.transfer import Weights
from evocnn.network.build import layer_name
from evocnn.space.layers import is_learned
from evocnn.space.network import Network


def weights_of(model: keras.Model, network: Network) -> Weights:
    """The weights of a model that was built from a network."""
    return {
        at: model.get_layer(layer_name(at)).get_weights()
        for at, layer in enumerate(network.layers)
        if is_learned(layer)
    }


def set_weights(model: keras.Model, weights: Weights) -> None:
    """Give a model weights by layer."""
    for at, arrays in weights.items():
        model.get_layer(layer_name(at)).set_weights(arrays)
