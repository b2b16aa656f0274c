"""What was predicted as tables (CSV) and documents (JSON)."""

import json
from collections.abc import Iterator, Mapping, Sequence
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
from evocnn.prediction.frames import numbered
from evocnn.tasks.calibration import Calibration


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


def write_results(
    output: Path,
    predicted: Sequence[Predicted],
    broken: Sequence[Broken],
    labels: Labels,
    calibration: Calibration | None,
) -> None:
    """Write a CSV and a JSON file into a folder.

    Joints: keypoints.csv, a row per person and joint, and keypoints.json. Classes: classes.csv, a row per picture or
    box, with the probability of each class, and classes.json. With a calibration, `probability` is that of being right.
    """
    if isinstance(labels, Skeleton):
        kind, table = "keypoints", _joint_table(predicted, labels, calibration)
        rows = [_joint_document(person, labels, calibration) for person in predicted]
    else:
        kind, table = "classes", _class_table(predicted, labels, calibration)
        rows = [_class_document(one, labels, calibration) for one in predicted]
    with replacing(output / f"{kind}.csv") as temporary:
        table.to_csv(temporary, index=False, float_format="%.4f")
    name = "people" if kind == "keypoints" else "pictures"
    write_json(output / f"{kind}.json", kind, {name: rows, "broken": [vars(image) for image in broken]})


def write_coco_results(path: Path, predicted: Sequence[Predicted], ids: Mapping[str | int, int], category: int) -> None:
    """Write joints as COCO's results (https://cocodataset.org/#format-results); a score is the mean confidence.

    Args:
        path: JSON file to write.
        predicted: people; those whose image has no id are left out.
        ids: of images, by name or number; see `read_boxes`.
        category: `category_id` of the results.
    """
    results = [
        {
            "image_id": number,
            "category_id": category,
            "keypoints": person.output.ravel().round(3).tolist(),
            "score": float(person.output[:, 2].mean()),
        }
        for person in predicted
        if (number := ids.get(person.image, _id_by_number(person.image, ids))) is not None
    ]
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(results), encoding="utf-8")


def _id_by_number(image: str, ids: Mapping[str | int, int]) -> int | None:
    number = numbered(image)
    return None if number is None else ids.get(number)


def _joint_table(predicted: Sequence[Predicted], skeleton: Skeleton, calibration: Calibration | None) -> pd.DataFrame:
    """The columns begin with those of a run's predictions.csv; `person` counts from 0."""
    columns = ["person", "image", "joint", "x", "y", "confidence", "probability", "outside", "frame"]
    return pd.DataFrame(_joint_rows(predicted, skeleton, calibration), columns=columns).astype({"frame": "Int64"})


def _joint_rows(
    predicted: Sequence[Predicted], skeleton: Skeleton, calibration: Calibration | None
) -> Iterator[tuple[object, ...]]:
    for number, person in enumerate(predicted):
        right = _probabilities(person.output[:, 2], calibration)
        rows = zip(skeleton.joints, person.output.tolist(), right, person.outside.tolist(), strict=True)
        for joint, place, probability, outside in rows:
            yield number, person.image, joint, *place, probability, int(outside), person.frame


def _joint_document(person: Predicted, skeleton: Skeleton, calibration: Calibration | None) -> dict[str, Any]:
    places = dict(zip(skeleton.joints, person.output.tolist(), strict=True))
    right = _probabilities(person.output[:, 2], calibration)
    return {
        **_where(person),
        "joints": {name: [x, y] for name, (x, y, _) in places.items()},
        "confidence": {name: confidence for name, (_, _, confidence) in places.items()},
        "probability": dict(zip(skeleton.joints, right, strict=True)),
        "outside": [name for name, out in zip(skeleton.joints, person.outside.tolist(), strict=True) if out],
    }


def _class_table(predicted: Sequence[Predicted], classes: Classes, calibration: Calibration | None) -> pd.DataFrame:
    """A row per picture or box; the classes stand last, because a class may have any name."""
    rows = [
        [
            one.image,
            one.frame,
            classes.classes[int(one.output.argmax())],
            *_probabilities(one.output[[one.output.argmax()]], calibration),
            *one.output.tolist(),
        ]
        for one in predicted
    ]
    table = pd.DataFrame(rows, columns=range(4 + len(classes.classes))).astype({1: "Int64"})
    return table.set_axis(["image", "frame", "predicted", "probability", *classes.classes], axis=1)


def _class_document(one: Predicted, classes: Classes, calibration: Calibration | None) -> dict[str, Any]:
    best = one.output.argmax()
    return {
        **_where(one),
        "predicted": classes.classes[int(best)],
        "probability": _probabilities(one.output[[best]], calibration)[0],
        "classes": dict(zip(classes.classes, one.output.tolist(), strict=True)),
    }


def _probabilities(confidences: NDArray[np.float64], calibration: Calibration | None) -> list[float | None]:
    """Of being right; None where it is not known."""
    return calibration.probability(confidences).tolist() if calibration else [None] * len(confidences)


def _where(one: Predicted) -> dict[str, Any]:
    return {"image": one.image, "frame": one.frame, "box": one.box}
