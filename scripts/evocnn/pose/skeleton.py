"""A skeleton: which joints there are, which mirror each other, which are drawn, which count, and by what measure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEYS = ("joints", "pairs", "limbs", "groups", "scored", "normaliser", "threshold")


@dataclass(frozen=True)
class Skeleton:
    """Joints by index; every other field refers to those indices.

    Attributes:
        joints: names, in the order of the annotations.
        pairs: (right, left) joints that change places when an image is mirrored.
        limbs: (from, to) joints that a drawing connects.
        groups: joints whose scores are reported together, by group name.
        scored: joints that count in the mean score.
        normaliser: the distance that errors are measured in: the annotated "head_size", the diagonal of the "box", or
            the distance between two joints, such as shoulder and hip for the torso.
        threshold: a joint is found when its error is at most this fraction of the normaliser, above 0.
    """

    joints: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    limbs: tuple[tuple[int, int], ...]
    groups: Mapping[str, tuple[int, ...]]
    scored: tuple[int, ...]
    normaliser: str | tuple[int, int] = "head_size"
    threshold: float = 0.5

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
        """Index of the joint that stands at each joint's place in a mirrored image, length J."""
        order = list(range(len(self.joints)))
        for right, left in self.pairs:
            order[right], order[left] = left, right
        return tuple(order)

    @property
    def metric(self) -> str:
        """Name of the score: "PCKh@0.5" where the head is the measure, else "PCK@…"."""
        return f"{'PCKh' if self.normaliser == 'head_size' else 'PCK'}@{self.threshold:g}"


def parse_skeleton(content: dict[str, Any], path: Path) -> Skeleton:
    """Take a skeleton from the content of a labels file; joints are given by name.

    Raises:
        ValueError: a key is missing, a joint is named twice, or a name is not among `joints`; the text names the file.
    """
    missing = set(KEYS) - set(content)
    if missing:
        raise ValueError(f"{path}: the skeleton lacks {', '.join(sorted(missing))}; add it, see config/skeletons")
    joints = tuple(content["joints"])
    if len(set(joints)) != len(joints):
        raise ValueError(f"{path}: a joint is named twice under 'joints'; give each its own name")

    def index(name: str) -> int:
        if name not in joints:
            raise ValueError(f"{path}: '{name}' is not among the joints; expected one of {', '.join(joints)}")
        return joints.index(name)

    def couple(names: Iterable[str]) -> tuple[int, int]:
        found = tuple(map(index, names))
        if len(found) != 2:
            raise ValueError(f"{path}: found {', '.join(names)}; expected two joints")
        return found

    normaliser, threshold = content["normaliser"], content["threshold"]
    if normaliser not in ("head_size", "box") and not isinstance(normaliser, list):
        raise ValueError(f"{path}: normaliser is {normaliser!r}; expected head_size, box, or a list of two joints")
    if not isinstance(threshold, int | float) or not threshold > 0:
        raise ValueError(f"{path}: threshold is {threshold!r}; expected a number above 0")
    return Skeleton(
        joints=joints,
        pairs=tuple(map(couple, content["pairs"])),
        limbs=tuple(map(couple, content["limbs"])),
        groups={group: tuple(map(index, names)) for group, names in content["groups"].items()},
        scored=tuple(map(index, content["scored"])),
        normaliser=couple(normaliser) if isinstance(normaliser, list) else normaliser,
        threshold=float(threshold),
    )
