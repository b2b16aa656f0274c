"""What is to be predicted: a YAML file that declares a skeleton or classes."""

from functools import cache
from pathlib import Path

import yaml

from evocnn.classification.classes import Classes, parse_classes
from evocnn.pose.skeleton import Skeleton, parse_skeleton

Labels = Skeleton | Classes

MPII = Path(__file__).resolve().parents[2] / "config/skeletons/mpii.yaml"


def read_labels(path: Path) -> Labels:
    """Read a skeleton (the file has `joints`) or classes (it has `classes`).

    Raises:
        ValueError: neither, or not in order; the text names the file and what to do.
    """
    try:
        content = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        found = " ".join(str(error).split())
        raise ValueError(f"{path}: expected YAML, found damage ({found}); correct the file") from error
    return labels_of(content, path)


def labels_of(content: object, path: Path) -> Labels:
    """What the content of a labels file stands for; `path` is where it is from. See `read_labels`."""
    if isinstance(content, dict) and "classes" in content:
        return parse_classes(content, path)
    if isinstance(content, dict) and "joints" in content:
        return parse_skeleton(content, path)
    raise ValueError(f"{path}: expected 'joints' (see config/skeletons) or 'classes'; add one of them")


def read_skeleton(path: Path) -> Skeleton:
    """Read a skeleton.

    Raises:
        ValueError: the file is not in order, or holds classes.
    """
    labels = read_labels(path)
    if not isinstance(labels, Skeleton):
        raise ValueError(f"{path}: found classes, expected 'joints'; name a skeleton, see config/skeletons")
    return labels


@cache
def mpii_skeleton() -> Skeleton:
    """The skeleton of MPII as shipped."""
    return read_skeleton(MPII)
