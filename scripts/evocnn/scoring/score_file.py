"""The score of predictions in a file, made by this workflow or by anything else."""

from dataclasses import asdict, dataclass, replace
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.adapters import read_annotations
from evocnn.dataset.adapters.fields import load_json
from evocnn.dataset.people import Annotations, People
from evocnn.files import finite, write_json
from evocnn.labels import read_skeleton
from evocnn.pose.metric import score_pose
from evocnn.pose.pckh import Score
from evocnn.pose.skeleton import Skeleton
from evocnn.scoring.prediction_arrays import write_mat
from evocnn.scoring.prediction_files import read_predictions
from evocnn.scoring.predictions import Expected, Predictions

STRICT = 0.1
"""By convention PCKh is reported at this threshold as well."""
MISSING = "-"
"""Stands for a score of joints without labels."""
OPTIONS = {
    "dataset.train or dataset.test": "--annotations",
    "dataset.labels": "--labels",
    "dataset.format": "--format",
}
"""Adapters name keys of the configuration; here they are options."""


@dataclass(frozen=True)
class FileScore:
    """What predictions score, and of whom.

    Attributes:
        scores: by name of the metric, the one that was asked for first.
        people: number of people who are scored.
        usable: number of people whose annotations can be used.
        unmeasured: number of predicted people without a normaliser, who are not scored.
        labelled: number of labels that count in the mean.
        nowhere: number of those whose prediction is not finite, and so wrong.
        skipped: for each person whose annotation cannot be used, row and reason.
    """

    scores: dict[str, Score]
    people: int
    usable: int
    unmeasured: int
    labelled: int
    nowhere: int
    skipped: tuple[str, ...]


def score_file(
    annotations: Path,
    predictions: Path,
    *,
    layout: str,
    labels: Path,
    threshold: float | None = None,
    subset: bool = False,
    output: Path | None = None,
    mat: Path | None = None,
) -> str:
    """Score predictions, and give the scores as lines of text.

    Args:
        annotations: the file that was predicted.
        predictions: .h5, .json or .csv; see docs/predictions.md.
        layout: of the annotations, see `read_annotations`.
        labels: a skeleton.
        threshold: fraction of the normaliser; None for the skeleton's.
        subset: whether people without a prediction are left out; else there must be none.
        output: a file for the numbers, of kind "score".
        mat: a file for the predictions as HRNet's pred.mat.

    Raises:
        ValueError: a file is missing, not in order, or does not fit the others; the text is one line.
        OSError: a file cannot be read or written.
    """
    for option, path in (("annotations", annotations), ("predictions", predictions), ("labels", labels)):
        if not path.is_file():
            raise ValueError(f"{path}: found no such file; name another one with --{option}")
        if output and output.resolve() == path.resolve():
            raise ValueError(f"{output}: the scores would replace the {option}; name another file with --json")
    if threshold is not None and not (isfinite(threshold) and threshold > 0):
        raise ValueError(f"the threshold is {threshold:g}, expected a number above 0; change --threshold")
    skeleton = read_labels_file(labels)
    known = _read_annotations(annotations, layout, skeleton)
    expected = Expected(
        count=_rows(annotations, layout, known),
        images=dict(zip(known.people.rows.tolist(), known.people.images.tolist(), strict=True)),
        joints=skeleton.joints,
        first_pixel=1 if layout == "mpii" else 0,
    )
    predicted = read_predictions(predictions, expected)
    people = _predicted(known.people, predicted, predictions, subset)
    result = _score(people, predicted, skeleton, skeleton.threshold if threshold is None else threshold, known)
    if output:
        _write(output, result)
    if mat:
        write_mat(mat, predicted, expected)
    return _text(result)


def read_labels_file(path: Path) -> Skeleton:
    """The skeleton of a file that people have named.

    Raises:
        ValueError: it is no skeleton.
    """
    try:
        return read_skeleton(path)
    except (AttributeError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: expected a skeleton, found damage ({error}); see config/skeletons") from error


def _read_annotations(path: Path, layout: str, skeleton: Skeleton) -> Annotations:
    try:
        labelled = read_annotations(layout, path, skeleton)
    except ValueError as error:
        text = str(error)
        for key, option in OPTIONS.items():
            text = text.replace(key, option)
        raise ValueError(f"{text} (read as --format {layout})") from error
    if not len(labelled.people):
        raise ValueError(f"{path}: found nobody to score; correct the file, --format or --labels")
    return labelled


def _rows(path: Path, layout: str, known: Annotations) -> int:
    """Number of rows of an annotation file. Of COCO's, crowds and people without a labelled joint are not read."""
    if layout == "coco":
        return len(load_json(path, "COCO keypoints")["annotations"])
    return len(known.people) + len(known.skipped)


def _predicted(people: People, predicted: Predictions, path: Path, subset: bool) -> People:
    given: NDArray[np.bool_] = predicted.given[people.rows]
    if not given.any():
        raise ValueError(
            f"{path}: found no prediction for any of the {len(people)} people; name the annotations that were predicted"
        )
    if not given.all() and not subset:
        first = int(np.argmin(given))
        raise ValueError(
            f"{path}: {np.sum(~given)} of {len(people)} people have no prediction, the first is person "
            f"{people.rows[first]} in {people.images[first]}; add them, or score the others alone with --subset"
        )
    return people.take(given)


def _score(
    people: People, predicted: Predictions, skeleton: Skeleton, threshold: float, known: Annotations
) -> FileScore:
    places = predicted.places[people.rows]
    predictions = np.concatenate([places, np.ones((*places.shape[:2], 1))], -1)
    metrics = [replace(skeleton, threshold=threshold)]
    if skeleton.normaliser == "head_size" and threshold == skeleton.threshold != STRICT and not skeleton.own_metric:
        metrics.append(replace(skeleton, threshold=STRICT))
    measured = np.isfinite(people.normaliser)
    counted = (people.visible & measured[:, None])[:, list(skeleton.scored)]
    nowhere = np.any(~np.isfinite(places[:, list(skeleton.scored)]), axis=-1)
    return FileScore(
        scores={
            metric.metric: score_pose(predictions, people.joints, people.visible, people.normaliser, metric)
            for metric in metrics
        },
        people=int(measured.sum()),
        usable=len(known.people),
        unmeasured=int((~measured).sum()),
        labelled=int(counted.sum()),
        nowhere=int((counted & nowhere).sum()),
        skipped=tuple(f"row {person.row}: {person.reason}" for person in known.skipped),
    )


def _write(output: Path, result: FileScore) -> None:
    metric, *others = result.scores
    document = {
        "metric": metric,
        "score": finite(asdict(result.scores[metric])),
        "others": {name: finite(asdict(result.scores[name])) for name in others},
        "people": result.people,
        "usable_people": result.usable,
        "labelled_joints": result.labelled,
        "joints_not_finite": result.nowhere,
        "skipped": list(result.skipped),
    }
    write_json(output, "score", document)


def _text(result: FileScore) -> str:
    rows = []
    for metric, score in result.scores.items():
        rows.append((f"{metric} in percent", _with_error(score)))
        if len(rows) == 1:
            rows += [(f"  {group}", _percent(value)) for group, value in score.groups.items()]
    rows += [("people", f"{result.people:>7,} of {result.usable:,}"), ("labelled joints", f"{result.labelled:>7,}")]
    if result.nowhere:
        rows.append(("predicted nowhere", f"{result.nowhere:>7,}, counted as wrong"))
    if result.unmeasured:
        rows.append(("not measured", f"{result.unmeasured:>7,} people without the distance to measure errors in"))
    if result.skipped:
        rows.append(("left out", f"{len(result.skipped):>7,} annotations, the first is {result.skipped[0]}"))
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def _with_error(score: Score) -> str:
    error = f" ± {score.standard_error:.3f}" if isfinite(score.standard_error) else ""
    return _percent(score.mean) + error


def _percent(value: float) -> str:
    return f"{value:7.3f}" if isfinite(value) else f"{MISSING:>7}"
