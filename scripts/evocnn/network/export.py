"""A trained model for use elsewhere: formats beside Keras's own, its metadata, and a program that applies it."""

import shutil
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx

from evocnn.dataset.crops import read_crops
from evocnn.files import replacing
from evocnn.network.picture_graph import PictureGraph
from evocnn.tasks.model_metadata import write_metadata

OPSET = 18
"""Of ONNX."""
REPRESENTATIVE = 200
"""Crops that tell the converter to 8-bit integers how large numbers become."""
USE_ME = Path(__file__).with_name("use_me.py")


@dataclass(frozen=True)
class Exports:
    """Files to write.

    Attributes:
        predictor: folder, a TensorFlow SavedModel, from a picture and boxes to joints or classes; see `PictureGraph`.
        predictor_onnx: the same in ONNX.
        metadata: JSON, see `Metadata`.
        use_me: a program that applies `predictor_onnx`.
        saved_model: folder, a TensorFlow SavedModel, from crops to what the heads yield; None where it is not wanted.
        onnx: the same in ONNX.
        tflite: the same for LiteRT; operations of LiteRT alone, so that its interpreter runs it without TensorFlow.
        tflite_float16: the same with weights of 16 bits.
        tflite_int8: the same in integers of 8 bits, but for what goes in and what comes out.
    """

    predictor: Path
    predictor_onnx: Path
    metadata: Path
    use_me: Path
    saved_model: Path | None = None
    onnx: Path | None = None
    tflite: Path | None = None
    tflite_float16: Path | None = None
    tflite_int8: Path | None = None


def export(files: Exports, *, model: Path, labels: Path, train_files: tuple[Path, ...] = ()) -> None:
    """Write a model in other formats, with inputs and outputs by name: `images`, and the names of the heads.

    Args:
        files: to write.
        model: the model (.keras).
        labels: what it predicts, a labels file.
        train_files: crops of search-train, pixels (.npy) and labels (.npz): the first `REPRESENTATIVE` of them say what
            numbers `tflite_int8` has to represent.
    """
    trained = keras.models.load_model(model, compile=False)
    names = heads(trained)
    with TemporaryDirectory() as temporary_folder:
        folder = files.saved_model or Path(temporary_folder) / "saved_model"
        _write_saved_model(folder, trained, names)
        for kind, path in _wanted(tflite=files.tflite, float16=files.tflite_float16, int8=files.tflite_int8):
            with replacing(path) as temporary:
                temporary.write_bytes(_tflite(folder, kind, train_files))
        # Also where it is not wanted: it makes tf2onnx work with NumPy 2.
        with replacing(files.onnx or Path(temporary_folder) / "model.onnx") as temporary:
            trained.export(str(temporary), format="onnx", verbose=False)
            onnx.save(with_names(with_whole_maps(onnx.load(temporary)), names), temporary)
    graph = PictureGraph(trained, names)
    tf.saved_model.save(graph, str(files.predictor), signatures=graph.predict)
    converted, _ = tf2onnx.convert.from_function(graph.predict, graph.predict.input_signature, opset=OPSET)
    with replacing(files.predictor_onnx) as temporary:
        onnx.save(with_whole_maps(converted), temporary)
    write_metadata(files.metadata, labels=labels, input_size=trained.input_shape[1], heads=names)
    with replacing(files.use_me) as temporary:
        shutil.copyfile(USE_ME, temporary)


def _wanted(**files: Path | None) -> list[tuple[str, Path]]:
    return [(name, path) for name, path in files.items() if path]


def _write_saved_model(folder: Path, model: keras.Model, names: tuple[str, ...]) -> None:
    archive = keras.export.ExportArchive()
    archive.track(model)
    signature = [tf.TensorSpec(model.input_shape, tf.uint8, "images")]
    archive.add_endpoint("serve", partial(_by_name, model, names), input_signature=signature)
    archive.write_out(folder, verbose=False)


def _tflite(saved_model: Path, kind: str, train_files: tuple[Path, ...]) -> bytes:
    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved_model), signature_keys=["serve"])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    if kind == "float16":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    elif kind == "int8":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        # What has no operation in integers stays in 32 bits, so that every network can be written.
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.lite.OpsSet.TFLITE_BUILTINS]
        converter.representative_dataset = partial(_representative, train_files)
    with warnings.catch_warnings():
        # TensorFlow's converter runs its own interpreter, which it tells others to give up for that of LiteRT.
        warnings.filterwarnings("ignore", r"\s*Warning: tf\.lite\.Interpreter is deprecated", UserWarning)
        return converter.convert()


def _representative(train_files: tuple[Path, ...]) -> Iterator[dict[str, np.ndarray]]:
    crops = read_crops(*train_files)
    for number in range(min(REPRESENTATIVE, len(crops))):
        yield {"images": np.ascontiguousarray(crops.inputs(slice(number, number + 1)))}


def _by_name(model: keras.Model, names: tuple[str, ...], images: tf.Tensor) -> dict[str, tf.Tensor]:
    outputs = model(images, training=False)
    return dict(outputs) if isinstance(outputs, dict) else {names[0]: outputs}


def with_names(model: onnx.ModelProto, names: tuple[str, ...]) -> onnx.ModelProto:
    """A model whose only output has the name of its only head; more outputs have theirs already."""
    if len(names) > 1:
        return model
    named = onnx.ModelProto()
    named.CopyFrom(model)
    (output,) = named.graph.output
    for node in named.graph.node:
        for values in (node.input, node.output):
            values[:] = [names[0] if value == output.name else value for value in values]
    output.name = names[0]
    return named


def with_whole_maps(model: onnx.ModelProto) -> onnx.ModelProto:
    """A model whose transposed convolutions with a kernel within their stride are valid.

    Such a kernel leaves a gap at the end of the map. tf2onnx writes it as negative padding, which ONNX forbids; what is
    meant is called output padding.
    """
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    for node in whole.graph.node:
        pads = next((attribute for attribute in node.attribute if attribute.name == "pads"), None)
        if node.op_type == "ConvTranspose" and pads is not None and min(pads.ints) < 0:
            axes = len(pads.ints) // 2
            gaps = [-(pads.ints[axis] + pads.ints[axes + axis]) for axis in range(axes)]
            pads.ints[:] = [0] * len(pads.ints)
            node.attribute.append(onnx.helper.make_attribute("output_padding", gaps))
    return whole


def heads(model: keras.Model) -> tuple[str, ...]:
    """Names of a model's heads, the one that predicts first."""
    names = model.output if isinstance(model.output, dict) else {model.name: model.output}
    return tuple(sorted(names, key=lambda name: name != model.name))
