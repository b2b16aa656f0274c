"""Find joints, or classes, in pictures, in a video, or in what a camera sees, and draw them.

Writes OUTPUT/keypoints.csv and keypoints.json (classes.csv and classes.json for classes), a picture per image, or one
video, in OUTPUT/overlays, and for boxes of COCO its results, OUTPUT/coco.json. A picture that cannot be read is named;
the others are processed.

example: evocnn predict --model results/demo/final/model.keras --images photographs --output predicted
         evocnn predict --model results/demo/final/model.keras --images a.jpg b.png --output predicted
         evocnn predict --model results/demo/final/model.keras --images walk.mp4 --output predicted
         evocnn predict --model results/demo/final/model.keras --images 0 --output predicted     (Ctrl-C ends it)
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from evocnn.terminal import printable, quiet

if TYPE_CHECKING:
    from evocnn.prediction.frames import Frame


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--model", type=Path, required=True, help="results/<experiment>/final/model.keras")
    parser.add_argument(
        "--images", nargs="+", required=True, help="folder or .zip of pictures, pictures, a video, or a camera's number"
    )
    parser.add_argument("--output", type=Path, required=True, help="folder of the results")
    parser.add_argument(
        "--boxes",
        type=Path,
        help="where people are (.csv or .json, also of COCO; see docs/predictions.md); default: one per picture",
    )
    parser.add_argument("--min-score", type=float, default=0.5, help="least score of a detected box (default: 0.5)")
    parser.add_argument("--category", type=int, help="category_id of the boxes of COCO to use")
    parser.add_argument(
        "--heads",
        type=Path,
        help="Python file with HEADS, for a model with a head of its own; the file is run",
    )
    parser.add_argument(
        "--flip-test", action="store_true", help="average over each picture and its mirror image, in twice the time"
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of the computation (default: 1)")


def run(given: argparse.Namespace) -> int:
    """Predict; exit code 1 where no picture could be used."""
    for path in (given.model, *([given.boxes] if given.boxes else [])):
        if not path.exists():
            raise ValueError(f"there is no {path}; correct the path")
    from evocnn.processes.log import limit_threads

    limit_threads(given.threads)
    # Messages about missing GPUs and damaged videos do not help a user: ours do.
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "OPENCV_LOG_LEVEL": "OFF", "OPENCV_FFMPEG_LOGLEVEL": "-8"}
    with quiet():  # TensorFlow reports its devices when it is imported, whatever its level of logging
        from evocnn.prediction.finder import Finder
        from evocnn.prediction.frames import Video, open_source
        from evocnn.prediction.predict import predict
    from evocnn.dataset.boxes import read_boxes, read_image_ids
    from evocnn.prediction.results import write_coco_results

    boxes = read_boxes(given.boxes, category=given.category, least=given.min_score) if given.boxes else None
    source = open_source(given.images, given.output, None if boxes is None else list(boxes))
    finder = Finder(given.model, given.heads, flip_test=given.flip_test)
    if boxes is None and finder.on_boxes:
        print("Without --boxes, each picture is taken for one person who fills it, as the boxes of the training do.")
    ids = read_image_ids(given.boxes) if given.boxes and finder.on_boxes else {}
    predicted, broken = predict(given.output, finder, source, boxes, partial(_progress, total=source.total))
    if ids:
        write_coco_results(given.output / "coco.json", predicted, ids, given.category or 1)
    for image in broken:
        print(printable(f"{image.image}: {image.reason}"), file=sys.stderr)
    what = "people" if finder.on_boxes else "objects"
    seen = len({(one.image, one.frame) for one in predicted})
    frames = "frames" if isinstance(source, Video) else "pictures"
    print(f"{len(predicted)} {what} in {seen} {frames}: {given.output / 'overlays'}")
    if broken:
        print(f"pictures that could not be used: {len(broken)}")
    return 0 if predicted else 1


def _progress(frames: "Iterable[Frame]", total: int | None) -> "Iterator[Frame]":
    """The frames, with a bar on the terminal that shows the time left."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    return iter(track(frames, "predicting", total, console=console, transient=True, disable=not console.is_terminal))
