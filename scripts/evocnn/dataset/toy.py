"""The toy data set: drawn people in MPII's layout, to try the workflow without a download.

Every image depends only on (seed, split, number of the image). So the same call writes the same bytes, and a smaller
data set is the beginning of a larger one with the same seed.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from evocnn.dataset.toy_body import Body, Build, place_body
from evocnn.dataset.toy_figure import draw_person, sample_outfit
from evocnn.dataset.toy_paint import Image, Outline
from evocnn.dataset.toy_pose import sample_build, sample_pose
from evocnn.dataset.toy_scene import covered, paint_occluders, photograph, sample_background

Entry = dict[str, str | float | list[float] | list[int] | list[list[float]]]

SPLITS = ("train", "valid")
_QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 90]
_PAIR_SHARE = 0.15  # of the images show two people
_CUT_SHARE = 0.12  # of the people are placed freely, so that the border may cut them
_MISSED_SHARE = 0.04  # of the joints in the image are not labelled, as if the annotator had missed them
_HIDDEN_SHARE = 0.3  # of the hidden joints are not labelled
_UNLABELLED = [-1.0, -1.0]


@dataclass(frozen=True)
class _Person:
    """A person in an image: body, proportions, true scale, and place of the pelvis (x, y in 0-based pixels)."""

    body: Body
    build: Build
    scale: float
    origin: tuple[float, float]

    @property
    def joints(self) -> NDArray[np.float64]:
        """Joints in the image, (16, 2) in 0-based pixels."""
        return self.body.joints[:, :2] + self.origin

    @property
    def middle(self) -> NDArray[np.float64]:
        """Middle of the box around the joints, (2,) in 0-based pixels."""
        return 0.5 * (self.joints.min(axis=0) + self.joints.max(axis=0))


def _place_along(rng: Generator, low: float, high: float, side: int, margin: float, free: bool) -> float:
    """An origin along one axis, so that low…high around it lies inside the side, or at least half of it does."""
    if free:
        return rng.uniform(0.12, 0.88) * side - 0.5 * (low + high)
    first, last = margin - low, side - margin - high
    return rng.uniform(first, last) if first < last else 0.5 * (first + last) + rng.uniform(-margin, margin)


def _sample_person(rng: Generator, width: int, height: int) -> _Person:
    scale = rng.uniform(0.45, 1.0)
    build = sample_build(rng)
    body = place_body(sample_pose(rng), build, scale)
    (left, top), (right, bottom) = body.joints[:, :2].min(axis=0), body.joints[:, :2].max(axis=0)
    free, margin = bool(rng.random() < _CUT_SHARE), 9.0 * scale
    x = _place_along(rng, left, right, width, margin, free)
    y = _place_along(rng, top, bottom, height, margin, free)
    return _Person(body, build, scale, (float(x), float(y)))


def _sample_people(rng: Generator, width: int, height: int) -> list[_Person]:
    """One person, sometimes two. Two may overlap, but not so much that a crop would be ambiguous."""
    people = [_sample_person(rng, width, height)]
    if rng.random() >= _PAIR_SHARE:
        return people
    for _ in range(6):
        other = _sample_person(rng, width, height)
        if np.hypot(*(other.middle - people[0].middle)) > 60.0 * max(other.scale, people[0].scale):
            return [*people, other]
    return people


def _annotate(rng: Generator, name: str, person: _Person, size: tuple[int, int], hidden: list[Outline]) -> Entry:
    """The annotation of one person, as a human annotator would write it, in 1-based pixels."""
    width, height = size
    labels: list[list[float]] = []
    chances = rng.random((16, 2))
    for (x, y), (miss, give_up) in zip(person.joints.tolist(), chances.tolist(), strict=True):
        inside = 0.0 <= x <= width - 1.0 and 0.0 <= y <= height - 1.0
        lost = miss < _MISSED_SHARE or (give_up < _HIDDEN_SHARE and covered(hidden, x, y))
        labels.append([round(x + 1.0, 4), round(y + 1.0, 4)] if inside and not lost else _UNLABELLED)
    scale = person.scale * rng.uniform(0.95, 1.06)
    # MPII's centres lie above the middle of the body. This is why Simple Baselines moves them down by 15·scale.
    trunk = 0.5 * (person.joints[6] + person.joints[7])
    centre = 0.8 * person.middle + 0.2 * trunk + (1.0, 1.0 - 13.0 * scale) + rng.normal(0.0, 3.0, 2) * scale
    return {
        "image": name,
        "center": [round(value, 4) for value in centre.tolist()],
        "scale": round(scale, 4),
        "joints": labels,
        "joints_vis": [int(label is not _UNLABELLED) for label in labels],
    }


def render_image(seed: int, split: int, index: int) -> tuple[Image, list[Entry]]:
    """One image (height, width, 3; blue, green, red) of a split (0 train, 1 valid) and the entries of its people."""
    rng = np.random.default_rng([seed, split, index])
    width, height = (int(side) for side in rng.integers(160, 321, 2))
    canvas = sample_background(rng, width, height)
    people = _sample_people(rng, width, height)
    for person in people:
        x, y = np.clip(np.rint(person.origin), 0, (width - 1, height - 1)).astype(int).tolist()
        blue, green, red = canvas[y, x].tolist()
        outfit = sample_outfit(rng, (blue, green, red))
        draw_person(canvas, person.body, person.origin, outfit, person.scale, person.build.girth)
    hidden = paint_occluders(rng, canvas, np.concatenate([person.joints for person in people]), people[0].scale)
    name = f"toy-{SPLITS[split]}-{index:05d}.jpg"
    entries = [_annotate(rng, name, person, (width, height), hidden) for person in people]
    return photograph(rng, canvas), entries


def _write(path: Path, data: bytes) -> None:
    """Write under a temporary name, then rename: an interrupted run leaves no incomplete file under the final name."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def _render_split(root: Path, split: int, people: int, seed: int) -> None:
    entries: list[Entry] = []
    index = 0
    while len(entries) < people:
        image, new_entries = render_image(seed, split, index)
        _, data = cv2.imencode(".jpg", image, _QUALITY)
        _write(root / "images" / f"toy-{SPLITS[split]}-{index:05d}.jpg", data.tobytes())
        entries += new_entries
        index += 1
    # The last image may show one person more than requested. This person is not annotated.
    lines = ",\n".join(json.dumps(entry) for entry in entries[:people])
    _write(root / "annot" / f"{SPLITS[split]}.json", f"[\n{lines}\n]\n".encode())


def render_toy(root: Path, *, train_people: int, valid_people: int, seed: int) -> None:
    """Write the toy data set: `annot/train.json`, `annot/valid.json` and `images/*.jpg` under `root`.

    An annotation file lists one entry per person, `train_people` and `valid_people` of them: `image` (name of a file),
    `center` ([x, y]), `scale` (a person is about 200·scale pixels tall), `joints` (16 times [x, y] in MPII's order) and
    `joints_vis` (1 for a labelled joint, occluded or not). Coordinates are 1-based pixels; an unlabelled joint is
    [-1, -1]. The same call writes the same bytes; images of an earlier, larger set are not deleted.
    """
    if train_people < 0 or valid_people < 0:
        raise ValueError(f"cannot draw {train_people} and {valid_people} people: a number is negative")
    for folder in ("annot", "images"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for split, people in enumerate((train_people, valid_people)):
        _render_split(root, split, people, seed)
