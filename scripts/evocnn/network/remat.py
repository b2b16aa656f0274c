"""Training that keeps less: a network in segments, of which the backward pass computes the inside once more.

Only what goes from one segment to another is kept. Keras's own way (`keras.RematScope`) wraps each layer by itself,
whose inputs and outputs are kept all the same, and would update the moving averages of batch normalisation twice.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from evocnn.network.build import connect, headed
from evocnn.space.network import Network
from evocnn.space.segments import Segment


class Recomputing(keras.Model):
    """A model that computes the inside of its segments again in the backward pass of training.

    Attributes:
        plain: the same model without recomputation, with the same weights; what is to be saved.
    """

    def __init__(self, plain: keras.Model, forward: Callable[[Any], Any]) -> None:
        super().__init__()
        self.plain = plain
        self._forward = forward
        self.built = True

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Images to maps, as the plain model."""
        return self._forward(inputs) if training else self.plain(inputs, training=False)


def recomputing(network: Network, segments: Sequence[Segment]) -> Recomputing:
    """Build a model that recomputes each segment."""
    inputs, outputs = connect(network)
    rescale = keras.Model(inputs, outputs[0])
    pieces = [
        keras.Model([outputs[at] for at in segment.inputs], [outputs[at] for at in segment.outputs])
        for segment in segments
    ]

    def forward(images: Any) -> Any:
        known = {0: rescale(images)}
        for segment, piece in zip(segments, pieces, strict=True):
            result = _recompute(piece)(*(known[at] for at in segment.inputs))
            known.update(zip(segment.outputs, keras.tree.flatten(result), strict=True))
        return headed(network, known)

    plain = keras.Model(inputs, headed(network, outputs), name=next(iter(network.heads)))
    return Recomputing(plain, forward)


def _recompute(model: keras.Model) -> Callable[..., Any]:
    """The model as a function that keeps its inputs only, and moves its moving averages in the forward pass only."""

    @tf.custom_gradient
    def run(*inputs: Any) -> Any:
        def backward(*upstream: Any, variables: Sequence[Any] | None = None) -> Any:
            trained = list(variables or [])
            # Not before the gradients are there, or TensorFlow would compute it at once and keep it.
            # `tf.recompute_grad` makes the inputs depend on them arithmetically, which its graph optimizer folds away.
            with tf.control_dependencies(upstream):
                again = [tf.identity(tensor) for tensor in inputs]
            with tf.GradientTape() as tape:
                tape.watch(again)
                with keras.StatelessScope():
                    outputs = keras.tree.flatten(model(again, training=True))
            gradients = tape.gradient(outputs, again + trained, upstream, unconnected_gradients="zero")
            # Nor may the segment before begin while this one is not done with: it waits for what it is handed.
            with tf.control_dependencies(gradients):
                handed = [tf.identity(gradient) for gradient in gradients[: len(again)]]
            return handed, gradients[len(again) :]

        return model(list(inputs), training=True), backward

    return run
