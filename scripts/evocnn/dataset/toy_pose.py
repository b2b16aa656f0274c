"""Random poses and proportions of the toy people."""

from dataclasses import dataclass
from math import pi, radians

import numpy as np
from numpy.random import Generator

from evocnn.dataset.toy_body import Arm, Build, Leg, Pose

Range = tuple[float, float]


@dataclass(frozen=True)
class _Kind:
    """A kind of pose: how often it is drawn, and the ranges of its angles in degrees, drawn for each side alone.

    `swing` moves the legs against one another and the arms against the legs; `roll` is to either side.
    """

    weight: float
    hip: Range = (-5, 12)
    hip_out: Range = (1, 12)
    knee: Range = (0, 14)
    shoulder: Range = (-12, 28)
    shoulder_out: Range = (4, 25)
    elbow: Range = (3, 45)
    twist: Range = (-60, 40)
    bend: Range = (-5, 12)
    roll: Range = (0, 9)
    swing: Range = (0, 6)


_KINDS = (
    # standing
    _Kind(0.23),
    # walking
    _Kind(0.20, hip_out=(0, 6), knee=(4, 48), elbow=(10, 80), bend=(0, 20), swing=(14, 42)),
    # arms raised
    _Kind(0.14, shoulder=(-10, 30), shoulder_out=(85, 172), elbow=(0, 85), twist=(-20, 100)),
    # gesturing
    _Kind(0.15, shoulder=(-25, 120), shoulder_out=(8, 80), elbow=(15, 130), twist=(-120, 80)),
    # sitting
    _Kind(0.10, hip=(62, 108), hip_out=(3, 26), knee=(55, 112), shoulder=(0, 65), elbow=(15, 100)),
    # bending
    _Kind(0.05, hip=(-5, 30), knee=(0, 35), shoulder=(15, 120), shoulder_out=(3, 40), bend=(32, 85)),
    # leaning
    _Kind(0.05, hip_out=(0, 25), shoulder_out=(5, 120), roll=(12, 40)),
    # leaping
    _Kind(0.05, hip_out=(8, 42), knee=(0, 70), shoulder_out=(40, 150), elbow=(0, 60), swing=(0, 25)),
    # lying
    _Kind(0.02, hip=(-5, 70), knee=(0, 90), shoulder=(-10, 150), shoulder_out=(4, 60), roll=(65, 115)),
    # upside down
    _Kind(0.01, hip_out=(0, 35), knee=(0, 60), shoulder_out=(125, 178), roll=(155, 180)),
)
_BORROWED_SHARE = 0.2  # of the arms are drawn from another kind of pose
_SHARES = np.cumsum([kind.weight for kind in _KINDS])


def _pick(rng: Generator) -> _Kind:
    return _KINDS[int(np.searchsorted(_SHARES, rng.uniform(0.0, _SHARES[-1]), side="right"))]


def _angle(rng: Generator, limits: Range) -> float:
    return radians(rng.uniform(*limits))


def _view(rng: Generator) -> float:
    """Yaw in radians: front views, back views, then sides, each with a spread that lets them meet."""
    centre = (0.0, pi, pi / 2, -pi / 2)[int(np.searchsorted((0.62, 0.82, 0.91), rng.random(), side="right"))]
    return centre + radians(rng.uniform(-32.0, 32.0))


def _sign(rng: Generator) -> int:
    return 1 if rng.random() < 0.5 else -1


def _limbs(rng: Generator, kind: _Kind, swing: float) -> tuple[Arm, Leg]:
    """Arm and leg of one side; the arm swings forward as the leg swings back."""
    of = _pick(rng) if rng.random() < _BORROWED_SHARE else kind
    flex, out, elbow, twist = (_angle(rng, limits) for limits in (of.shoulder, of.shoulder_out, of.elbow, of.twist))
    hip, hip_out, knee = (_angle(rng, limits) for limits in (kind.hip, kind.hip_out, kind.knee))
    return Arm(flex + swing, out, elbow, twist), Leg(hip - swing, hip_out, knee)


def sample_pose(rng: Generator) -> Pose:
    """A random pose: one of the kinds, sometimes with an arm of another kind, seen from a random direction."""
    kind = _pick(rng)
    swing = _angle(rng, kind.swing) * _sign(rng)
    right_arm, right_leg = _limbs(rng, kind, swing)
    left_arm, left_leg = _limbs(rng, kind, -swing)
    return Pose(
        right_arm=right_arm,
        left_arm=left_arm,
        right_leg=right_leg,
        left_leg=left_leg,
        bend=_angle(rng, kind.bend),
        lean=_angle(rng, (-10, 10)),
        nod=_angle(rng, (-12, 16)),
        turn=_angle(rng, (-32, 32)),
        yaw=_view(rng),
        pitch=_angle(rng, (-8, 12)),
        roll=_angle(rng, kind.roll) * _sign(rng),
    )


def sample_build(rng: Generator) -> Build:
    """Random proportions, a few per cent around the average; thickness varies more."""
    arms, legs, trunk = rng.uniform(0.93, 1.07, 3).tolist()
    return Build(arms, legs, trunk, rng.uniform(0.85, 1.1), rng.uniform(0.82, 1.22))
