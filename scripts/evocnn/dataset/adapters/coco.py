"""COCO's keypoints: one JSON file with images, annotations and categories, in 0-based pixels.

The format: https://cocodataset.org/#format-data. As in Simple Baselines (its lib/dataset/coco.py), crowds and people
without a labelled joint are no part of the data set, and crops come from the annotated boxes; unlike there, the boxes
are taken as annotated, neither clipped to the image nor a pixel smaller.
"""

from collections.abc import Iterator
from math import hypot
from pathlib import Path
from typing import Any

import numpy as np

from evocnn.dataset.adapters.fields import load_json, numbers
from evocnn.dataset.people import NOWHERE, Person, Skipped, box_square
from evocnn.labels import Labels
from evocnn.pose.skeleton import Skeleton

HEAD_SHARE = 0.6
"""Head size over the diagonal of a head's box: MPII's definition, for PCKh."""

EXPECTED = "COCO keypoints such as person_keypoints_train2017.json"


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """Read everybody who has a labelled joint; `row` is the place in `annotations`.

    A joint is labelled where its third number is above 0: 1 is occluded, 2 visible. `head_box`, [x, y, width, height],
    is no part of COCO; where an annotation has one, it gives the head size.

    Raises:
        ValueError: the labels are no skeleton, the file is not of COCO's keypoints, it gives an image's id to two
            images, or it names other joints than the skeleton.
    """
    if not isinstance(labels, Skeleton):
        raise ValueError(f"{path}: found COCO keypoints, expected labels with 'joints'; change dataset.labels")
    content = load_json(path, EXPECTED)
    annotations = _annotations(content, path)
    categories = _categories(content, path, labels)
    images = _images(content, path)
    for row, entry in enumerate(annotations):
        if not isinstance(entry, dict):
            yield Skipped(row, "", "the annotation is not an object")
        elif entry.get("keypoints") and not entry.get("iscrowd"):
            person = _person(row, entry, images, categories, len(labels.joints))
            if person:
                yield person


def _annotations(content: Any, path: Path) -> list[Any]:
    if not isinstance(content, dict):
        found = f"a {type(content).__name__}"
    elif not all(isinstance(content.get(key), list) for key in ("images", "annotations")):
        found = (
            f"an object with {', '.join(map(repr, content)) or 'nothing'}, not with lists 'images' and 'annotations'"
        )
    elif not any(isinstance(entry, dict) and entry.get("keypoints") for entry in content["annotations"]):
        found = f"{len(content['annotations'])} annotations, none with 'keypoints'"
    else:
        return content["annotations"]
    raise ValueError(f"{path}: expected {EXPECTED}, found {found}; change dataset.train or dataset.test")


def _categories(content: dict[str, Any], path: Path, skeleton: Skeleton) -> list[object]:
    """The ids of the categories with the skeleton's joints; none where the file does not name its joints."""
    ids = []
    categories = content.get("categories")
    for category in categories if isinstance(categories, list) else ():
        names = category.get("keypoints") if isinstance(category, dict) else None
        if not isinstance(names, list) or not names:
            continue
        joints = tuple(map(_plain, names))
        if joints != tuple(map(_plain, skeleton.joints)):
            raise ValueError(
                f"{path}: the category {category.get('name', category.get('id'))!r} has the keypoints "
                f"{', '.join(joints)}; expected the joints of dataset.labels in their order, "
                f"{', '.join(skeleton.joints)}; change dataset.labels to a skeleton with the file's keypoints"
            )
        ids.append(category.get("id"))
    return ids


def _plain(name: object) -> str:
    return str(name).replace("_", " ")


def _images(content: dict[str, Any], path: Path) -> dict[int | str, str]:
    """Paths of the images by id."""
    images: dict[int | str, str] = {}
    for image in content["images"]:
        if not isinstance(image, dict):
            continue
        number, name = image.get("id"), image.get("file_name")
        if not isinstance(number, int | str) or not isinstance(name, str):
            continue
        # Files that were joined carelessly reuse ids: joints would be looked for in the wrong image.
        if images.setdefault(number, name) != name:
            raise ValueError(
                f"{path}: the id {number} belongs to {images[number]} and to {name}; expected an id of its own "
                "for every image; number them anew"
            )
    return images


def _person(
    row: int, entry: dict[str, Any], images: dict[int | str, str], categories: list[object], joints: int
) -> Person | Skipped | None:
    number = entry.get("image_id")
    image = images.get(number, "") if isinstance(number, int | str) else ""
    keypoints = numbers(entry["keypoints"], 3 * joints)
    if keypoints is None:
        return Skipped(row, image, f"keypoints are not {3 * joints} finite numbers")
    labelled = np.array(keypoints).reshape(joints, 3)
    visible = labelled[:, 2] > 0
    if not visible.any():
        return None
    if categories and entry.get("category_id", categories[0]) not in categories:
        return Skipped(row, image, "category_id is not that of a category with keypoints")
    if not image:
        return Skipped(row, image, "image_id is not that of an image with a file_name")
    if "bbox" not in entry:
        return Skipped(row, image, "the annotation lacks bbox")
    box = numbers(entry["bbox"], 4)
    if box is None:
        return Skipped(row, image, "bbox is not 4 finite numbers")
    if min(box[2:]) <= 0:
        return Skipped(row, image, "the box has no area")
    head = numbers(entry["head_box"], 4) if entry.get("head_box") is not None else [np.nan] * 4
    if head is None:
        return Skipped(row, image, "head_box is not 4 finite numbers")
    center, side = box_square(*box)
    places = np.where(visible[:, None], labelled[:, :2], NOWHERE)
    return Person(row, image, places, visible, center, side, HEAD_SHARE * hypot(*head[2:]), (box[2], box[3]))
