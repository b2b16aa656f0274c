"""What was predicted as tables (CSV) and documents (JSON)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evocnn.classification.classes import Classes
from evocnn.dataset.boxes import Box
from evocnn.files import replacing, write_json
from evocnn.labels import Labels
from evocnn.pose.skeleton import Skeleton


@dataclass(frozen=True)
class Predicted:
    """What was predicted for a person, or for a whole picture.

    Attributes:
        image: name of the picture or video.
        frame: number of the picture in the video, from 0; None for a picture of its own.
        box: that was given; None for the whole picture.
        size: (width, height) of the picture.
        output: joints (J, 3), x and y in pixels of the picture and confidence, or probabilities of classes (C,).
    """

    image: str
    frame: int | None
    box: Box | None
    size: tuple[int, int]
    output: NDArray[np.float64]

    @property
    def outside(self) -> NDArray[np.bool_]:
        """(J,): whether a joint lies outside of the picture."""
        places, limits = self.output[:, :2], np.array(self.size)
        return np.any((places < 0) | (places > limits - 1), axis=-1)


@dataclass(frozen=True)
class Broken:
    """A picture that nothing could be predicted for, and why."""

    image: str
    reason: str


def write_results(output: Path, predicted: Sequence[Predicted], broken: Sequence[Broken], labels: Labels) -> list[Path]:
    """Write a CSV and a JSON file into a folder.

    Joints: keypoints.csv, a row per person and joint, and keypoints.json. Classes: classes.csv, a row per picture or
    box, with the probability of each class, and classes.json.

    Returns:
        The two files.
    """
    if isinstance(labels, Skeleton):
        kind, table = "keypoints", _joint_table(predicted, labels)
        rows = [_joint_document(person, labels) for person in predicted]
    else:
        kind, table = "classes", _class_table(predicted, labels)
        rows = [_class_document(one, labels) for one in predicted]
    paths = [output / f"{kind}.csv", output / f"{kind}.json"]
    with replacing(paths[0]) as temporary:
        table.to_csv(temporary, index=False, float_format="%.4f")
    name = "people" if kind == "keypoints" else "pictures"
    write_json(paths[1], kind, {name: rows, "broken": [vars(image) for image in broken]})
    return paths


def _joint_table(predicted: Sequence[Predicted], skeleton: Skeleton) -> pd.DataFrame:
    """The columns begin with those of a run's predictions.csv; `person` counts from 0."""
    columns = ["person", "image", "joint", "x", "y", "confidence", "outside", "frame"]
    return pd.DataFrame(_joint_rows(predicted, skeleton), columns=columns).astype({"frame": "Int64"})


def _joint_rows(predicted: Sequence[Predicted], skeleton: Skeleton) -> Iterator[tuple[object, ...]]:
    for number, person in enumerate(predicted):
        rows = zip(skeleton.joints, person.output.tolist(), person.outside.tolist(), strict=True)
        for joint, place, outside in rows:
            yield number, person.image, joint, *place, int(outside), person.frame


def _joint_document(person: Predicted, skeleton: Skeleton) -> dict[str, Any]:
    places = dict(zip(skeleton.joints, person.output.tolist(), strict=True))
    return {
        **_where(person),
        "joints": {name: [x, y] for name, (x, y, _) in places.items()},
        "confidence": {name: confidence for name, (_, _, confidence) in places.items()},
        "outside": [name for name, out in zip(skeleton.joints, person.outside.tolist(), strict=True) if out],
    }


def _class_table(predicted: Sequence[Predicted], classes: Classes) -> pd.DataFrame:
    """The columns are those of a run's predictions.csv without the true class, and the place."""
    rows = [
        [one.image, classes.classes[int(one.output.argmax())], *one.output.tolist(), one.frame] for one in predicted
    ]
    table = pd.DataFrame(rows, columns=["image", "predicted", *classes.classes, "frame"])
    return table.astype({"frame": "Int64"}) if not {"frame"} & {*classes.classes} else table


def _class_document(one: Predicted, classes: Classes) -> dict[str, Any]:
    return {
        **_where(one),
        "predicted": classes.classes[int(one.output.argmax())],
        "probabilities": dict(zip(classes.classes, one.output.tolist(), strict=True)),
    }


def _where(one: Predicted) -> dict[str, Any]:
    return {"image": one.image, "frame": one.frame, "box": one.box}
