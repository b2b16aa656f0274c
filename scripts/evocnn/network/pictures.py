"""A trained network applied to a user's own pictures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evocnn.dataset.boxes import Box
from evocnn.dataset.decoding import UnusableImageError, decode
from evocnn.dataset.images import Images
from evocnn.dataset.people import box_square
from evocnn.dataset.records import cut, whole_square
from evocnn.drawing.overlay import draw_people
from evocnn.files import inside, replacing, write_json
from evocnn.network.predict import outputs_of
from evocnn.pose.decoders import DECODERS
from evocnn.pose.decoders import decode as decode_joints
from evocnn.pose.geometry import inverse, transform
from evocnn.pose.skeleton import Skeleton
from evocnn.space.own_code import own_decoders
from evocnn.tasks import model_metadata as metadata


@dataclass(frozen=True)
class Predicted:
    """One person: the image's path, the box that was given (None: the whole image), joints (J, 3) x, y, confidence."""

    image: str
    box: Box | None
    joints: NDArray[np.float64]


@dataclass(frozen=True)
class Broken:
    """An image that nothing could be predicted for, and why."""

    image: str
    reason: str


class Finder:
    """Finds joints with a model (.keras) and what lies beside it.

    Args:
        model: the file.
        heads: Python file with the table HEADS of a model that has a head of its own; it is run.

    Raises:
        ValueError: there is no `model.json` beside the model, it is damaged, or the model predicts no joints.
    """

    def __init__(self, model: Path, heads: Path | None = None) -> None:
        beside = model.with_name(metadata.NAME)
        if not beside.is_file():
            raise ValueError(
                f"{model}: expected {metadata.NAME} beside it, as in the folder final/ of a run; name that one"
            )
        about = metadata.read_metadata(beside)
        if not isinstance(about.labels, Skeleton):
            raise ValueError(f"{model}: predicts classes, expected joints; name a model of a skeleton")
        self.skeleton: Skeleton = about.labels
        self.input_size = about.input_size
        self._decoders = own_decoders(heads) if heads else {}
        if about.heads[0] not in {**DECODERS, **self._decoders}:
            raise ValueError(
                f"{model}: its head {about.heads[0]} is not built in; name the Python file that has it with --heads"
            )
        self._outputs = outputs_of(keras.models.load_model(model, compile=False), 1)

    def find(self, pixels: NDArray[np.uint8], box: Box | None) -> NDArray[np.float64]:
        """Joints (J, 3) of whoever is in a box of an image (H, W, 3), in pixels of the image, and confidences."""
        center, side = whole_square(pixels) if box is None else _square(box)
        crop, to_crop = cut(pixels, center, side, self.input_size)
        joints = decode_joints(self._outputs(crop[None]), self.input_size, self._decoders)[0].astype(np.float64)
        return np.concatenate([transform(inverse(to_crop), joints[:, :2]), joints[:, 2:]], -1)


def predict_pictures(
    output: Path,
    *,
    model: Path,
    images: Path,
    boxes: Mapping[str, Sequence[Box]] | None = None,
    heads: Path | None = None,
) -> tuple[list[Predicted], list[Broken]]:
    """Find joints in all images of a folder (or zip), and write keypoints.csv, keypoints.json and overlays/<image>.png.

    Images are turned upright as their EXIF says; places are 0-based pixels of what is seen then.

    Args:
        output: folder to write to.
        model: see `Finder`.
        images: folder or zip.
        boxes: where people are, by image; None for one person per image, who fills it.
        heads: see `Finder`.

    Returns:
        The predicted people, and the images that are broken.
    """
    finder, source = Finder(model, heads), Images(images)
    predicted: list[Predicted] = []
    broken: list[Broken] = []
    for name in source.names() if boxes is None else boxes:
        try:
            pixels = decode(source.read(name), upright=True)
        except UnusableImageError as error:
            broken.append(Broken(name, str(error)))
            continue
        here = [Predicted(name, box, finder.find(pixels, box)) for box in ([None] if boxes is None else boxes[name])]
        predicted += here
        picture = draw_people(pixels, np.stack([person.joints for person in here]), finder.skeleton)
        with replacing(inside(output / "overlays", f"{name}.png")) as temporary:
            if not cv2.imwrite(str(temporary), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)):
                raise OSError(f"{temporary}: could not be written; is the disk full?")
    _write(output, predicted, broken, finder.skeleton)
    return predicted, broken


def _square(box: Box) -> tuple[NDArray[np.float64], float]:
    center, side = box_square(*box)
    return np.array(center), side


def _write(output: Path, predicted: Sequence[Predicted], broken: Sequence[Broken], skeleton: Skeleton) -> None:
    """The columns are those of a run's predictions.csv, `person` counts from 0."""
    columns = ["person", "image", "joint", "x", "y", "confidence"]
    with replacing(output / "keypoints.csv") as temporary:
        pd.DataFrame(_rows(predicted, skeleton), columns=columns).to_csv(temporary, index=False, float_format="%.4f")
    people = [
        {
            "image": person.image,
            "box": person.box,
            "joints": {name: [x, y] for name, (x, y, _) in zip(skeleton.joints, person.joints.tolist(), strict=True)},
            "confidence": dict(zip(skeleton.joints, person.joints[:, 2].tolist(), strict=True)),
        }
        for person in predicted
    ]
    document = {"people": people, "broken": [vars(image) for image in broken]}
    write_json(output / "keypoints.json", "keypoints", document)


def _rows(predicted: Sequence[Predicted], skeleton: Skeleton) -> Iterator[tuple[object, ...]]:
    for number, person in enumerate(predicted):
        for joint, place in zip(skeleton.joints, person.joints.tolist(), strict=True):
            yield number, person.image, joint, *place
