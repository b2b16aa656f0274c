"""Find joints in pictures of your own: a command of its own, apart from the workflow."""

import argparse
import os
import sys
from pathlib import Path

from evocnn.jobs.process import limit_threads

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Find joints in all pictures of a folder, and draw them.")
    parser.add_argument("--model", type=Path, required=True, help="results/<experiment>/final/model.keras")
    parser.add_argument("--images", type=Path, required=True, help="folder, or .zip, of pictures")
    parser.add_argument(
        "--output", type=Path, required=True, help="folder for keypoints.csv, keypoints.json, overlays/"
    )
    parser.add_argument(
        "--boxes", type=Path, help="where people are (.csv or .json, see README.md); whole pictures if not given"
    )
    parser.add_argument("--threads", type=int, default=1, help="1 if not given")
    given = parser.parse_args()
    try:
        for path in (given.model, given.images, *([given.boxes] if given.boxes else [])):
            if not path.exists():
                raise ValueError(f"there is no {path}; correct the path")
        limit_threads(given.threads)
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # what it says of missing GPUs is nothing to a user
        from evocnn.dataset.boxes import read_boxes
        from evocnn.network.pictures import predict_pictures

        boxes = read_boxes(given.boxes) if given.boxes else None
        found, broken = predict_pictures(given.output, model=given.model, images=given.images, boxes=boxes)
    except (OSError, ValueError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        sys.exit(2)
    for image in broken:
        print(f"{image.image}: {image.reason}", file=sys.stderr)
    print(f"{len(found)} people in {len({person.image for person in found})} pictures: {given.output / 'overlays'}")
    if broken:
        print(f"pictures that could not be used: {len(broken)}")
    sys.exit(0 if found else 1)
