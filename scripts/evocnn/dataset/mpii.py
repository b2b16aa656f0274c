"""MPII in the JSON layout of Simple Baselines: `annot/train.json`, `annot/valid.json`, `images/`."""

import json
from pathlib import Path

import numpy as np

from evocnn.dataset.people import People, crop_square, in_search_valid

JOINTS = 16
HEAD_PIXELS = 25.0
"""Head size over `scale`: equal to MPII's own head boxes on all 2,958 validation people to a relative 1e-6."""

FIELDS = ("image", "center", "scale", "joints", "joints_vis")


def annotation_file(root: Path, split: str) -> Path:
    """The file that holds a split: train and valid share `train.json`, test is `valid.json`."""
    return root / "annot" / ("valid.json" if split == "test" else "train.json")


def read_split(path: Path, split: str, valid_fraction: float) -> People:
    """Read one split of a run.

    Args:
        path: the split's `annotation_file`.
        split: "train", "valid" or "test".
        valid_fraction: share of the images of `train.json` that becomes search-valid, 0 to 1.

    Raises:
        ValueError: the file is not in the layout, or the split is empty.
    """
    people = read_annotations(path)
    if split != "test":
        people = people.take(in_search_valid(people.images, valid_fraction) == (split == "valid"))
    if not len(people):
        raise ValueError(f"{path}: nobody is left for the {split} split; change dataset.valid_fraction")
    return people


def read_annotations(path: Path) -> People:
    """Read everybody in an annotation file; 1-based pixels become 0-based.

    Raises:
        ValueError: the file is not in the layout; the text names the entry and what is wrong with it.
    """
    try:
        entries = json.loads(path.read_text())
    except ValueError as error:
        raise ValueError(f"{path}: expected JSON, found damage ({error}); fetch the file again") from error
    if not isinstance(entries, list) or not entries:
        raise ValueError(f"{path}: expected a list of people as published with Simple Baselines")
    for number, entry in enumerate(entries):
        missing = [field for field in FIELDS if field not in entry]
        if missing:
            raise ValueError(f"{path}: person {number} lacks {', '.join(missing)}; expected {', '.join(FIELDS)}")
        if np.shape(entry["joints"]) != (JOINTS, 2) or np.shape(entry["joints_vis"]) != (JOINTS,):
            raise ValueError(f"{path}: person {number} has other than {JOINTS} joints; expected MPII's skeleton")
    scale = np.array([entry["scale"] for entry in entries], np.float64)
    center, side = crop_square(np.array([entry["center"] for entry in entries], np.float64) - 1, scale)
    return People(
        images=np.array([entry["image"] for entry in entries]),
        center=center,
        side=side,
        joints=np.array([entry["joints"] for entry in entries], np.float64) - 1,
        visible=np.array([entry["joints_vis"] for entry in entries]) > 0,
        head_size=HEAD_PIXELS * scale,
    )
