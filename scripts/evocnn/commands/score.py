"""Score predicted joints: PCKh, or the metric of --labels, or COCO's AP for results in COCO's format.

Prints a table by joint with standard errors. Predictions may come from any program (docs/predictions.md).

example: evocnn score --annotations data/mpii/annot/valid.json --predictions predicted.h5
         evocnn score --format coco --labels config/skeletons/coco.yaml --annotations valid.json --predictions out.json
"""

import argparse
from pathlib import Path

from evocnn.labels import MPII


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--annotations", type=Path, required=True, help="annotation file of the predicted people")
    parser.add_argument(
        "--predictions", type=Path, required=True, help=".h5, .mat, .json or .csv, see docs/predictions.md"
    )
    parser.add_argument(
        "--format", choices=("mpii", "coco", "table"), default="mpii", help="of the annotations (default: mpii)"
    )
    parser.add_argument("--labels", type=Path, default=MPII, help="a skeleton file (default: that of MPII)")
    parser.add_argument("--threshold", type=float, help="fraction of the head size (default: that of the labels file)")
    parser.add_argument("--subset", action="store_true", help="leave out people without a prediction")
    parser.add_argument("--mat", type=Path, metavar="OUT", help="write the predictions as HRNet's pred.mat, too")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the numbers to this file, too")


def run(given: argparse.Namespace) -> int:
    """Score and print."""
    from evocnn.scoring.coco_ap import is_coco_results, score_coco
    from evocnn.scoring.score_file import read_labels_file, score_file

    if given.annotations.is_file() and is_coco_results(given.predictions, given.format):
        if given.threshold is not None or given.subset or given.mat:
            raise ValueError(
                f"{given.predictions}: COCO's results are scored by AP, which has no --threshold, --subset or --mat; "
                "leave them out"
            )
        print(score_coco(given.annotations, given.predictions, read_labels_file(given.labels), given.json))
        return 0
    print(
        score_file(
            given.annotations,
            given.predictions,
            layout=given.format,
            labels=given.labels,
            threshold=given.threshold,
            subset=given.subset,
            output=given.json,
            mat=given.mat,
        )
    )
    return 0
