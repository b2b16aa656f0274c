"""Images of the size of MPII's, with people: the toy set enlarged."""

import json
from pathlib import Path

import cv2

from evocnn.dataset.decoding import decode
from evocnn.dataset.toy import render_toy

WIDTH, QUALITY = 1280, 90
"""Width of the images in pixels and quality of their JPEG, about those of MPII's."""


def draw_images(folder: Path, people: int) -> None:
    """Draw a data set in MPII's layout: `annot/train.json` and `images`."""
    render_toy(folder, train_people=people, valid_people=0, seed=0)
    path = folder / "annot/train.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    zoom = {}
    for image in {entry["image"] for entry in entries}:
        pixels = decode((folder / "images" / image).read_bytes())[..., ::-1]
        zoom[image] = WIDTH / pixels.shape[1]
        large = cv2.resize(pixels, None, fx=zoom[image], fy=zoom[image], interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / "images" / image), large, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    for entry in entries:
        z = zoom[entry["image"]]
        entry["scale"] *= z
        entry["center"] = [z * value for value in entry["center"]]
        entry["joints"] = [[z * x, z * y] for x, y in entry["joints"]]
    path.write_text(json.dumps(entries), encoding="utf-8")
