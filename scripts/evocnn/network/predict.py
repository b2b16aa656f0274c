"""Predict for all people of a split."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from evocnn.dataset.crops import Crops
from evocnn.tasks.task import Task

Predict = Callable[[Crops], NDArray[np.float32]]


def predictor(model: keras.Model, batch_size: int, task: Task) -> Predict:
    """Compile the forward pass once, for batches of one size.

    Returns:
        A function from crops to the task's predictions. It follows the model's weights as they change, and raises
        FloatingPointError where an output is NaN or infinite.
    """
    shape = (batch_size, *model.input_shape[1:])

    @tf.function(input_signature=[tf.TensorSpec(shape, tf.uint8)], jit_compile=False)
    def forward(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        outputs = model(inputs, training=False)
        heads = outputs if isinstance(outputs, dict) else {model.name: outputs}
        return {name: tf.cast(output, tf.float32) for name, output in heads.items()}

    def predict(crops: Crops) -> NDArray[np.float32]:
        predictions = []
        for start in range(0, len(crops), batch_size):
            inputs = crops.inputs(slice(start, start + batch_size))
            padded = np.zeros(shape, np.uint8)
            padded[: len(inputs)] = inputs
            heads = forward(padded)
            names = sorted(heads, key=lambda name: name != model.name)  # the head that predicts first
            outputs = {name: heads[name].numpy()[: len(inputs)] for name in names}
            wrong = [name for name, output in outputs.items() if not np.isfinite(output).all()]
            if wrong:
                raise FloatingPointError(f"outputs of the head {wrong[0]} are NaN or infinite")
            predictions.append(task.decode(outputs, shape[1]))
        return np.concatenate(predictions)

    return predict
