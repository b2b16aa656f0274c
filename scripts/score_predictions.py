"""Score predictions in a file: a command of its own, apart from the workflow."""

import argparse
import sys
from pathlib import Path

from evocnn.labels import MPII
from evocnn.report.score_file import score_file

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Score predicted joints: PCKh, or the measure of --labels.")
    parser.add_argument("--annotations", type=Path, required=True, help="the annotation file that was predicted")
    parser.add_argument("--predictions", type=Path, required=True, help=".h5, .json or .csv, see README.md")
    parser.add_argument("--format", choices=("mpii", "coco", "table"), default="mpii", help="of the annotations")
    parser.add_argument("--labels", type=Path, default=MPII, help="a skeleton; that of MPII if not given")
    parser.add_argument("--threshold", type=float, help="fraction of the head size; that of the labels if not given")
    parser.add_argument("--subset", action="store_true", help="leave people without a prediction out")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the numbers to this file, too")
    given = parser.parse_args()
    try:
        text = score_file(
            given.annotations,
            given.predictions,
            layout=given.format,
            labels=given.labels,
            threshold=given.threshold,
            subset=given.subset,
            output=given.json,
        )
    except (OSError, ValueError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        sys.exit(2)
    print(text)
