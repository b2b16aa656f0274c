"""A model that is ready to be trained on heatmaps, as `train` prepares it."""

import keras
import tensorflow as tf

from evocnn.network.losses import HeatmapCrossEntropy
from evocnn.network.optimizer import FusedAdam
from evocnn.network.precision import compile_steps, computing_in, scaled
from evocnn.network.train import trainable
from evocnn.space.network import Network


def compiled(
    network: Network,
    batch_size: int,
    *,
    remat: bool = False,
    precision: str = "float32",
    xla: bool = False,
    deterministic: bool = True,
) -> tuple[keras.Model, keras.Model]:
    """Build and compile a network of one head for heatmaps.

    Args:
        network: what to train.
        batch_size: people per step.
        remat: whether to recompute.
        precision: see `TrainingSettings`.
        xla: see `TrainingSettings`; it excludes `deterministic`.
        deterministic: whether operations have to be, from now on in this process.

    Returns:
        The model to train, and the plain one that has the same weights.
    """
    keras.utils.set_random_seed(0)
    if deterministic:
        tf.config.experimental.enable_op_determinism()
    with computing_in(precision):
        model, plain = trainable(network, batch_size, remat=remat)
    optimizer = scaled(FusedAdam(0.001), precision)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, HeatmapCrossEntropy(1.0), jit_compile=False)
    if xla:
        compile_steps(model)
    return model, plain
