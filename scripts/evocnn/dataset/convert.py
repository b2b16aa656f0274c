"""From MPII's MATLAB file to the JSON layout of Simple Baselines."""

import json
from pathlib import Path
from typing import Any

from evocnn.dataset.adapters.mpii_json import FIELDS
from evocnn.dataset.adapters.mpii_mat import JOINTS, NOT_LABELLED, enumerate_entries
from evocnn.dataset.people import Skipped
from evocnn.files import replacing


def convert_mat(output: Path, *, mat: Path) -> None:
    """Write the people of MPII's training images as a list of people in 1-based pixels.

    The layout has no head boxes. Its readers use 25 × scale as the head size, which is the same for MPII.
    An unusable person stays in the list, without joints and with −1 for the centre and the scale, as Simple Baselines
    marks missing values. So rows are the same in both files; readers skip this person because of the scale.

    Raises:
        ValueError: the file is damaged, not MPII's, or holds no person with joints.
    """
    people: list[dict[str, Any]] = []
    for row, entry in enumerate_entries(mat):
        if isinstance(entry, Skipped):
            print(f"person {row} in {entry.image} is marked as missing: {entry.reason}")
            people.append(_missing(entry.image))
        else:
            people.append({field: entry[field] for field in FIELDS})
    with replacing(output) as temporary:
        temporary.write_text(json.dumps(people, allow_nan=False) + "\n", encoding="utf-8")


def _missing(image: str) -> dict[str, Any]:
    return {
        "image": image,
        "center": [NOT_LABELLED, NOT_LABELLED],
        "scale": -1.0,
        "joints": [[NOT_LABELLED, NOT_LABELLED]] * JOINTS,
        "joints_vis": [0] * JOINTS,
    }
