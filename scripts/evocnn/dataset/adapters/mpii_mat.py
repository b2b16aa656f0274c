"""MPII's own MATLAB file, in 1-based pixels: all people who have joints in its training images.

These are the people of Simple Baselines' JSON. The file also marks people who are separated from others
(`single_person`). That JSON ignores this mark: some people in one image of its `valid.json` are closer together than a
tenth of their height.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io.matlab import mat_struct

from evocnn.dataset.adapters.mat_file import load_mat
from evocnn.dataset.adapters.mpii_json import HEAD_PIXELS, to_person
from evocnn.dataset.people import Person, Skipped
from evocnn.labels import Labels

JOINTS = 16
HEAD_BOX = 0.6
"""Head size divided by the diagonal of the head's box, as in MPII's evaluation."""
NOT_LABELLED = -1.0
"""Both coordinates of a joint without a label, as in Simple Baselines' JSON."""
PARTS = ("annolist", "img_train")
REMEDY = "fetch mpii_human_pose_v1_u12_1.mat again from MPII's page; see data/README.md"


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """Read the people of the training images; 1-based pixels become 0-based.

    Images come in the order of the file, and people in the order of their index in the image. `row` counts all people
    with joints from 0, including skipped ones: it is the index in the list that `convert_mat` writes.

    Raises:
        ValueError: the file is damaged, not MPII's, or holds no person with joints.
    """
    for row, entry in enumerate_entries(path):
        if isinstance(entry, Skipped):
            yield entry
        else:
            yield replace(to_person(row, entry), head_size=entry["head_size"])


def enumerate_entries(path: Path) -> Iterator[tuple[int, dict[str, Any] | Skipped]]:
    """Yield each person's row, and the person as in Simple Baselines' JSON: in 1-based pixels, plus a `head_size`.

    Raises:
        ValueError: as for `read`.
    """
    row = -1
    for row, (image, person) in enumerate(_annotated(path)):
        try:
            yield row, _entry(image, person)
        except ValueError as error:
            yield row, Skipped(row, image, str(error))
    if row < 0:
        raise ValueError(f"{path}: expected people with joints in training images, found nobody; {REMEDY}")


def _annotated(path: Path) -> Iterator[tuple[str, mat_struct]]:
    """Image and annotation of the people of training images who have joints."""
    release = _release(path)
    images = list(_structs(release, "annolist"))
    train = np.ravel(release.img_train)
    if len(images) != len(train):
        counts = f"{len(images)} of annolist, {len(train)} of img_train"
        raise ValueError(f"{path}: expected as many of each part as there are images, found {counts}; {REMEDY}")
    for image, is_train in zip(images, train, strict=True):
        if is_train != 1:
            continue
        name = next((_text(header, "name") for header in _structs(image, "image")), "")
        for person in _structs(image, "annorect"):
            if _points(person):
                yield name, person


def _release(path: Path) -> mat_struct:
    content = load_mat(path, REMEDY)
    contents = ", ".join(name for name in content if not name.startswith("__")) or "nothing"
    for release in _flat(content.get("RELEASE", ())):
        contents = f"RELEASE with {', '.join(release._fieldnames)}"
        if set(PARTS) <= set(release._fieldnames):
            return release
    raise ValueError(f"{path}: expected RELEASE with {', '.join(PARTS)}, found {contents}; {REMEDY}")


def _entry(image: str, person: mat_struct) -> dict[str, Any]:
    """One person in 1-based pixels. Raises ValueError with the reason where the person cannot be used."""
    center = next(_structs(person, "objpos"), None)
    scale, x, y = _number(person, "scale"), _number(center, "x"), _number(center, "y")
    if missing := [name for name, value in (("scale", scale), ("objpos", x + y)) if not np.isfinite(value)]:
        raise ValueError(f"the annotation lacks {', '.join(missing)}")
    joints, visible = [[NOT_LABELLED, NOT_LABELLED] for _ in range(JOINTS)], [0] * JOINTS
    for point in _points(person):
        joint, place = _number(point, "id"), [_number(point, "x"), _number(point, "y")]
        if joint not in range(JOINTS):
            raise ValueError(f"a joint's id is {joint:g}; expected 0 to {JOINTS - 1}")
        # `is_visible` says whether a joint is occluded. A labelled joint counts in both cases.
        if np.isfinite(place).all():
            joints[int(joint)], visible[int(joint)] = place, 1
    corners = [_number(person, corner) for corner in ("x1", "y1", "x2", "y2")]
    box = HEAD_BOX * float(np.hypot(corners[2] - corners[0], corners[3] - corners[1]))
    return {
        "image": image,
        "center": [x, y],
        "scale": scale,
        "joints": joints,
        "joints_vis": visible,
        "head_size": box if box > 0 else HEAD_PIXELS * scale,
    }


def _points(person: mat_struct) -> list[mat_struct]:
    return [point for points in _structs(person, "annopoints") for point in _structs(points, "point")]


def _structs(parent: mat_struct, field: str) -> Iterator[mat_struct]:
    """The structs in a field, which may be absent, empty, one, an array, or a cell array of them."""
    return _flat(getattr(parent, field, ()))


def _flat(value: Any) -> Iterator[mat_struct]:
    for item in np.ravel(value):
        if isinstance(item, mat_struct):
            yield item
        elif isinstance(item, np.ndarray):
            yield from _flat(item)


def _number(parent: mat_struct | None, field: str) -> float:
    """A field's only number, as a float because the file stores integers in small types; NaN if there is none."""
    value = np.ravel(getattr(parent, field, ()))
    return float(value[0]) if value.size == 1 and value.dtype.kind in "biuf" else np.nan


def _text(parent: mat_struct, field: str) -> str:
    return "".join(map(str, np.ravel(getattr(parent, field, ()))))
