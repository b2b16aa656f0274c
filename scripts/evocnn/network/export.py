"""A trained model for use elsewhere: formats beside Keras's own, its metadata, and a program that applies it."""

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import keras
import onnx
import tensorflow as tf
import tf2onnx

from evocnn.files import replacing
from evocnn.network.picture_graph import PictureGraph
from evocnn.tasks.model_metadata import write_metadata

OPSET = 18
"""Of ONNX."""
USE_ME = Path(__file__).with_name("use_me.py")


@dataclass(frozen=True)
class Exports:
    """Files to write.

    Attributes:
        saved_model: folder, a TensorFlow SavedModel, from crops to what the heads yield.
        tflite: the same; it holds operations of LiteRT alone, so that its interpreter runs it without TensorFlow.
        onnx: the same.
        predictor: folder, a TensorFlow SavedModel, from a picture and boxes to joints or classes; see `PictureGraph`.
        predictor_onnx: the same.
        metadata: JSON, see `Metadata`.
        use_me: a program that applies `predictor_onnx`.
    """

    saved_model: Path
    tflite: Path
    onnx: Path
    predictor: Path
    predictor_onnx: Path
    metadata: Path
    use_me: Path


def export(files: Exports, *, model: Path, labels: Path) -> None:
    """Write a model in other formats, with inputs and outputs by name: `images`, and the names of the heads.

    Args:
        files: to write.
        model: the model (.keras).
        labels: what it predicts, a labels file.
    """
    trained = keras.models.load_model(model, compile=False)
    names = heads(trained)
    archive = keras.export.ExportArchive()
    archive.track(trained)
    signature = [tf.TensorSpec(trained.input_shape, tf.uint8, "images")]
    archive.add_endpoint("serve", partial(_by_name, trained, names), input_signature=signature)
    archive.write_out(files.saved_model, verbose=False)
    converter = tf.lite.TFLiteConverter.from_saved_model(str(files.saved_model), signature_keys=["serve"])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    with replacing(files.tflite) as temporary:
        temporary.write_bytes(converter.convert())
    with replacing(files.onnx) as temporary:
        trained.export(str(temporary), format="onnx", verbose=False)
        onnx.save(with_names(with_whole_maps(onnx.load(temporary)), names), temporary)
    graph = PictureGraph(trained, names)
    tf.saved_model.save(graph, str(files.predictor), signatures=graph.predict)
    # The export above has made tf2onnx work with NumPy 2.
    converted, _ = tf2onnx.convert.from_function(graph.predict, graph.predict.input_signature, opset=OPSET)
    with replacing(files.predictor_onnx) as temporary:
        onnx.save(with_whole_maps(converted), temporary)
    write_metadata(files.metadata, labels=labels, input_size=trained.input_shape[1], heads=names)
    with replacing(files.use_me) as temporary:
        shutil.copyfile(USE_ME, temporary)


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
