"""Brushes of the toy data set: colours, textures, and round-cornered shapes painted with a texture."""

from collections.abc import Sequence
from colorsys import hsv_to_rgb
from dataclasses import dataclass
from math import hypot

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Colour = tuple[float, float, float]  # blue, green, red in 0…255
Circle = tuple[float, float, float]  # x, y (0-based pixels), radius
Outline = NDArray[np.float32]  # (n, 2), corners in 0-based pixels

_ROWS, _COLUMNS = 16, 40  # of a texture: across a limb, along it
_ACROSS, _ALONG = (grid.astype(np.float32) for grid in np.mgrid[-1 : 1 : _ROWS * 1j, 0 : 1 : _COLUMNS * 1j])
# Lit from the side at positive `_ACROSS`; the darker rim makes a flat shape look round.
_SHADE = (1.06 - 0.26 * (_ACROSS - 0.35) ** 2).astype(np.float32)
_SHADES = np.repeat(_SHADE[..., None], 3, axis=2)
_TURN = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
_RIM = np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1).astype(np.float32)
_LIGHT = (-0.5, -0.85)  # where the light comes from in the image
_SHIFT = 4  # OpenCV's fixed point: coordinates in sixteenths of a pixel
_UNIT = np.float32(1 << _SHIFT)


def hsv(hue: float, saturation: float, value: float) -> Colour:
    """Colour of a hue (any real number, one turn is 1), saturation and value in 0…1."""
    red, green, blue = hsv_to_rgb(hue % 1.0, min(max(saturation, 0.0), 1.0), min(max(value, 0.0), 1.0))
    return 255.0 * blue, 255.0 * green, 255.0 * red


def any_colour(rng: Generator) -> Colour:
    """A random colour that is neither black nor glaring."""
    hue, saturation, value = rng.random(3).tolist()
    return hsv(hue, 0.05 + 0.8 * saturation, 0.25 + 0.73 * value)


def dull_colour(rng: Generator) -> Colour:
    """A random colour of walls and streets: paler than most clothes, so that most people contrast with it."""
    hue, saturation, value = rng.random(3).tolist()
    return hsv(hue, 0.45 * saturation, 0.25 + 0.65 * value)


def near_colour(rng: Generator, colour: Colour, spread: float) -> Colour:
    """A colour within `spread` (0…255) of another in each channel."""
    steps = rng.uniform(-spread, spread, 3).tolist()
    blue, green, red = (min(max(channel + step, 0.0), 255.0) for channel, step in zip(colour, steps, strict=True))
    return blue, green, red


def tinted(colour: Colour, factors: Colour) -> Colour:
    """A colour with each channel multiplied by a factor between 0 and 1."""
    return colour[0] * factors[0], colour[1] * factors[1], colour[2] * factors[2]


def skin_colour(rng: Generator) -> Colour:
    """A skin tone between light and dark."""
    tone = rng.random()
    return hsv(rng.uniform(0.04, 0.085), 0.30 + 0.32 * tone, 0.97 - 0.60 * tone)


def texture(rng: Generator, colour: Colour, *, patterned: bool = True) -> Image:
    """A shaded cloth or skin, (16, 40, 3): rows across the limb, columns along it."""
    pattern: NDArray[np.float32] = np.float32(0.15) * rng.random(_SHADE.shape, dtype=np.float32)
    kind = int(rng.integers(6)) if patterned else 0
    if kind in (1, 2, 3):  # bands along the limb, across it, and both: checks
        along = _bands(_ALONG, rng.uniform(3.0, 8.0), rng.random()) if kind != 2 else False
        across = _bands(_ACROSS, rng.uniform(1.0, 2.5), rng.random()) if kind != 1 else False
        pattern += np.logical_xor(along, across)
    elif kind == 4:
        pattern += cv2.resize(rng.random((5, 10), dtype=np.float32), (_COLUMNS, _ROWS))
    strength = rng.uniform(0.2, 0.8) if patterned else 0.12
    accent = [strength * (other - base) for base, other in zip(colour, any_colour(rng), strict=True)]
    cloth = cv2.merge([_SHADE * pattern] * 3) * np.array(accent, dtype=np.float32)
    cloth += _SHADES * np.array(colour, dtype=np.float32)
    return np.clip(cloth, 0.0, 255.0, out=cloth).astype(np.uint8)


def _bands(grid: NDArray[np.float32], number: float, start: float) -> NDArray[np.bool_]:
    return np.floor(grid * np.float32(2.0 * number) + np.float32(2.0 * start)).astype(np.int32) % 2 == 1


def plain(colour: Colour) -> Image:
    """A texture of one colour."""
    return np.full((1, 1, 3), np.rint(colour), dtype=np.uint8)


def shaded(patch: Image, factor: float) -> Image:
    """The same texture brighter or darker by a factor."""
    return np.asarray(cv2.convertScaleAbs(patch, alpha=factor), dtype=np.uint8)


def outline(circles: Sequence[Circle]) -> Outline:
    """Convex hull of circles: two make a tapered capsule, four a trunk."""
    table = np.array(circles, dtype=np.float32)
    points = table[:, None, :2] + table[:, None, 2:] * _RIM
    return np.asarray(cv2.convexHull(points.reshape(-1, 2)), dtype=np.float32).reshape(-1, 2)


@dataclass(frozen=True)
class Grain:
    """Placement of a texture on a shape: from one circle to another, `half_width` pixels to each side."""

    head: Circle
    tail: Circle
    half_width: float

    def place(self, left: int, top: int) -> tuple[NDArray[np.float64], float]:
        """Affine map (2, 3) from texels to the pixels of a window at (left, top), and the size of a texel in pixels."""
        (x0, y0, r0), (x1, y1, r1), wide = self.head, self.tail, self.half_width
        length = hypot(x1 - x0, y1 - y0)
        dx, dy = ((x1 - x0) / length, (y1 - y0) / length) if length > 1e-6 else (0.0, 1.0)
        nx, ny = -dy, dx
        if nx * _LIGHT[0] + ny * _LIGHT[1] < 0.0:  # the lit side of the texture towards the light
            nx, ny = -nx, -ny
        step, rise = (length + r0 + r1) / (_COLUMNS - 1), 2.0 * wide / (_ROWS - 1)
        first = (dx * step, nx * rise, x0 - dx * r0 - nx * wide - left)
        second = (dy * step, ny * rise, y0 - dy * r0 - ny * wide - top)
        return np.array((first, second)), max(step, rise)


def paint(canvas: Image, points: Outline, patch: Image, grain: Grain) -> None:
    """Fill a convex outline on the canvas, in place, with a texture."""
    x, y, across, down = cv2.boundingRect(points)
    left, top = max(x - 1, 0), max(y - 1, 0)
    right, bottom = min(x + across + 1, canvas.shape[1]), min(y + down + 1, canvas.shape[0])
    if right <= left or bottom <= top:
        return
    mask = np.zeros((bottom - top, right - left, 3), dtype=np.uint8)
    fixed = ((points - np.array((left, top), dtype=np.float32)) * _UNIT).astype(np.int32)
    cv2.fillConvexPoly(mask, fixed, (255, 255, 255), cv2.LINE_AA, _SHIFT)
    placed, texel = grain.place(left, top)
    # If texels are hardly larger than pixels, the nearest texel is good enough and three times as fast.
    flags = cv2.INTER_LINEAR if texel > 1.5 else cv2.INTER_NEAREST
    size = (right - left, bottom - top)
    cloth = cv2.warpAffine(patch, placed, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    region = canvas[top:bottom, left:right]
    behind = cv2.multiply(region, cv2.bitwise_not(mask), scale=1.0 / 255.0)
    cv2.add(cv2.multiply(cloth, mask, scale=1.0 / 255.0), behind, dst=region)


def paint_capsule(canvas: Image, head: Circle, tail: Circle, patch: Image) -> None:
    """Paint a tapered capsule between two circles, in place."""
    paint(canvas, outline((head, tail)), patch, Grain(head, tail, max(head[2], tail[2])))


def paint_dot(canvas: Image, circle: Circle, colour: Colour) -> None:
    """Paint a filled circle with a smooth edge, in place."""
    x, y, radius = (round(value * (1 << _SHIFT)) for value in circle)
    cv2.circle(canvas, (x, y), radius, colour, cv2.FILLED, cv2.LINE_AA, _SHIFT)
