"""Predict for all people of a split."""

from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from evocnn.dataset.crops import Crops
from evocnn.pose.flip import turned_back
from evocnn.tasks.task import Task

Outputs = Callable[[NDArray[np.uint8]], dict[str, NDArray[np.float32]]]
Predict = Callable[[Crops], NDArray[np.float32]]


def outputs_of(model: keras.Model, batch_size: int) -> Outputs:
    """Compile the forward pass once, for batches of one size.

    Returns:
        A function from up to so many inputs (n, size, size, 3) uint8 to what each head yields for them, by its name,
        the one that predicts first. It follows the model's weights as they change.
    """
    shape = (batch_size, *model.input_shape[1:])

    @tf.function(input_signature=[tf.TensorSpec(shape, tf.uint8)], jit_compile=False)
    def forward(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        outputs = model(inputs, training=False)
        heads = outputs if isinstance(outputs, dict) else {model.name: outputs}
        return {name: tf.cast(output, tf.float32) for name, output in heads.items()}

    def run(inputs: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        padded = np.zeros(shape, np.uint8)
        padded[: len(inputs)] = inputs
        heads = forward(padded)
        names = sorted(heads, key=lambda name: name != model.name)
        return {name: heads[name].numpy()[: len(inputs)] for name in names}

    return run


def flip_tested(outputs: Outputs, input_size: int, mirror: Sequence[int]) -> Outputs:
    """The flip test: the mean of what heads yield for inputs and, turned back, for their mirror images.

    Args:
        outputs: gives what heads yield.
        input_size: side of the inputs in pixels.
        mirror: see `Task.mirror`.
    """

    def run(inputs: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        plain, mirrored = outputs(inputs), outputs(inputs[:, :, ::-1])
        turned = {
            name: turned_back(name, output, input_size=input_size, mirror=mirror) for name, output in mirrored.items()
        }
        return {name: np.asarray((plain[name] + turned[name]) / 2, np.float32) for name in plain}

    return run


def predictor(model: keras.Model, batch_size: int, task: Task, *, flip_test: bool = False) -> Predict:
    """Make what predicts, compiled once; see `outputs_of`, and `flip_tested`.

    Returns:
        A function from crops to the task's predictions, which raises FloatingPointError where an output is not finite.
    """
    outputs = outputs_of(model, batch_size)
    if flip_test:
        outputs = flip_tested(outputs, model.input_shape[1], task.mirror)
    return predict_with(outputs, batch_size, task)


def predict_with(outputs: Outputs, batch_size: int, task: Task) -> Predict:
    """The same with what gives the outputs of up to `batch_size` inputs."""

    def predict(crops: Crops) -> NDArray[np.float32]:
        starts = range(0, len(crops), batch_size)
        inputs = (crops.inputs(slice(start, start + batch_size)) for start in starts)
        return np.concatenate([task.decode(_finite(outputs(part)), crops.input_size) for part in inputs])

    return predict


def _finite(outputs: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    wrong = [name for name, output in outputs.items() if not np.isfinite(output).all()]
    if wrong:
        raise FloatingPointError(f"outputs of the head {wrong[0]} are NaN or infinite")
    return outputs
