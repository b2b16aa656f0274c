"""The articulated body of the toy people: computes joints in space from joint angles and proportions.

The body is three-dimensional. So front, side and back views, foreshortening and the order of drawing all follow from
one set of angles, and right and left cannot be confused. In the frame of the body, x points to its own left, y down and
z forward. For a person facing the camera, this is image right, image down and towards the viewer.
"""

from dataclasses import dataclass, field
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RIGHT, LEFT = -1, 1  # sign of x in the frame of the body


@dataclass(frozen=True)
class Arm:
    """Angles of one arm in radians; all zero is an arm that hangs straight down.

    `flex` lifts the arm forward and `out` sideways, `elbow` bends it, and `twist` turns the plane in which it bends:
    0 bends forward, positive outward, negative inward.
    """

    flex: float = 0.0
    out: float = 0.0
    elbow: float = 0.0
    twist: float = 0.0


@dataclass(frozen=True)
class Leg:
    """Angles of one leg in radians: `flex` lifts the thigh forward, `out` sideways, `knee` bends the shank back."""

    flex: float = 0.0
    out: float = 0.0
    knee: float = 0.0


@dataclass(frozen=True)
class Pose:
    """Angles of one person in radians; the default stands upright and faces the camera.

    `bend` tips the trunk forward on the pelvis and `lean` sideways; `nod` and `turn` move the head on the trunk;
    `yaw` turns the whole person (0 front view, pi back view), `pitch` tips it towards the camera and `roll` turns it
    in the image plane.
    """

    right_arm: Arm = field(default_factory=Arm)
    left_arm: Arm = field(default_factory=Arm)
    right_leg: Leg = field(default_factory=Leg)
    left_leg: Leg = field(default_factory=Leg)
    bend: float = 0.0
    lean: float = 0.0
    nod: float = 0.0
    turn: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0


@dataclass(frozen=True)
class Build:
    """Proportions of a body relative to the average one: lengths of arms, legs and trunk, breadth, thickness."""

    arms: float = 1.0
    legs: float = 1.0
    trunk: float = 1.0
    breadth: float = 1.0
    girth: float = 1.0


@dataclass(frozen=True)
class Body:
    """A body seen by the camera, in pixels; x image right, y image down, z towards the viewer, origin at the pelvis.

    `joints` is (16, 3) in MPII's order; `hands` and `toes` are (2, 3), right then left. `head_axes` and `trunk_axes`
    are (3, 3) with the unit vectors left, down and forward of that part as columns.
    """

    joints: Array
    hands: Array
    toes: Array
    head_axes: Array
    trunk_axes: Array


def _about_x(angle: float) -> Array:
    """Rotation that tips what points up (-y) forward (+z)."""
    c, s = cos(angle), sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, s], [0.0, -s, c]])


def _about_y(angle: float) -> Array:
    """Rotation that turns what points forward (+z) to image right (+x)."""
    c, s = cos(angle), sin(angle)
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def _about_z(angle: float) -> Array:
    """Rotation in the image plane, clockwise as seen."""
    c, s = cos(angle), sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _direction(side: int, out: float, flex: float) -> Array:
    return np.array([side * sin(out), cos(out) * cos(flex), cos(out) * sin(flex)])


def _arm(arm: Arm, side: int, shoulder: Array, length: float) -> list[Array]:
    """Elbow, wrist and hand (each (3,)) of an arm in the frame of the trunk."""
    upper = _direction(side, arm.out, arm.flex)
    # The two directions at right angles to the upper arm: the way it moves when flexed, and when lifted sideways.
    forward = np.array([0.0, -sin(arm.flex), cos(arm.flex)])
    outward = np.array([side * cos(arm.out), -sin(arm.out) * cos(arm.flex), -sin(arm.out) * sin(arm.flex)])
    bending = cos(arm.twist) * forward + sin(arm.twist) * outward
    fore = cos(arm.elbow) * upper + sin(arm.elbow) * bending
    elbow = shoulder + 33.0 * length * upper
    wrist = elbow + 28.0 * length * fore
    return [elbow, wrist, wrist + 7.0 * fore]


def _leg(leg: Leg, side: int, hip: Array, length: float) -> list[Array]:
    """Knee, ankle and toe (each (3,)) of a leg in the frame of the pelvis."""
    shin_flex = leg.flex - leg.knee
    knee = hip + 46.0 * length * _direction(side, leg.out, leg.flex)
    ankle = knee + 44.0 * length * _direction(side, 0.6 * leg.out, shin_flex)
    # Toes point forward and slightly down and outward, so that feet are visible in the front view too.
    toe = ankle + np.array([4.0 * side, 0.0, 0.0]) + 13.0 * _direction(0, 0.0, shin_flex + radians(65.0))
    return [knee, ankle, toe]


def place_body(pose: Pose, build: Build, scale: float) -> Body:
    """Joints of a person whose standing height is about 200·scale pixels, seen by an orthographic camera."""
    camera = _about_z(pose.roll) @ _about_x(pose.pitch) @ _about_y(pose.yaw)
    trunk = _about_z(pose.lean) @ _about_x(pose.bend)
    head = trunk @ _about_x(pose.nod) @ _about_y(pose.turn)
    thorax = trunk @ np.array([0.0, -52.0 * build.trunk, 0.0])
    neck = thorax + trunk @ np.array([0.0, -8.0, 1.0])
    top = neck + head @ np.array([0.0, -26.0, 1.0])
    chains = {}
    for side, arm, leg in ((RIGHT, pose.right_arm, pose.right_leg), (LEFT, pose.left_arm, pose.left_leg)):
        shoulder = np.array([side * 19.0 * build.breadth, 2.0, 0.0])
        hip = np.array([side * 9.5 * build.breadth, 2.0, 0.0])
        arms = [thorax + trunk @ point for point in [shoulder, *_arm(arm, side, shoulder, build.arms)]]
        chains[side] = [*arms, hip, *_leg(leg, side, hip, build.legs)]
    (r_shoulder, r_elbow, r_wrist, r_hand, r_hip, r_knee, r_ankle, r_toe) = chains[RIGHT]
    (l_shoulder, l_elbow, l_wrist, l_hand, l_hip, l_knee, l_ankle, l_toe) = chains[LEFT]
    legs = [r_ankle, r_knee, r_hip, l_hip, l_knee, l_ankle]
    arms = [r_wrist, r_elbow, r_shoulder, l_shoulder, l_elbow, l_wrist]
    points = np.stack([*legs, np.zeros(3), thorax, neck, top, *arms, r_hand, l_hand, r_toe, l_toe])
    seen = scale * points @ camera.T
    return Body(seen[:16], seen[16:18], seen[18:], camera @ head, camera @ trunk)
