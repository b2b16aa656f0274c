"""MPII's own MATLAB file, in 1-based pixels: everybody who has joints in its training images.

Those are the people of Simple Baselines' JSON. The file also says who stands apart from others (`single_person`), which
that JSON does not heed: people in one image of its `valid.json` stand as close as a tenth of their height.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import mat_struct

from evocnn.dataset.adapters.mpii_json import HEAD_PIXELS, to_person
from evocnn.dataset.people import Person, Skipped
from evocnn.labels import Labels

JOINTS = 16
HEAD_BOX = 0.6
"""Head size over the diagonal of the head's box, as MPII's evaluation has it."""
NOT_LABELLED = -1.0
"""Both coordinates of a joint without a label, as in Simple Baselines' JSON."""
PARTS = ("annolist", "img_train")
REMEDY = "fetch mpii_human_pose_v1_u12_1.mat again from MPII's page; see data/README.md"


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """Read the people of the training images; 1-based pixels become 0-based.

    Images come in the order of the file, and people in the order of their index in the image. `row` counts everybody
    who has joints, from 0, those who are skipped as well: it is the place in the list that `convert_mat` writes.

    Raises:
        ValueError: the file is damaged, in MATLAB's format 7.3, not MPII's, or holds nobody with joints.
    """
    for row, entry in enumerate_entries(path):
        if isinstance(entry, Skipped):
            yield entry
        else:
            yield replace(to_person(row, entry), head_size=entry["head_size"])


def enumerate_entries(path: Path) -> Iterator[tuple[int, dict[str, Any] | Skipped]]:
    """Give each person's row, and the person as in Simple Baselines' JSON, in 1-based pixels, and with a `head_size`.

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
    with path.open("rb") as file:
        try:
            # Nothing is squeezed: arrays of one would look like what they hold.
            content = loadmat(file, struct_as_record=False, squeeze_me=False)
        except NotImplementedError as error:
            remedy = f"save it in MATLAB with '-v7', or {REMEDY}"
            raise ValueError(f"{path}: found MATLAB's format 7.3, expected one up to 7; {remedy}") from error
        except Exception as error:  # what a parser raises for arbitrary bytes cannot be foreseen
            raise ValueError(f"{path}: expected a MATLAB file, found damage ({error}); {REMEDY}") from error
    found = ", ".join(name for name in content if not name.startswith("__")) or "nothing"
    for release in _flat(content.get("RELEASE", ())):
        found = f"RELEASE with {', '.join(release._fieldnames)}"
        if set(PARTS) <= set(release._fieldnames):
            return release
    raise ValueError(f"{path}: expected RELEASE with {', '.join(PARTS)}, found {found}; {REMEDY}")


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
        # `is_visible` says whether it is occluded; where it is labelled, it counts all the same.
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
    """A field's only number, as float because the file keeps whole ones in small integers; NaN if there is none."""
    value = np.ravel(getattr(parent, field, ()))
    return float(value[0]) if value.size == 1 and value.dtype.kind in "biuf" else np.nan


def _text(parent: mat_struct, field: str) -> str:
    return "".join(map(str, np.ravel(getattr(parent, field, ()))))
