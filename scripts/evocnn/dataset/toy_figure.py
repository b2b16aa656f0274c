"""Drawing of one toy person: clothes, and a body painted from the farthest part to the nearest."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import hypot

from numpy.random import Generator

from evocnn.dataset.toy_body import LEFT, RIGHT, Array, Body
from evocnn.dataset.toy_paint import (
    Circle,
    Colour,
    Grain,
    Image,
    any_colour,
    hsv,
    near_colour,
    outline,
    paint,
    paint_capsule,
    paint_dot,
    plain,
    shaded,
    skin_colour,
    texture,
    tinted,
)

# Limbs on the left are darker: the only cue of side for bare limbs in the back view. Colours, shading and brightness
# are random, so this cue separates the sides only if both limbs are compared.
_SIDE_SHADE = {RIGHT: 1.15, LEFT: 0.7}


@dataclass(frozen=True)
class Outfit:
    """Clothes and looks of a person. `sleeves` and `legs` are the share of the limb that is covered: 0, ½ or 1."""

    skin: Colour
    skin_patch: Image
    shirt_patch: Image
    trousers_patch: Image
    hair_patch: Image
    shoe: Colour
    trim: Colour
    sleeves: float
    legs: float
    long_hair: bool
    front: str


def sample_outfit(rng: Generator, surroundings: Colour) -> Outfit:
    """Random clothes; about one garment in eight has nearly the colour of the surroundings."""

    def cloth() -> Image:
        hidden = rng.random() < 0.12
        return texture(rng, near_colour(rng, surroundings, 22.0) if hidden else any_colour(rng))

    skin = skin_colour(rng)
    natural = hsv(rng.uniform(0.03, 0.12), rng.uniform(0.1, 0.75), rng.uniform(0.08, 0.85))
    hair = hsv(rng.random(), 0.6, 0.8) if rng.random() < 0.1 else natural
    return Outfit(
        skin=skin,
        skin_patch=texture(rng, skin, patterned=False),
        shirt_patch=cloth(),
        trousers_patch=cloth(),
        hair_patch=texture(rng, hair, patterned=False),
        shoe=any_colour(rng),
        trim=any_colour(rng),
        sleeves=(0.0, 0.5, 1.0)[int(rng.integers(3))],
        legs=(0.5, 1.0, 1.0)[int(rng.integers(3))],
        long_hair=bool(rng.random() < 0.4),
        front=("buttons", "pocket", "badge", "plain")[int(rng.integers(4))],
    )


@dataclass(frozen=True)
class _Painter:
    """One person ready to paint: body in the pixels of a canvas, outfit, scale and thickness of limbs."""

    canvas: Image
    body: Body
    origin: tuple[float, float]
    outfit: Outfit
    scale: float
    girth: float

    def circle(self, point: Array, radius: float) -> Circle:
        """Circle around a point of the body (3,), its radius in hundredths of half a height."""
        return self.origin[0] + float(point[0]), self.origin[1] + float(point[1]), radius * self.scale

    def limb(self, start: Array, end: Array, radii: tuple[float, float], patch: Image) -> None:
        first, second = (radius * self.girth for radius in radii)
        paint_capsule(self.canvas, self.circle(start, first), self.circle(end, second), patch)

    def arm(self, side: int, upper: bool) -> None:
        joints, outfit, shade = self.body.joints, self.outfit, _SIDE_SHADE[side]
        shoulder, elbow, wrist = joints[[12, 11, 10]] if side == RIGHT else joints[[13, 14, 15]]
        skin, shirt = shaded(outfit.skin_patch, shade), shaded(outfit.shirt_patch, shade)
        if upper:
            self.limb(shoulder, elbow, (6.6, 5.0), shirt if outfit.sleeves > 0 else skin)
            return
        hand = self.body.hands[0 if side == RIGHT else 1]
        self.limb(wrist, hand, (3.4, 4.2), skin)
        self.limb(elbow, wrist, (4.9, 3.5), shirt if outfit.sleeves == 1 else skin)

    def leg(self, side: int, upper: bool) -> None:
        joints, outfit, shade = self.body.joints, self.outfit, _SIDE_SHADE[side]
        hip, knee, ankle = joints[[2, 1, 0]] if side == RIGHT else joints[[3, 4, 5]]
        cloth = shaded(outfit.trousers_patch, shade)
        if upper:
            self.limb(hip, knee, (9.6, 6.6), cloth)
            return
        self.limb(knee, ankle, (6.4, 4.2), cloth if outfit.legs == 1 else shaded(outfit.skin_patch, shade))
        toe = self.body.toes[0 if side == RIGHT else 1]
        paint_capsule(self.canvas, self.circle(ankle, 5.0), self.circle(toe, 3.6), shaded(plain(outfit.shoe), shade))

    def trunk(self) -> None:
        joints, girth, outfit = self.body.joints, self.girth, self.outfit
        shoulders = [self.circle(0.86 * joints[i] + 0.14 * joints[7], 8.0 * girth) for i in (12, 13)]
        hips = [self.circle(joints[i], 9.4 * girth) for i in (2, 3)]
        waist = [self.circle(0.9 * joints[i] + 0.1 * joints[7], 9.2 * girth) for i in (2, 3)]
        paint_capsule(self.canvas, hips[0], hips[1], outfit.trousers_patch)
        (x0, y0, radius), (x1, y1, _) = shoulders
        grain = Grain(self.circle(joints[7], 8.0), self.circle(joints[6], 9.0), radius + 0.5 * hypot(x1 - x0, y1 - y0))
        paint(self.canvas, outline(shoulders + waist), outfit.shirt_patch, grain)
        self.shirt_front()

    def shirt_front(self) -> None:
        """Buttons, a badge, or a pocket on the wearer's left: they show where the front is, and which side is left."""
        left, down, forward = self.scale * self.body.trunk_axes.T
        if forward[2] < 0.2 * self.scale:
            return
        chest = self.body.joints[7] + 9.0 * forward
        trim = self.outfit.trim
        if self.outfit.front == "buttons":
            for depth in (8.0, 18.0, 28.0, 38.0):
                paint_dot(self.canvas, self.circle(chest + depth * down, 1.5), trim)
        elif self.outfit.front == "badge":
            paint_dot(self.canvas, self.circle(chest + 17.0 * down, 7.0), trim)
        elif self.outfit.front == "pocket":
            corners = [(5.0, 12.0), (12.5, 12.0), (12.5, 20.0), (5.0, 20.0)]
            square = [self.circle(chest + x * left + y * down, 0.4) for x, y in corners]
            paint(self.canvas, outline(square), plain(trim), Grain(square[0], square[3], 8.0 * self.scale))

    def neck(self) -> None:
        self.limb(self.body.joints[7], self.body.joints[8], (5.0, 4.8), self.outfit.skin_patch)

    def head(self) -> None:
        down, forward = self.scale * self.body.head_axes.T[1:]
        crown = self.body.joints[9] + 10.2 * down
        back = crown - 1.5 * forward
        nape = back + (16.0 if self.outfit.long_hair else 4.0) * down - 3.0 * forward
        hair = (self.circle(back, 10.4), self.circle(nape, 7.0))
        brow, jaw = crown + 4.0 * forward + 3.0 * down, crown + 3.0 * forward + 9.0 * down
        face = (self.circle(brow, 7.4), self.circle(jaw, 5.4))
        layers = [(hair, self.outfit.hair_patch), (face, self.outfit.skin_patch)]
        # The nearer part is painted last: hair covers the face of a person who looks away.
        for (first, second), patch in layers if forward[2] > -0.15 * self.scale else layers[::-1]:
            paint_capsule(self.canvas, first, second, patch)
        self.face(crown)

    def face(self, crown: Array) -> None:
        left, down, forward = self.scale * self.body.head_axes.T
        skin = self.outfit.skin
        eye, lips, nose = (40.0, 30.0, 30.0), tinted(skin, (0.55, 0.5, 0.85)), tinted(skin, (0.86, 0.86, 0.86))
        features = [(side * 3.4 * left + 2.6 * down + 9.6 * forward, 1.35, eye) for side in (RIGHT, LEFT)]
        features += [(side * 2.0 * left + 9.6 * down + 8.0 * forward, 1.1, lips) for side in (RIGHT, 0, LEFT)]
        features.append((6.0 * down + 11.8 * forward, 1.7, nose))
        for offset, radius, colour in features:
            if offset[2] > 2.5 * self.scale:  # on the half of the head that faces the camera
                paint_dot(self.canvas, self.circle(crown + offset, radius), colour)


def draw_person(
    canvas: Image, body: Body, origin: tuple[float, float], outfit: Outfit, scale: float, girth: float
) -> None:
    """Paint a body onto the canvas, in place, with its pelvis at `origin` (x, y in 0-based pixels)."""
    painter = _Painter(canvas, body, origin, outfit, scale, girth)
    z = body.joints[:, 2]
    parts: list[tuple[float, Callable[[], None]]] = [
        (0.5 * float(z[6] + z[7]), painter.trunk),
        (float(z[8]) - scale, painter.neck),
        (0.5 * float(z[8] + z[9]), painter.head),
    ]
    for side, (ankle, knee, hip, wrist, elbow, shoulder) in (
        (RIGHT, (0, 1, 2, 10, 11, 12)),
        (LEFT, (5, 4, 3, 15, 14, 13)),
    ):
        # A sleeve or a trouser leg hangs over the limb's other half where both are equally far.
        parts.append((0.5 * float(z[elbow] + z[shoulder]) + 0.5 * scale, partial(painter.arm, side, True)))
        parts.append((0.5 * float(z[wrist] + z[elbow]), partial(painter.arm, side, False)))
        parts.append((0.5 * float(z[knee] + z[hip]) - scale, partial(painter.leg, side, True)))
        parts.append((0.5 * float(z[ankle] + z[knee]) - 2.0 * scale, partial(painter.leg, side, False)))
    for _, draw in sorted(parts, key=lambda part: part[0]):
        draw()
