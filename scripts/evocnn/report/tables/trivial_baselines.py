"""Trivial baselines: what is scored without looking at an image."""

from dataclasses import asdict
from pathlib import Path

from evocnn.dataset.crops import read_crops
from evocnn.files import finite, write_json
from evocnn.tasks.task import read_task

Files = tuple[Path, Path]


def score_trivial_baselines(output: Path, *, train: Files, valid: Files, test: Files, labels: Path) -> None:
    """Write the scores of a task's trivial baselines on search-valid and test, by name and split.

    Each split is its crops' (.npy, .npz) files; `labels` is the labels file.
    """
    task = read_task(labels)
    learned = read_crops(*train)
    scores: dict[str, dict] = {}
    for split, files in (("valid", valid), ("test", test)):
        crops = read_crops(*files)
        for name, predictions in task.trivial_predictions(learned, crops).items():
            scores.setdefault(name, {})[split] = finite(asdict(task.score(predictions, crops)))
    write_json(output, "trivial", {"metric": task.metric, "trivial": scores})
