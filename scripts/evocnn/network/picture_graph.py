"""A network from pictures and boxes to joints or classes: crops and decoding are part of the graph."""

from collections.abc import Callable, Mapping

import keras
import tensorflow as tf

from evocnn.dataset.people import BOX_MARGIN

Heads = Mapping[str, tf.Tensor]
"""Raw outputs (N, height, width, channels) by name of the head, the one that predicts first."""
Yields = dict[str, tf.Tensor]


class PictureGraph(tf.Module):
    """What `evocnn predict` does with a picture, as one graph.

    Args:
        model: from crops (N, size, size, 3) uint8 to what its heads yield.
        heads: their names, the one that predicts first.
    """

    def __init__(self, model: keras.Model, heads: tuple[str, ...]) -> None:
        super().__init__()
        self.model, self.heads = model, heads
        self.size = model.input_shape[1]

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, None, 3), tf.uint8, "image"),
            tf.TensorSpec((None, 4), tf.float32, "boxes"),
        ]
    )
    def predict(self, image: tf.Tensor, boxes: tf.Tensor) -> Yields:
        """Predict for each box.

        Args:
            image: RGB pixels (H, W, 3).
            boxes: (N, 4), x and y of the upper left corner, width, and height in pixels.

        Returns:
            `joints` (N, J, 2), x and y in pixels of the image, and `confidence` (N, J), 0 to 1; for classes
            `probabilities` (N, C); for a head that is not built in, its raw output by its name.
        """
        centers = boxes[:, :2] + boxes[:, 2:] / 2
        zoom = BOX_MARGIN * tf.reduce_max(boxes[:, 2:], axis=1) / self.size
        outputs = self.model(_crops(image, centers, zoom, self.size), training=False)
        raw = outputs if isinstance(outputs, dict) else {self.heads[0]: outputs}
        return self._decoded({name: tf.cast(raw[name], tf.float32) for name in self.heads}, centers, zoom)

    def _decoded(self, outputs: Heads, centers: tf.Tensor, zoom: tf.Tensor) -> Yields:
        head = self.heads[0]
        if head == "classification":
            return {"probabilities": tf.nn.softmax(outputs[head][:, 0, 0])}
        if head not in GRAPH_DECODERS:
            return {head: outputs[head]}
        shares, confidence = GRAPH_DECODERS[head](outputs[head])
        if head == "regression" and "visibility" in outputs:
            confidence = tf.sigmoid(outputs["visibility"][:, 0, 0])
        in_crop = (shares - 0.5) * self.size
        return {"joints": centers[:, None] + in_crop * zoom[:, None, None], "confidence": confidence}


def _crops(image: tf.Tensor, centers: tf.Tensor, zoom: tf.Tensor, size: int) -> tf.Tensor:
    """Squares of the image, bilinear and black outside, (N, size, size, 3) uint8; zoom is image pixels per pixel."""
    steps = tf.range(size, dtype=tf.float32) - size / 2
    columns, rows = (centers[:, axis, None] + steps * zoom[:, None] for axis in (0, 1))
    lines = _between(tf.cast(image, tf.float32), rows, batched=False)
    crops = tf.transpose(_between(tf.transpose(lines, (0, 2, 1, 3)), columns, batched=True), (0, 2, 1, 3))
    return tf.cast(tf.floor(crops + 0.5), tf.uint8)


def _between(lines: tf.Tensor, at: tf.Tensor, *, batched: bool) -> tf.Tensor:
    """Values between lines, by their places (N, size); lines that are not there are 0."""
    count = tf.shape(lines)[1 if batched else 0]
    low = tf.floor(at)
    result = 0.0
    for line, share in ((low, 1 - (at - low)), (low + 1, at - low)):
        there = tf.cast((line >= 0) & (line < tf.cast(count, tf.float32)), tf.float32)
        place = tf.clip_by_value(tf.cast(line, tf.int32), 0, count - 1)
        taken = tf.gather(lines, place, axis=1, batch_dims=1) if batched else tf.gather(lines, place)
        result += taken * (share * there)[:, :, None, None]
    return result


def _heatmap(maps: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """See `evocnn.pose.heatmap.decode`."""
    _, height, width, joints = maps.shape
    flat = tf.reshape(tf.transpose(maps, (0, 3, 1, 2)), (-1, joints, height * width))
    peak = tf.argmax(flat, axis=-1, output_type=tf.int32)
    at = tf.reshape(tf.one_hot(peak, height * width), (-1, joints, height, width))
    grid = tf.reshape(flat, (-1, joints, height, width))
    along_x = tf.reduce_sum(grid * tf.reduce_max(at, axis=3, keepdims=True), axis=2)
    along_y = tf.reduce_sum(grid * tf.reduce_max(at, axis=2, keepdims=True), axis=3)
    x = _summit(along_x, peak % width, width)
    y = _summit(along_y, peak // width, height)
    return tf.stack([x, y], axis=-1), tf.reduce_max(tf.nn.softmax(flat), axis=-1)


def _summit(lines: tf.Tensor, peak: tf.Tensor, length: int) -> tf.Tensor:
    """Place of the summit of the parabola through a peak of a line (…, length) and its neighbours, as a share of it."""
    left, middle, right = (
        tf.reduce_sum(lines * tf.one_hot(tf.clip_by_value(peak, 1, length - 2) + step, length), axis=-1)
        for step in (-1, 0, 1)
    )
    curvature = left - 2 * middle + right
    inner = (peak > 0) & (peak < length - 1) & (curvature < 0)
    offset = tf.clip_by_value(0.5 * (left - right) / tf.where(inner, curvature, 1.0), -0.5, 0.5)
    return (tf.cast(peak, tf.float32) + tf.where(inner, offset, 0.0)) / length


def _integral(maps: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Expected places."""
    _, height, width, joints = maps.shape
    flat = tf.nn.softmax(tf.reshape(tf.transpose(maps, (0, 3, 1, 2)), (-1, joints, height * width)))
    shares = tf.reshape(flat, (-1, joints, height, width))
    x = tf.reduce_sum(tf.reduce_sum(shares, axis=2) * (tf.range(width, dtype=tf.float32) / width), axis=-1)
    y = tf.reduce_sum(tf.reduce_sum(shares, axis=3) * (tf.range(height, dtype=tf.float32) / height), axis=-1)
    return tf.stack([x, y], axis=-1), tf.reduce_max(flat, axis=-1)


def _simcc(lines: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The summits of both lines."""
    cells = lines.shape[2]
    along = tf.transpose(lines, (0, 3, 1, 2))
    places = _summit(along, tf.argmax(along, axis=-1, output_type=tf.int32), cells)
    return places, tf.reduce_prod(tf.reduce_max(tf.nn.softmax(along), axis=-1), axis=-1)


def _regression(numbers: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Joint after joint, from -1 to 1."""
    joints = tf.reshape(numbers, (-1, numbers.shape[3] // 2, 2))
    return (joints + 1) / 2, tf.ones_like(joints[:, :, 0])


GRAPH_DECODERS: Mapping[str, Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]] = {
    "heatmap": _heatmap,
    "integral": _integral,
    "simcc": _simcc,
    "regression": _regression,
}
"""From raw outputs to places (N, J, 2) as shares of the crop, and confidences (N, J): `DECODERS` as graphs."""
