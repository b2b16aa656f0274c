"""A skeleton: which joints there are, which mirror each other, which are drawn, which count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Skeleton:
    """Joints by index; every other field refers to those indices.

    Attributes:
        joints: names, in the order of the annotations.
        pairs: (right, left) joints that change places when an image is mirrored.
        limbs: (from, to) joints that a drawing connects.
        groups: joints whose scores are reported together, by group name.
        scored: joints that count in the mean score.
    """

    joints: tuple[str, ...]
    pairs: tuple[tuple[int, int], ...]
    limbs: tuple[tuple[int, int], ...]
    groups: Mapping[str, tuple[int, ...]]
    scored: tuple[int, ...]

    @property
    def mirror(self) -> tuple[int, ...]:
        """Index of the joint that stands at each joint's place in a mirrored image, length J."""
        order = list(range(len(self.joints)))
        for right, left in self.pairs:
            order[right], order[left] = left, right
        return tuple(order)


def read_skeleton(path: Path) -> Skeleton:
    """Read a skeleton from YAML with the keys `joints`, `pairs`, `limbs`, `groups`, `scored`, all by joint name.

    Raises:
        ValueError: no YAML, a key is missing, a joint is named twice, or a name is not among `joints`.
    """
    try:
        content: dict[str, Any] = yaml.safe_load(path.read_text()) or {}
    except yaml.YAMLError as error:
        found = " ".join(str(error).split())
        raise ValueError(f"{path}: expected YAML, found damage ({found}); correct the file") from error
    missing = {"joints", "pairs", "limbs", "groups", "scored"} - set(content)
    if missing:
        raise ValueError(f"{path}: the skeleton lacks {', '.join(sorted(missing))}; add it, see config/skeletons")
    joints = tuple(content["joints"])
    if len(set(joints)) != len(joints):
        raise ValueError(f"{path}: a joint is named twice under 'joints'; give each its own name")

    def index(name: str) -> int:
        if name not in joints:
            raise ValueError(f"{path}: '{name}' is not among the joints; expected one of {', '.join(joints)}")
        return joints.index(name)

    def couples(rows: Iterable[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
        return tuple((index(a), index(b)) for a, b in rows)

    return Skeleton(
        joints=joints,
        pairs=couples(content["pairs"]),
        limbs=couples(content["limbs"]),
        groups={group: tuple(map(index, names)) for group, names in content["groups"].items()},
        scored=tuple(map(index, content["scored"])),
    )
