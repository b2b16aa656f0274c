"""COCO's average precision of keypoints (https://cocodataset.org/#keypoints-eval), computed by pycocotools."""

import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from evocnn.dataset.adapters.fields import finite, identifier, load_json, numbers
from evocnn.files import write_json
from evocnn.pose.skeleton import Skeleton

NAMES = ("AP", "AP50", "AP75", "APM", "APL", "AR", "AR50", "AR75", "ARM", "ARL")
"""What pycocotools measures of keypoints, in its order."""


def is_coco_results(path: Path, layout: str) -> bool:
    """Whether predictions are COCO's results, a list of objects with `image_id`, of annotations in COCO's format."""
    if layout != "coco" or path.suffix.lower() != ".json" or not path.is_file():
        return False
    content = load_json(path, "COCO's results")
    return isinstance(content, list) and bool(content) and isinstance(content[0], dict) and "image_id" in content[0]


def score_coco(annotations: Path, predictions: Path, skeleton: Skeleton, output: Path | None = None) -> str:
    """Average precision and recall over thresholds of the object keypoint similarity, as lines of text.

    Args:
        annotations: of COCO's format.
        predictions: COCO's results, https://cocodataset.org/#format-results.
        skeleton: its `sigmas` say how exactly people annotate each joint.
        output: a file for the numbers, of kind "score".

    Raises:
        ValueError: a file is not in its format, there are no sigmas, or an image is not in the annotations; the text is
            one line.
    """
    count = len(skeleton.joints)
    if skeleton.sigmas is None:
        raise ValueError(
            f"found {count} joints without sigmas, expected {count} numbers, how exactly people annotate each joint; "
            "add 'sigmas' to the skeleton, see docs/predictions.md"
        )
    known = _read_annotations(annotations)
    results = _read_results(predictions, known, count)
    with redirect_stdout(io.StringIO()):  # which pycocotools fills with its progress
        truth = COCO()
        truth.dataset = known
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(results), "keypoints")
        evaluation.params.kpt_oks_sigmas = np.array(skeleton.sigmas)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    scores = {name: 100 * float(value) for name, value in zip(NAMES, evaluation.stats, strict=True)}
    measured = {name: value if value >= 0 else None for name, value in scores.items()}  # -1 where there is nobody
    people = sum(not entry.get("iscrowd") and entry["num_keypoints"] > 0 for entry in known["annotations"])
    if output:
        write_json(output, "score", {"metric": "AP", "score": measured, "people": people, "predicted": len(results)})
    rows = [f"{name:<6}{'-':>8}" if value is None else f"{name:<6}{value:8.3f}" for name, value in measured.items()]
    return "\n".join(["COCO's keypoints, in percent", *rows, f"{people:,} people, {len(results):,} predictions"])


def _read_annotations(path: Path) -> dict[str, Any]:
    content = load_json(path, "COCO's keypoints")
    keys = ("images", "annotations")
    if not isinstance(content, dict) or not all(isinstance(content.get(key), list) for key in keys):
        raise ValueError(f"{path}: expected COCO's keypoints, an object with 'images' and 'annotations'; name it")
    annotations = []
    for number, entry in enumerate(content["annotations"]):
        box = numbers(entry.get("bbox"), 4) if isinstance(entry, dict) else None
        if box is None or not isinstance(entry.get("keypoints"), list):
            raise ValueError(f"{path}: annotation {number} has no bbox of 4 numbers, or no keypoints; correct it")
        visible = sum(bool(v) for v in entry["keypoints"][2::3])
        filled = {"id": number + 1, "category_id": 1, "iscrowd": 0, "num_keypoints": visible, "area": box[2] * box[3]}
        annotations.append({**filled, **entry})
    used = {entry["category_id"] for entry in annotations}
    return {
        "images": content["images"],
        "annotations": annotations,
        "categories": content.get("categories") or [{"id": number} for number in sorted(used)],
    }


def _read_results(path: Path, known: dict[str, Any], joints: int) -> list[dict[str, Any]]:
    images = {identifier(image.get("id")) for image in known["images"] if isinstance(image, dict)}
    results = []
    for number, entry in enumerate(load_json(path, "COCO's results")):
        where = f"{path}: result {number}"
        keypoints = numbers(entry.get("keypoints"), 3 * joints) if isinstance(entry, dict) else None
        if keypoints is None:
            raise ValueError(f"{where} has no keypoints of {3 * joints} numbers; correct it, or --labels")
        if identifier(entry.get("image_id")) not in images:
            raise ValueError(f"{where} is of the image {entry.get('image_id')!r}, which is not annotated; correct it")
        score = finite(entry.get("score"))
        if score is None:
            raise ValueError(f"{where} has the score {entry.get('score')!r}, expected a number; add it")
        results.append({**entry, "keypoints": keypoints, "score": score, "category_id": entry.get("category_id", 1)})
    return results
