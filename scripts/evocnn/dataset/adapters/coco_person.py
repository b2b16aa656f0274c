"""One annotation of a COCO file: a person in an image, in 0-based pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.adapters.box import box_around
from evocnn.dataset.adapters.fields import finite, numbers
from evocnn.dataset.people import NOWHERE, Person, Skipped, box_square
from evocnn.pose.geometry import PERSON_PIXELS

HEAD_SHARE = 0.6
"""Head size over the diagonal of a head's box: the definition of MPII and PoseTrack, for PCKh."""
PARTS = {"foot_kpts": 6, "face_kpts": 68, "lefthand_kpts": 21, "righthand_kpts": 21}
"""Joints of COCO-WholeBody that follow those of the body, in the order of its 133 joints, and how many there are."""


@dataclass(frozen=True)
class Image:
    """An image of a file: its path, and its width and height in pixels, NaN where the file does not say it."""

    name: str
    size: tuple[float, float] | None = None


class _UnusableError(Exception):
    """A person cannot be used; the text is the reason."""


def image_of(entry: Any) -> Image | None:
    """An entry of `images`; None where it names no file."""
    name = entry.get("file_name", entry.get("filename")) if isinstance(entry, dict) else None  # the latter in ATRW
    if not isinstance(name, str):
        return None
    width, height = finite(entry.get("width")), finite(entry.get("height"))
    return Image(name, (width, height) if width and height and min(width, height) > 0 else None)


def read_person(row: int, entry: dict[str, Any], image: Image, joints: int, named: int) -> Person | Skipped | None:
    """A person with `joints` joints, the first of those that the annotation has.

    Joints are a flat list or a list of [x, y, v]; x and y of unlabelled ones may be anything. Those of COCO-WholeBody's
    feet, face and hands follow where the skeleton has more than the body. Without a `bbox` that has an area, the box is
    that of `center` and `scale`, in units of 200 pixels as in MPII, or else is drawn around the joints as for tables.

    Args:
        row: index of the annotation.
        entry: the annotation.
        image: the annotation's image.
        joints: number of joints of the skeleton.
        named: number of joints that the file names, if it names more than the skeleton.

    Returns:
        None for a crowd, and where no joint is labelled.
    """
    try:
        if _is_crowd(entry.get("iscrowd")):
            return None
        labelled = _keypoints(entry, joints, named)
        visible = labelled[:, 2] > 0
        if not visible.any():
            return None
        places = np.where(visible[:, None], labelled[:, :2], NOWHERE)
        box = _box(entry, places[visible])
        head = _head_size(entry)
    except _UnusableError as reason:
        return Skipped(row, image.name, str(reason))
    center, side = box_square(*box)
    size, area = image.size or NOWHERE, finite(entry.get("area")) or np.nan
    return Person(row, image.name, places, visible, center, side, head, (box[2], box[3]), size=size, area=area)


def _is_crowd(value: object) -> bool:
    if value in (None, "", 0, "0", "false", "False"):
        return False
    if value in (1, "1", "true", "True"):
        return True
    raise _UnusableError("iscrowd is neither 0 nor 1")


def _keypoints(entry: dict[str, Any], joints: int, named: int) -> NDArray[np.float64]:
    """x, y and v of each joint (J, 3); x and y are NaN where v is 0."""
    values = _flat(entry["keypoints"])
    if joints * 3 > len(values) and any(entry.get(part) for part in PARTS):
        values = [*values, *(value for part, count in PARTS.items() for value in _part(entry, part, count))]
        named = max(named, len(values) // 3)
    given = [values[at : at + 3] for at in range(0, len(values), 3)]
    whole = len(values) % 3 == 0 and joints <= len(given) <= named
    rows = [_joint(*joint) for joint in given[:joints]] if whole else [None]
    if None in rows:
        raise _UnusableError(f"keypoints are not {3 * joints} finite numbers")
    return np.array(rows, np.float64)


def _flat(keypoints: object) -> list[Any]:
    """The values of a flat list, or of a list of lists."""
    if not isinstance(keypoints, list):
        return []
    if all(isinstance(joint, list) and len(joint) == 3 for joint in keypoints):
        return [value for joint in keypoints for value in joint]
    return keypoints


def _part(entry: dict[str, Any], part: str, count: int) -> list[Any]:
    return _flat(entry.get(part)) or [0] * (3 * count)


def _joint(x: object, y: object, v: object) -> tuple[float, float, float] | None:
    visibility = finite(v)
    if visibility is not None and visibility <= 0:
        return np.nan, np.nan, 0.0
    place = numbers([x, y, v], 3)
    return (place[0], place[1], place[2]) if place else None


def _box(entry: dict[str, Any], labelled: NDArray[np.float64]) -> Sequence[float]:
    """x, y, width and height."""
    given = entry.get("bbox")
    if given is not None and given != []:
        box = numbers(given, 4)
        if box is None:
            raise _UnusableError("bbox is not 4 finite numbers")
        if min(box[2:]) < 0:
            raise _UnusableError("the box has a negative size")
        if min(box[2:]) > 0:
            return box
    if entry.get("center") is not None and entry.get("scale") is not None:
        return _box_about(entry["center"], entry["scale"])
    drawn = box_around(labelled)
    if drawn is None:
        raise _UnusableError("there is neither a box nor two labelled joints apart")
    return drawn


def _box_about(center: object, scale: object) -> Sequence[float]:
    middle, sizes = numbers(center, 2), numbers(scale if isinstance(scale, list) else [scale, scale], 2)
    if middle is None or sizes is None or min(sizes) <= 0:
        raise _UnusableError("center and scale are not finite numbers above 0")
    width, height = (PERSON_PIXELS * size for size in sizes)
    return middle[0] - width / 2, middle[1] - height / 2, width, height


def _head_size(entry: dict[str, Any]) -> float:
    """NaN where the annotation has no head, or one without a size, as PoseTrack writes it."""
    for key in ("head_box", "bbox_head"):
        if entry.get(key) is not None and entry[key] != []:
            head = numbers(entry[key], 4)
            if head is None:
                raise _UnusableError(f"{key} is not 4 finite numbers")
            return HEAD_SHARE * hypot(*head[2:]) if min(head[2:]) > 0 else np.nan
    return np.nan
