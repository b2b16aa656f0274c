"""Surroundings of the toy people: cluttered backgrounds, objects in front of people, and defects of the camera."""

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
    dull_colour,
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
    base, other = np.array(dull_colour(rng)), np.array(dull_colour(rng))
    ramp = np.linspace(0.0, 1.0, rows)[:, None, None] * rng.uniform(0.0, 1.0)
    grid = base + ramp * (other - base) + rng.uniform(-1.0, 1.0, (rows, columns, 3)) * rng.uniform(6.0, 30.0)
    small = np.clip(grid, 0.0, 255.0).astype(np.uint8)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _points(rng: Generator, number: int, canvas: Image, reach: float = 1.0) -> list[tuple[float, float]]:
    """Random points about the middle of a canvas; with reach 1 they fill it."""
    height, width = canvas.shape[:2]
    return [
        ((0.5 + reach * (x - 0.5)) * width, (0.5 + reach * (y - 0.5)) * height)
        for x, y in rng.random((number, 2)).tolist()
    ]


def _clutter_shapes(rng: Generator, canvas: Image, base: Colour) -> None:
    """Polygons, lines and rings in colours near and far from the base."""
    polygons, lines, rings = (int(n) for n in rng.integers((1, 1, 0), (6, 6, 3)))
    middle = np.array([0.5 * canvas.shape[1], 0.5 * canvas.shape[0]])
    for centre in _points(rng, polygons, canvas):
        corners = np.array(_points(rng, int(rng.integers(3, 6)), canvas, 0.6)) - middle + centre
        cv2.fillPoly(canvas, [corners.astype(np.int32)], near_colour(rng, base, 50.0))
    for _ in range(lines):
        start, end = ((int(x), int(y)) for x, y in _points(rng, 2, canvas, 1.2))
        cv2.line(canvas, start, end, dull_colour(rng), 1 + int(4.0 * rng.random()), cv2.LINE_AA)
    for x, y in _points(rng, rings, canvas):
        radius, thickness = 6 + int(26.0 * rng.random()), 1 + int(5.0 * rng.random())
        cv2.circle(canvas, (int(x), int(y)), radius, dull_colour(rng), thickness, cv2.LINE_AA)


def _loose_limbs(rng: Generator, canvas: Image) -> None:
    """Capsules and discs that look like limbs and heads but belong to no person, so that looks are not enough."""
    skin = texture(rng, skin_colour(rng), patterned=False)
    cloth = texture(rng, any_colour(rng))
    limbs, discs = (int(n) for n in rng.integers((1, 0), (4, 3)))
    for x, y in _points(rng, limbs, canvas):
        patch = skin if rng.random() < 0.4 else cloth
        radius, length, angle = rng.uniform(2.5, 9.0), rng.uniform(18.0, 50.0), rng.uniform(0.0, 2.0 * pi)
        start = (x, y)
        for turn in rng.uniform(-1.5, 1.5, int(rng.integers(1, 4))).tolist():
            end = (start[0] + length * cos(angle), start[1] + length * sin(angle))
            paint_capsule(canvas, (*start, radius), (*end, 0.75 * radius), patch)
            start, radius, angle = end, 0.75 * radius, angle + turn
    for x, y in _points(rng, discs, canvas):
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
    """Paint up to three objects in front of random points of `near` (n, 2), in place; returns their outlines."""
    outlines = []
    for _ in range(int(np.searchsorted((0.6, 0.9, 0.98), rng.random(), side="right"))):
        x, y = (near[int(rng.integers(len(near)))] + rng.uniform(-12.0, 12.0, 2) * scale).tolist()
        shape, grain = _thing(rng, x, y, scale)
        colour = (80.0, 130.0, 70.0) if rng.random() < 0.3 else any_colour(rng)
        paint(canvas, shape, texture(rng, near_colour(rng, colour, 30.0)), grain)
        outlines.append(shape)
    return outlines


def covered(outlines: list[Outline], x: float, y: float) -> bool:
    """Whether a point lies under one of the objects painted in front."""
    return any(cv2.pointPolygonTest(shape, (x, y), False) >= 0 for shape in outlines)


def photograph(rng: Generator, canvas: Image) -> Image:
    """The image with defects of a camera: slight blur, changed brightness and contrast, and noise."""
    sigma = rng.uniform(0.0, 1.0)
    image = cv2.GaussianBlur(canvas, (5, 5), sigma) if sigma > 0.3 else canvas
    height, width = canvas.shape[:2]
    grey = np.frombuffer(rng.bytes(height * width), dtype=np.uint8).reshape(height, width)
    noise = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    contrast, brightness, grain = rng.uniform(0.75, 1.15), rng.uniform(-18.0, 28.0), rng.uniform(0.01, 0.09)
    mixed = cv2.addWeighted(image, contrast, noise, grain, brightness - 127.5 * grain)
    return np.asarray(mixed, dtype=np.uint8)
