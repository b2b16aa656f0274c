"""Predict joints for people, and score the predictions."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from evocnn.dataset.crops import Crops
from evocnn.pose import heatmap
from evocnn.pose.pckh import Score, pckh
from evocnn.pose.skeleton import Skeleton

Predict = Callable[[Crops], tuple[NDArray[np.float32], NDArray[np.float32]]]


def predictor(model: keras.Model, batch_size: int) -> Predict:
    """Compile the forward pass once, for batches of one size.

    Returns:
        A function from crops to joints (N, J, 2) in pixels of the network's input and confidences (N, J), 0 to 1.
        It follows the model's weights as they change.
    """
    shape = (batch_size, *model.input_shape[1:])

    @tf.function(input_signature=[tf.TensorSpec(shape, tf.uint8)], jit_compile=False)
    def forward(inputs: tf.Tensor) -> tf.Tensor:
        return tf.cast(model(inputs, training=False), tf.float32)

    def predict(crops: Crops) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        joints, confidences = [], []
        for start in range(0, len(crops), batch_size):
            inputs = crops.inputs(slice(start, start + batch_size))
            padded = np.zeros(shape, np.uint8)
            padded[: len(inputs)] = inputs
            log_heatmaps = forward(padded).numpy()[: len(inputs)]
            found, confidence = heatmap.decode(log_heatmaps, image_size=shape[1:3])
            joints.append(found)
            confidences.append(confidence)
        return np.concatenate(joints), np.concatenate(confidences)

    return predict


def score(joints: NDArray[np.floating], crops: Crops, skeleton: Skeleton) -> Score:
    """PCKh@0.5 of joints (N, J, 2) predicted in pixels of the network's input.

    Crops keep angles and proportions, so that distance over head size is the same in the crop as in the image.
    """
    return pckh(joints, crops.input_joints, crops.visible, crops.head_size, skeleton)
