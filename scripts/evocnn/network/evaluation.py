"""The score of a saved model on a split."""

from dataclasses import asdict
from pathlib import Path

import keras

from evocnn.dataset.crops import read_crops
from evocnn.files import finite, write_json
from evocnn.network.predict import predictor
from evocnn.space.space_file import read_space
from evocnn.tasks.calibration import calibrate, write_calibration
from evocnn.tasks.task import Task, read_task


def evaluate(
    result: Path,
    predictions: Path,
    *,
    model: Path,
    test_files: tuple[Path, Path],
    labels: Path,
    batch_size: int,
    flip_test: bool = False,
    space: Path | None = None,
    calibration: Path | None = None,
    valid_files: tuple[Path, ...] = (),
) -> None:
    """Score a model (.keras) on a split, write its predictions as CSV, and calibrate its confidences.

    Args:
        result: score file to write.
        predictions: CSV to write.
        model: file of the model.
        test_files: crops of the split, pixels (.npy) and labels (.npz).
        labels: labels file.
        batch_size: people per call of the model.
        flip_test: whether predictions are averaged over each crop and its mirror image.
        space: space file, whose own heads the model may have; None for a baseline.
        calibration: file to write, see `Calibration`; None for no calibration.
        valid_files: crops of search-valid, which confidences are calibrated on.
    """
    task = task_for(labels, space)
    crops = read_crops(*test_files)
    predict = predictor(keras.models.load_model(model, compile=False), batch_size, task, flip_test=flip_test)
    predicted = predict(crops)
    task.write(predictions, predicted, crops)
    if calibration:
        valid = read_crops(*valid_files)
        fitted = calibrate(task.metric, task.outcomes(predict(valid), valid), task.outcomes(predicted, crops))
        write_calibration(calibration, fitted)
    score = finite(asdict(task.score(predicted, crops)))
    write_json(result, "score", {"metric": task.metric, "flip_test": flip_test, "test": score})


def task_for(labels: Path, space: Path | None) -> Task:
    """The task of a labels file, with the own heads of a space."""
    return read_task(labels, read_space(space).own_heads if space else None)
