"""What one has to know about a model to use it, in a file that lies beside it."""

from dataclasses import dataclass
from pathlib import Path

from evocnn.files import read_json, write_json
from evocnn.labels import Labels, labels_of
from evocnn.yaml_files import read_yaml

NAME = "model.json"
"""Of the file, in the folder of the model."""
INPUT = {
    "name": "images",
    "content": "RGB pixels as uint8, 0 to 255, (N, input_size, input_size, 3); the network normalises them itself",
    "crop": "A square around the centre of a box, with 1.25 times the longer side of the box, and black outside of the "
    "picture. Pixel (u, v) of the crop shows the picture at x = centre x + (u - input_size / 2) * side / input_size, "
    "and y likewise, bilinear. Where there is no box, the square has the longer side of the picture.",
}
CELLS = "Cell (row i, column k) lies at pixel x = k * input_size / columns, y = i * input_size / rows of the crop."
DECODING = {
    "heatmap": "(N, rows, columns, joints): logarithms of probabilities up to a constant. " + CELLS + " The joint lies "
    "in the cell with the highest value, moved along x and along y to the summit of the parabola through this cell and "
    "its two neighbours (by at most half a cell; not at the border). The confidence is the softmax over all cells, at "
    "this cell.",
    "integral": "(N, rows, columns, joints): logarithms of probabilities up to a constant. "
    + CELLS
    + " The joint lies "
    "at the mean of the places, weighted by the softmax over all cells. The confidence is the highest share.",
    "simcc": "(N, 2, cells, joints): logarithms of probabilities along x and along y. Cell k lies at k * input_size / "
    "cells. The joint lies in the highest cell of each, moved to the summit of the parabola through it and its "
    "neighbours. The confidence is the product of both softmaxes at these cells.",
    "regression": "(N, 1, 1, 2 * joints): x and y of each joint in turn, from -1 to 1: pixel = (value + 1) * "
    "input_size / 2. The confidence is that of the head visibility, if there is one.",
    "visibility": "(N, 1, 1, joints): logits. The sigmoid is the probability that the joint can be seen.",
    "classification": "(N, 1, 1, classes): logits. The softmax is the probability of each class.",
}
"""What the built-in heads yield, and what follows from it."""


@dataclass(frozen=True)
class Metadata:
    """What a model takes and gives.

    Attributes:
        labels: the joints or classes that it predicts.
        input_size: side of its input in pixels.
        heads: names of what it yields, the one that predicts first; see `evocnn.pose.decoders`.
    """

    labels: Labels
    input_size: int
    heads: tuple[str, ...]


def write_metadata(path: Path, *, labels: Path, input_size: int, heads: tuple[str, ...]) -> None:
    """Write the metadata of a model, the content of its labels file among them."""
    own = "a head of the user's own"
    metadata = {
        "input_size": input_size,
        "heads": heads,
        "input": INPUT,
        "outputs": {head: DECODING.get(head, own) for head in heads},
        "labels": read_yaml(labels, as_written=True),
    }
    write_json(path, "model", metadata)


def read_metadata(path: Path) -> Metadata:
    """Read what `write_metadata` has written.

    Raises:
        ValueError: the file is damaged.
    """
    result = read_json(path, "model", ("input_size", "heads", "labels"))
    return Metadata(labels_of(result["labels"], path), int(result["input_size"]), tuple(result["heads"]))
