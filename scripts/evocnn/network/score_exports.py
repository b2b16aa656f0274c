"""The score of each exported file on test: what people who use the file can expect."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from evocnn.dataset.crops import Crops, read_crops
from evocnn.files import finite, write_json
from evocnn.network.evaluation import task_for
from evocnn.network.formats import read_format
from evocnn.network.predict import Predict, predict_with, predictor
from evocnn.tasks.model_metadata import read_metadata
from evocnn.tasks.task import Task


def score_exports(
    result: Path,
    *,
    files: Mapping[str, Path],
    model: Path,
    metadata: Path,
    test_files: tuple[Path, ...],
    labels: Path,
    space: Path,
    batch_size: int,
    threads: int,
) -> None:
    """Write the size of each file and its score on test, Keras's first.

    Args:
        result: file to write, of kind "exports".
        files: exported network by the name of its format.
        model: the model (.keras).
        metadata: of the model.
        test_files: crops of the split, pixels (.npy) and labels (.npz).
        labels: labels file.
        space: space file, whose own heads the model may have.
        batch_size: people per call.
        threads: of the computation.
    """
    task, crops, about = task_for(labels, space), read_crops(*test_files), read_metadata(metadata)
    ways: dict[str, Any] = {"keras": predictor(keras.models.load_model(model, compile=False), batch_size, task)}
    formats: dict[str, Any] = {}
    for name, path in {"keras": model, **files}.items():
        predict = ways.get(name) or predict_with(read_format(path, about.heads, threads), batch_size, task)
        formats[name] = {"file": path.name, "bytes": _size(path), **_measured(predict, task, crops)}
    write_json(result, "exports", {"metric": task.metric, "formats": formats})


def _measured(predict: Predict, task: Task, crops: Crops) -> dict[str, float | None]:
    """The score; None where outputs are not finite, as numbers of few bits may be: that is no reason to end a run."""
    try:
        score = task.score(predict(crops), crops)
    except FloatingPointError as error:
        print(f"no score: {error}", flush=True)
        return {"mean": None, "standard_error": None}
    return finite({"mean": score.mean, "standard_error": score.standard_error})


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())
