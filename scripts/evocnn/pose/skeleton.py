"""A skeleton: the joints, their left-right pairs, limbs for drawings, the joints that count, and the normaliser."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evocnn.extensions import own_metric, own_name
from evocnn.yaml_files import check_keys, distinct_names

MEASURES = {"pck": "PCK", "nme": "1-NME", "ap": "AP"}
"""Metrics by their names in a labels file, and as they are called: joints within the threshold; 1 − the error over the
normaliser, at least 0 (NME is the normalised mean error of face alignment); COCO's average precision."""
KEYS = ("joints", "pairs", "limbs", "groups", "scored", "normaliser", "threshold")


@dataclass(frozen=True)
class Skeleton:
    """Joints by index; every other field refers to those indices.

    Attributes:
        joints: names, in the order of the annotations.
        pairs: (right, left) joints that are swapped when an image is mirrored.
        limbs: (from, to) joints that a drawing connects.
        groups: joints whose scores are reported together, by group name.
        scored: joints that count in the mean score.
        normaliser: the distance that errors are divided by: the annotated "head_size", the diagonal of the "box", the
            square root of the annotated "area", or the distance between two joints, such as shoulder and hip for the
            torso.
        threshold: a joint is right if its error is at most this fraction of the normaliser, above 0.
        measure: what the score is, one of `MEASURES`.
        sigmas: how exactly people annotate each joint, for the object keypoint similarity of COCO; None if unknown.
        own_metric: `FILE.py:NAME` of a metric of the user's own, which takes the place of PCK; see `METRICS` in
            docs/extending.md.
    """

    joints: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    limbs: tuple[tuple[int, int], ...]
    groups: Mapping[str, tuple[int, ...]]
    scored: tuple[int, ...]
    normaliser: str | tuple[int, int] = "head_size"
    threshold: float = 0.5
    measure: str = "pck"
    sigmas: tuple[float, ...] | None = None
    own_metric: str | None = None

    @property
    def outputs(self) -> int:
        """Number of joints."""
        return len(self.joints)

    @property
    def task(self) -> str:
        """What a network is for."""
        return "pose"

    @property
    def mirror(self) -> tuple[int, ...]:
        """Index of the joint that takes each joint's place in a mirrored image, length J."""
        order = list(range(len(self.joints)))
        for right, left in self.pairs:
            order[right], order[left] = left, right
        return tuple(order)

    @property
    def metric(self) -> str:
        """Name of the score: "PCKh@0.5" if the normaliser is the head size, else "PCK@…"; or of the own metric."""
        if self.own_metric:
            return own_name(self.own_metric)
        if self.measure != "pck":
            return MEASURES[self.measure]
        return f"{'PCKh' if self.normaliser == 'head_size' else 'PCK'}@{self.threshold:g}"


def parse_skeleton(content: dict[str, Any], path: Path) -> Skeleton:
    """Take a skeleton from the content of a labels file; joints are given by name.

    Raises:
        ValueError: a key is missing, unknown, or has a wrong value; the message names the file and the key.
    """
    try:
        return _parse(content, path)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _parse(content: dict[str, Any], path: Path) -> Skeleton:
    check_keys(content, KEYS, ("metric", "sigmas"))
    joints = distinct_names(content, "joints")
    at = {joint: place for place, joint in enumerate(joints)}
    pairs = _couples(content, "pairs", at)
    for joint, count in Counter(joint for pair in pairs for joint in pair).items():
        if count > 1:
            raise ValueError(f"'{joints[joint]}' is in {count} places of pairs; expected it in one pair at most")
    normaliser, threshold = content["normaliser"], content["threshold"]
    if normaliser not in ("head_size", "box", "area") and not isinstance(normaliser, list):
        raise ValueError(f"normaliser is {normaliser!r}; expected head_size, box, area, or a list of two joints")
    metric, sigmas = content.get("metric"), _sigmas(content.get("sigmas"), len(joints))
    measure = metric if isinstance(metric, str) and metric in MEASURES else "pck"
    if measure == "ap" and (sigmas is None or normaliser != "area"):
        raise ValueError("metric is ap, which needs sigmas and the normaliser area; add them")
    if not _is_positive(threshold):
        raise ValueError(f"threshold is {threshold!r}; expected a number above 0")
    groups = content["groups"]
    if not isinstance(groups, dict):
        raise ValueError(f"groups is {groups!r}; expected lists of joints by name, or {{}}")
    return Skeleton(
        joints=joints,
        pairs=pairs,
        limbs=_couples(content, "limbs", at),
        groups={str(name): _places(groups, name, at) for name in groups},
        scored=_places(content, "scored", at),
        normaliser=_couple("normaliser", normaliser, at) if isinstance(normaliser, list) else normaliser,
        threshold=float(threshold),
        measure=measure,
        sigmas=sigmas,
        own_metric=None if metric in MEASURES else own_metric(content, path),
    )


def _sigmas(given: Any, joints: int) -> tuple[float, ...] | None:
    if given is None:
        return None
    if not isinstance(given, list) or len(given) != joints or not all(map(_is_positive, given)):
        raise ValueError(f"sigmas is {given!r}; expected {joints} numbers above 0, one for each joint")
    return tuple(float(sigma) for sigma in given)


def _places(content: dict[str, Any], key: str, at: Mapping[str, int]) -> tuple[int, ...]:
    """Indices of the joints in a list, of which there is one at least, each once."""
    names = distinct_names(content, key)
    for name in names:
        if name not in at:
            raise ValueError(f"{key} has '{name}', which is not among the joints; expected one of {', '.join(at)}")
    return tuple(at[name] for name in names)


def _couples(content: dict[str, Any], key: str, at: Mapping[str, int]) -> tuple[tuple[int, int], ...]:
    given = content[key]
    if not isinstance(given, list):
        raise ValueError(f"{key} is {given!r}; expected a list of lists of two joints, or []")
    return tuple(_couple(key, couple, at) for couple in given)


def _couple(key: str, couple: Any, at: Mapping[str, int]) -> tuple[int, int]:
    if not isinstance(couple, list) or len(couple) != 2:
        raise ValueError(f"{key} has {couple!r}; expected two joints")
    first, second = _places({key: couple}, key, at)
    return first, second


def _is_positive(value: Any) -> bool:
    """Whether a value is a finite number above 0, or the text of one."""
    try:
        return not isinstance(value, bool) and 0 < float(value) < float("inf")
    except (TypeError, ValueError):
        return False
