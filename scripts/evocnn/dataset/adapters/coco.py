"""COCO's keypoints: one JSON file with images, annotations and categories, in 0-based pixels.

The format: https://cocodataset.org/#format-data. As in Simple Baselines (its lib/dataset/coco.py), crowds and people
without a labelled joint do not belong to the data set, and crops come from the annotated boxes. Unlike there, the boxes
are used as annotated: they are neither clipped to the image nor made one pixel smaller.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evocnn.dataset.adapters.coco_person import Image, image_of, read_person
from evocnn.dataset.adapters.fields import identifier, load_json
from evocnn.dataset.people import Person, Skipped
from evocnn.labels import Labels
from evocnn.pose.skeleton import Skeleton

EXPECTED = "COCO keypoints such as person_keypoints_train2017.json"


@dataclass(frozen=True)
class _Categories:
    """Ids of the categories: those with the skeleton's joints, and those with other joints.

    `named` is the largest number of joints that one of the first names, which annotations may have as well.
    """

    fitting: frozenset[object]
    others: frozenset[object]
    named: int


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """Read all people who have a labelled joint; `row` is the index in `annotations`.

    A joint is labelled if its third number is above 0: 1 is occluded, 2 visible. `head_box` or PoseTrack's `bbox_head`,
    [x, y, width, height], gives the head size. A category may name more joints than the skeleton, if the skeleton's
    come first; annotations of categories with other joints are passed over. See `read_person` for the rest.

    Raises:
        ValueError: the labels are no skeleton, the file is not of COCO's keypoints, it gives an image's id to two
            images, or no category has the joints of the skeleton.
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
        elif entry.get("keypoints"):
            person = _read(row, entry, images, categories, len(labels.joints))
            if person:
                yield person


def _annotations(content: Any, path: Path) -> list[Any]:
    if not isinstance(content, dict):
        problem = f"a {type(content).__name__}"
    elif not all(isinstance(content.get(key), list) for key in ("images", "annotations")):
        problem = (
            f"an object with {', '.join(map(repr, content)) or 'nothing'}, not with lists 'images' and 'annotations'"
        )
    elif not any(isinstance(entry, dict) and entry.get("keypoints") for entry in content["annotations"]):
        problem = f"{len(content['annotations'])} annotations, none with 'keypoints'"
    else:
        return content["annotations"]
    raise ValueError(f"{path}: expected {EXPECTED}, found {problem}; change dataset.train or dataset.test")


def _categories(content: dict[str, Any], path: Path, skeleton: Skeleton) -> _Categories:
    """The categories by whether they have the skeleton's joints; none where the file does not name its joints."""
    wanted = tuple(map(_plain, skeleton.joints))
    categories = content.get("categories")
    named: list[tuple[dict[str, Any], tuple[str, ...]]] = []
    for category in categories if isinstance(categories, list) else ():
        names = category.get("keypoints") if isinstance(category, dict) else None
        if isinstance(names, list) and names:
            named.append((category, tuple(map(_plain, names))))
    # A file of whole bodies may name the joints of the body only.
    fitting = [(category, names) for category, names in named if names[: len(wanted)] == wanted[: len(names)]]
    if named and not fitting:
        raise ValueError(_difference(path, *named[0], wanted))
    fit = frozenset(identifier(category.get("id")) for category, _ in fitting)
    everything = frozenset(identifier(category.get("id")) for category, _ in named)
    return _Categories(fit, everything - fit, max([len(wanted), *(len(names) for _, names in fitting)]))


def _difference(path: Path, category: dict[str, Any], names: Sequence[str], wanted: Sequence[str]) -> str:
    at = next(number for number, (name, other) in enumerate(zip(names, wanted, strict=False)) if name != other)
    return (
        f"{path}: joint {at} of the category {category.get('name', category.get('id'))!r} is {names[at]!r}, of "
        f"dataset.labels {wanted[at]!r}; the file's keypoints are {', '.join(names)}; change dataset.labels to a "
        "skeleton with these joints in this order"
    )


def _plain(name: object) -> str:
    return str(name).replace("_", " ")


def _images(content: dict[str, Any], path: Path) -> dict[int | str, Image]:
    """The images by id."""
    images: dict[int | str, Image] = {}
    for entry in content["images"]:
        image = image_of(entry)
        number = identifier(entry.get("id")) if isinstance(entry, dict) else None
        if image is None or number is None:
            continue
        # Files that were merged carelessly use an id twice; joints would then be assigned to the wrong image.
        if images.setdefault(number, image) != image:
            other = "another size of it" if image.name == images[number].name else image.name
            raise ValueError(
                f"{path}: the id {number} belongs to {images[number].name} and to {other}; expected an id of its own "
                "for every image; number them anew"
            )
    return images


def _read(
    row: int, entry: dict[str, Any], images: dict[int | str, Image], categories: _Categories, joints: int
) -> Person | Skipped | None:
    """A person; None for annotations that do not belong to the data set."""
    number = identifier(entry.get("image_id"))
    image = images.get(number) if number is not None else None
    category = identifier(entry["category_id"]) if "category_id" in entry else None
    if category in categories.others and category is not None:
        return None
    person = read_person(row, entry, image or Image(""), joints, categories.named)
    if person is None or isinstance(person, Skipped):
        return person
    if categories.fitting and "category_id" in entry and category not in categories.fitting:
        return Skipped(row, person.image, "category_id is not that of a category with keypoints")
    if image is None:
        return Skipped(row, "", "image_id is not that of an image with a file_name")
    return person
