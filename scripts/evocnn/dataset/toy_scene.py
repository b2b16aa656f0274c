"""What surrounds the toy people: cluttered backgrounds, things that stand in front, and the camera's flaws."""

from math import cos, pi, sin

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from evocnn.dataset.toy_paint import (
    Colour,
    Grain,
    Image,
    Outline,
    any_colour,
    near_colour,
    outline,
    paint,
    paint_capsule,
    skin_colour,
    texture,
)


def _backdrop(rng: Generator, width: int, height: int) -> Image:
    """Low-frequency colour: a coarse grid of colours around one or two base colours, enlarged."""
    rows, columns = (int(n) for n in rng.integers(2, 9, 2))
    base, other = np.array(any_colour(rng)), np.array(any_colour(rng))
    ramp = np.linspace(0.0, 1.0, rows)[:, None, None] * rng.uniform(0.0, 1.0)
    grid = base + ramp * (other - base) + rng.uniform(-1.0, 1.0, (rows, columns, 3)) * rng.uniform(8.0, 45.0)
    small = np.clip(grid, 0.0, 255.0).astype(np.uint8)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _clutter_shapes(rng: Generator, canvas: Image, base: Colour) -> None:
    """Polygons, lines and rings in colours near and far from the base."""
    height, width = canvas.shape[:2]
    for _ in range(int(rng.integers(2, 8))):
        centre = rng.uniform((0.0, 0.0), (width, height))
        corners = centre + rng.uniform(-0.3, 0.3, (int(rng.integers(3, 6)), 2)) * (width, height)
        cv2.fillPoly(canvas, [np.rint(corners).astype(np.int32)], near_colour(rng, base, 70.0))
    for _ in range(int(rng.integers(2, 9))):
        ends = np.rint(rng.uniform(-0.1, 1.1, (2, 2)) * (width, height)).astype(int).tolist()
        cv2.line(canvas, ends[0], ends[1], any_colour(rng), int(rng.integers(1, 5)), cv2.LINE_AA)
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.integers(0, (width, height)).tolist()
        cv2.circle(canvas, (x, y), int(rng.integers(6, 32)), any_colour(rng), int(rng.integers(1, 6)), cv2.LINE_AA)


def _loose_limbs(rng: Generator, canvas: Image) -> None:
    """Jointed capsules and head-like discs that belong to nobody: a limb's look alone must not make a limb."""
    height, width = canvas.shape[:2]
    skin = texture(rng, skin_colour(rng), patterned=False)
    cloth = texture(rng, any_colour(rng))
    for _ in range(int(rng.integers(2, 6))):
        patch = skin if rng.random() < 0.4 else cloth
        radius, length = rng.uniform(2.5, 9.0), rng.uniform(18.0, 50.0)
        x, y = rng.uniform((0.0, 0.0), (width, height)).tolist()
        angle = rng.uniform(0.0, 2.0 * pi)
        for _ in range(int(rng.integers(1, 4))):
            end = (x + length * cos(angle), y + length * sin(angle))
            paint_capsule(canvas, (x, y, radius), (*end, 0.75 * radius), patch)
            (x, y), radius, angle = end, 0.75 * radius, angle + rng.uniform(-1.5, 1.5)
    for _ in range(int(rng.integers(0, 4))):
        x, y = rng.uniform((0.0, 0.0), (width, height)).tolist()
        radius = rng.uniform(4.0, 12.0)
        paint_capsule(canvas, (x, y, radius), (x, y + 4.0, 0.8 * radius), skin)


def sample_background(rng: Generator, width: int, height: int) -> Image:
    """A cluttered background, (height, width, 3)."""
    canvas = _backdrop(rng, width, height)
    base = canvas[height // 2, width // 2].tolist()
    _clutter_shapes(rng, canvas, (base[0], base[1], base[2]))
    _loose_limbs(rng, canvas)
    return canvas


def _thing(rng: Generator, x: float, y: float, scale: float) -> tuple[Outline, Grain]:
    """A box, a pole or a leaf around a point."""
    kind, angle = int(rng.integers(3)), rng.uniform(0.0, pi)
    dx, dy = cos(angle), sin(angle)
    if kind == 0:  # box
        a, b = (rng.uniform(8.0, 24.0, 2) * scale).tolist()
        corners = [(x + i * a * dx - j * b * dy, y + i * a * dy + j * b * dx, 0.5) for i in (-1, 1) for j in (-1, 1)]
        return outline(corners), Grain((x - a * dx, y - a * dy, 0.5), (x + a * dx, y + a * dy, 0.5), b)
    if kind == 1:  # pole, upright more or less
        tilt, radius = rng.uniform(-0.15, 0.15), rng.uniform(2.5, 6.5) * scale
        up, down = (x - 400.0 * tilt, y - 400.0, radius), (x + 400.0 * tilt, y + 400.0, radius)
        return outline((up, down)), Grain(up, down, radius)
    half, wide = rng.uniform(16.0, 34.0) * scale, rng.uniform(5.0, 11.0) * scale  # leaf
    tips = ((x - half * dx, y - half * dy, 0.5), (x + half * dx, y + half * dy, 0.5))
    return outline((*tips, (x, y, wide))), Grain(*tips, wide)


def paint_occluders(rng: Generator, canvas: Image, near: NDArray[np.float64], scale: float) -> list[Outline]:
    """Paint up to three things in front of points (n, 2) drawn from `near`, in place; their outlines in pixels."""
    outlines = []
    for _ in range(int(np.searchsorted((0.5, 0.83, 0.96), rng.random(), side="right"))):
        x, y = (near[int(rng.integers(len(near)))] + rng.uniform(-12.0, 12.0, 2) * scale).tolist()
        shape, grain = _thing(rng, x, y, scale)
        colour = (80.0, 130.0, 70.0) if rng.random() < 0.3 else any_colour(rng)
        paint(canvas, shape, texture(rng, near_colour(rng, colour, 30.0)), grain)
        outlines.append(shape)
    return outlines


def covered(outlines: list[Outline], x: float, y: float) -> bool:
    """Whether a point lies under one of the things painted in front."""
    return any(cv2.pointPolygonTest(shape, (x, y), False) >= 0 for shape in outlines)


def photograph(rng: Generator, canvas: Image) -> Image:
    """The picture with a camera's flaws: slight blur, another brightness and contrast, and noise."""
    sigma = rng.uniform(0.0, 1.0)
    image = cv2.GaussianBlur(canvas, (5, 5), sigma) if sigma > 0.3 else canvas
    noise = rng.integers(0, 256, canvas.shape, dtype=np.uint8)
    contrast, brightness, grain = rng.uniform(0.75, 1.15), rng.uniform(-18.0, 28.0), rng.uniform(0.01, 0.09)
    mixed = cv2.addWeighted(image, contrast, noise, grain, brightness - 127.5 * grain)
    return np.asarray(mixed, dtype=np.uint8)
