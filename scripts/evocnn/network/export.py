"""A trained model for use elsewhere: three formats beside Keras's own, and what one has to know about it."""

from pathlib import Path

import keras
import tensorflow as tf

from evocnn.files import replacing
from evocnn.tasks.facts import write_facts


def export(saved_model: Path, tflite: Path, onnx: Path, facts: Path, *, model: Path, labels: Path) -> None:
    """Write a model (.keras) in other formats, all from RGB images (B, size, size, 3) uint8 to what the heads yield.

    Args:
        saved_model: folder to write, a TensorFlow SavedModel.
        tflite: file to write; it holds operations of LiteRT alone, so that its interpreter runs it without TensorFlow.
        onnx: file to write.
        facts: JSON file to write, see `Facts`.
        model: the model.
        labels: what it predicts, a labels file.
    """
    trained = keras.models.load_model(model, compile=False)
    trained.export(saved_model, format="tf_saved_model", verbose=False)
    builtin = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}
    with replacing(tflite) as temporary:
        trained.export(temporary, format="litert", verbose=False, target_spec=builtin)
    with replacing(onnx) as temporary:
        trained.export(str(temporary), format="onnx", verbose=False)
    write_facts(facts, labels=labels, input_size=trained.input_shape[1], heads=heads(trained))


def heads(model: keras.Model) -> tuple[str, ...]:
    """Names of a model's heads, the one that predicts first."""
    names = model.output if isinstance(model.output, dict) else {model.name: model.output}
    return tuple(sorted(names, key=lambda name: name != model.name))
