"""A trained model for use elsewhere: three formats beside Keras's own, and what one has to know about it."""

from pathlib import Path

import keras
import onnx
import tensorflow as tf

from evocnn.files import replacing
from evocnn.tasks.facts import write_facts


def export(saved_model: Path, tflite: Path, onnx_file: Path, facts: Path, *, model: Path, labels: Path) -> None:
    """Write a model (.keras) in other formats, all from RGB images (B, size, size, 3) uint8 to what the heads yield.

    Args:
        saved_model: folder to write, a TensorFlow SavedModel.
        tflite: file to write; it holds operations of LiteRT alone, so that its interpreter runs it without TensorFlow.
        onnx_file: file to write.
        facts: JSON file to write, see `Facts`.
        model: the model.
        labels: what it predicts, a labels file.
    """
    trained = keras.models.load_model(model, compile=False)
    trained.export(saved_model, format="tf_saved_model", verbose=False)
    builtin = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}
    with replacing(tflite) as temporary:
        trained.export(temporary, format="litert", verbose=False, target_spec=builtin)
    with replacing(onnx_file) as temporary:
        trained.export(str(temporary), format="onnx", verbose=False)
        onnx.save(with_whole_maps(onnx.load(temporary)), temporary)
    write_facts(facts, labels=labels, input_size=trained.input_shape[1], heads=heads(trained))


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
