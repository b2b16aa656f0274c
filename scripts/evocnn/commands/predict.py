"""Find joints in all pictures of a folder or .zip, and draw them.

Writes OUTPUT/keypoints.csv, OUTPUT/keypoints.json and a picture per image in OUTPUT/overlays.

example: evocnn predict --model results/demo/final/model.keras --images photographs --output predicted
"""

import argparse
import os
import sys
from pathlib import Path

from evocnn.terminal import printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--model", type=Path, required=True, help="results/<experiment>/final/model.keras")
    parser.add_argument("--images", type=Path, required=True, help="folder, or .zip, of pictures")
    parser.add_argument("--output", type=Path, required=True, help="folder of the results")
    parser.add_argument(
        "--boxes",
        type=Path,
        help="where people are (.csv or .json, see docs/predictions.md); default: one person per picture",
    )
    parser.add_argument(
        "--heads",
        type=Path,
        help="Python file with HEADS, for a model with a head of its own; the file is run",
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of the computation (default: 1)")


def run(given: argparse.Namespace) -> int:
    """Predict; exit code 1 where no picture could be used."""
    for path in (given.model, given.images, *([given.boxes] if given.boxes else [])):
        if not path.exists():
            raise ValueError(f"there is no {path}; correct the path")
    from evocnn.processes.log import limit_threads

    limit_threads(given.threads)
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # its messages about missing GPUs do not help a user
    from evocnn.dataset.boxes import read_boxes
    from evocnn.network.pictures import predict_pictures

    boxes = read_boxes(given.boxes) if given.boxes else None
    people, broken = predict_pictures(
        given.output, model=given.model, images=given.images, boxes=boxes, heads=given.heads
    )
    for image in broken:
        print(printable(f"{image.image}: {image.reason}"), file=sys.stderr)
    pictures = len({person.image for person in people})
    print(f"{len(people)} people in {pictures} pictures: {given.output / 'overlays'}")
    if broken:
        print(f"pictures that could not be used: {len(broken)}")
    return 0 if people else 1
