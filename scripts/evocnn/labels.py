"""What networks predict: a YAML file that declares a skeleton or classes."""

from functools import cache
from pathlib import Path

from evocnn.classification.classes import Classes, parse_classes
from evocnn.extensions import own_file
from evocnn.pose.skeleton import Skeleton, parse_skeleton
from evocnn.yaml_files import read_yaml

Labels = Skeleton | Classes

MPII = Path(__file__).resolve().parents[2] / "config/skeletons/mpii.yaml"


def read_labels(path: Path) -> Labels:
    """Read a skeleton (the file has `joints`) or classes (it has `classes`). Names are taken as they are written.

    Raises:
        ValueError: the file holds neither, or is invalid; the message names the file and says what to do.
    """
    return labels_of(read_yaml(path, as_written=True), path)


def labels_of(content: object, path: Path) -> Labels:
    """The labels in the content of a labels file; `path` is named in error messages. See `read_labels`."""
    if isinstance(content, dict) and "classes" in content:
        return parse_classes(content, path)
    if isinstance(content, dict) and "joints" in content:
        return parse_skeleton(content, path)
    raise ValueError(f"{path}: expected 'joints' (see config/skeletons) or 'classes'; add one of them")


def label_files(path: Path) -> list[Path]:
    """The files that labels consist of: the labels file, and that of its metric if it names one."""
    metric = read_labels(path).own_metric
    file = own_file(metric) if metric else None
    return [path, file] if file else [path]


def read_skeleton(path: Path) -> Skeleton:
    """Read a skeleton.

    Raises:
        ValueError: the file is invalid, or holds classes.
    """
    labels = read_labels(path)
    if not isinstance(labels, Skeleton):
        raise ValueError(f"{path}: found classes, expected 'joints'; name a skeleton, see config/skeletons")
    return labels


@cache
def mpii_skeleton() -> Skeleton:
    """The shipped skeleton of MPII."""
    return read_skeleton(MPII)
