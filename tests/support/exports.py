"""A model in all formats."""

from pathlib import Path

from evocnn.network.export import Exports, export


def exported(folder: Path, labels: Path, train_files: tuple[Path, ...] = ()) -> Exports:
    """The model.keras of a folder, exported into it under the names that a run gives; 8 bits with crops only."""
    files = Exports(
        predictor=folder / "predictor",
        predictor_onnx=folder / "predictor.onnx",
        metadata=folder / "model.json",
        use_me=folder / "use_me.py",
        saved_model=folder / "saved_model",
        onnx=folder / "model.onnx",
        tflite=folder / "model.tflite",
        tflite_float16=folder / "model_float16.tflite",
        tflite_int8=folder / "model_int8.tflite" if train_files else None,
    )
    export(files, model=folder / "model.keras", labels=labels, train_files=train_files)
    return files
