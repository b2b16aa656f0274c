"""Exported networks by their files: each becomes a function from inputs to what its heads yield."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from evocnn.network.predict import Outputs


def read_format(path: Path, heads: tuple[str, ...], threads: int) -> Outputs:
    """Load an exported network: a SavedModel (folder), .onnx or .tflite.

    Args:
        path: of the file or folder.
        heads: names of what it yields, the one that predicts first.
        threads: of the computation, where the runtime of the format has such a setting.

    Returns:
        A function from inputs (n, size, size, 3) uint8 to what each head yields, the one that predicts first.

    Raises:
        ValueError: no format has the ending.
    """
    ending = path.suffix or "folder"
    if ending not in READERS:
        raise ValueError(f"{path}: expected an exported network with one of the endings {', '.join(READERS)}")
    run = READERS[ending](path, threads)

    def outputs(inputs: np.ndarray) -> dict[str, np.ndarray]:
        yielded = run(np.ascontiguousarray(inputs))
        return {name: np.asarray(yielded[name], np.float32) for name in heads}

    return outputs


Run = Callable[[np.ndarray], Mapping[str, np.ndarray]]


def _saved_model(path: Path, threads: int) -> Run:
    loaded = tf.saved_model.load(str(path))
    return lambda images: {name: output.numpy() for name, output in loaded.serve(images).items()}


def _onnx(path: Path, threads: int) -> Run:
    import onnxruntime  # here, because trainings do not need it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return lambda images: dict(zip(names, session.run(names, {"images": images}), strict=True))


def _tflite(path: Path, threads: int) -> Run:
    run = Interpreter(model_path=os.fspath(path), num_threads=threads).get_signature_runner()
    return lambda images: run(images=images)


READERS: Mapping[str, Callable[[Path, int], Run]] = {"folder": _saved_model, ".onnx": _onnx, ".tflite": _tflite}
