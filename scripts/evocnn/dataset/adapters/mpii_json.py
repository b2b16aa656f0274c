"""MPII in the JSON layout of Simple Baselines: a list of people, in 1-based pixels."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from evocnn.dataset.adapters.fields import load_json
from evocnn.dataset.people import NOWHERE, Person, Skipped, crop_square
from evocnn.labels import Labels

HEAD_PIXELS = 25.0
"""Head size over `scale`: equal to MPII's own head boxes on all 2,958 validation people to a relative 1e-6."""

FIELDS = ("image", "center", "scale", "joints", "joints_vis")


def read(path: Path, labels: Labels) -> Iterator[Person | Skipped]:
    """Read all people in an annotation file; 1-based pixels become 0-based.

    Raises:
        ValueError: the file is not a list of people.
    """
    for row, entry in enumerate(read_entries(path)):
        missing = [field for field in FIELDS if field not in entry]
        if missing:
            yield Skipped(row, str(entry.get("image", "")), f"the annotation lacks {', '.join(missing)}")
            continue
        try:
            yield to_person(row, entry)
        except (TypeError, ValueError, OverflowError):
            yield Skipped(row, str(entry["image"]), "the annotation holds something else than numbers")


def read_entries(path: Path) -> list[dict[str, Any]]:
    """The people of an annotation file as they are written.

    Raises:
        ValueError: the file is not a list of people.
    """
    entries = load_json(path, "a list of people as published with Simple Baselines")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError(f"{path}: expected a list of people as published with Simple Baselines; see data/README.md")
    return entries


def to_person(row: int, entry: dict[str, Any]) -> Person:
    """Take a person from one entry, which has all `FIELDS`; 1-based pixels become 0-based.

    Raises:
        TypeError, ValueError: a field holds something else than numbers.
    """
    joints = np.array(entry["joints"], np.float64)
    visible = np.array(entry["joints_vis"], np.float64) > 0
    if joints.shape == (*visible.shape, 2):
        joints = np.where(visible[:, None], joints - 1, NOWHERE)
    scale = float(entry["scale"])
    x, y = map(float, entry["center"])
    center, side = crop_square((x - 1, y - 1), scale)
    return Person(row, str(entry["image"]), joints, visible, center, side, head_size=HEAD_PIXELS * scale)
