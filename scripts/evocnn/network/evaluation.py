"""The score of a saved model on a split."""

from dataclasses import asdict
from pathlib import Path

import keras

from evocnn.dataset.crops import read_crops
from evocnn.files import finite, write_json
from evocnn.network.predict import predictor
from evocnn.space.space_file import read_space
from evocnn.tasks.task import read_task


def evaluate(
    result: Path,
    predictions: Path,
    *,
    model: Path,
    test_files: tuple[Path, Path],
    labels: Path,
    batch_size: int,
    space: Path | None = None,
) -> None:
    """Score a model (.keras) on a split, and write its predictions as CSV.

    Args:
        result: score file to write.
        predictions: CSV to write.
        model: file of the model.
        test_files: crops of the split, pixels (.npy) and labels (.npz).
        labels: labels file.
        batch_size: people per call of the model.
        space: space file, whose own heads the model may have; None for a baseline.
    """
    task = read_task(labels, read_space(space).own_heads if space else None)
    crops = read_crops(*test_files)
    predicted = predictor(keras.models.load_model(model, compile=False), batch_size, task)(crops)
    task.write(predictions, predicted, crops)
    write_json(result, "score", {"metric": task.metric, "test": finite(asdict(task.score(predicted, crops)))})
