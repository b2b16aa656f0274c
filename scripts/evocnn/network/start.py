"""First weights of a training from a model of Keras, wherever its layers fit."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from evocnn.inheritance.transfer import Weights

Start = Callable[[Weights], Weights]


def weights_from(path: Path) -> Start:
    """A function from random weights to those to start from: a model's where its layers fit, else the random ones.

    Layers fit whose arrays have the same shapes, in the order of both networks: the longest common subsequence, so that
    layers that one of them has more do not matter. The model may be of any program that Keras reads.

    Args:
        path: of the model (.keras).

    Raises:
        ValueError: it cannot be loaded, or no layer of it fits.
    """
    try:
        model = keras.models.load_model(path, compile=False)
    except Exception as error:  # what loading arbitrary bytes raises cannot be foreseen
        raise ValueError(
            f"{path}: expected a model of Keras (.keras), found what cannot be loaded; correct final.weights"
        ) from error
    theirs = [layer.get_weights() for layer in model.layers if layer.weights]

    def start(random: Weights) -> Weights:
        places, ours = list(random), list(random.values())
        blocks = SequenceMatcher(None, _shapes(theirs), _shapes(ours), autojunk=False).get_matching_blocks()
        fitting = {places[b + n]: theirs[a + n] for a, b, size in blocks for n in range(size)}
        if not fitting:
            raise ValueError(f"{path}: none of its {len(theirs)} layers fits the network; correct final.weights")
        print(f"{len(fitting)} of {len(ours)} layers start from the weights of {path}.", flush=True)
        return {**random, **fitting}

    return start


def _shapes(layers: Sequence[Sequence[NDArray[np.float32]]]) -> list[tuple[tuple[int, ...], ...]]:
    return [tuple(array.shape for array in arrays) for arrays in layers]
