"""A model in all formats."""

from pathlib import Path

from evocnn.network.export import Exports, export


def exported(folder: Path, labels: Path) -> Exports:
    """The model.keras of a folder, exported into it under the names that a run gives."""
    files = Exports(
        saved_model=folder / "saved_model",
        tflite=folder / "model.tflite",
        onnx=folder / "model.onnx",
        predictor=folder / "predictor",
        predictor_onnx=folder / "predictor.onnx",
        metadata=folder / "model.json",
        use_me=folder / "use_me.py",
    )
    export(files, model=folder / "model.keras", labels=labels)
    return files
