"""Train the founders of a run one after another in one process, as a notebook does: plain Keras, all cores.

    python -m evocnn_bench.notebook RUN EPOCHS

RUN is the folder of a run whose offspring and records are there. It trains the same networks on the same batches and
scores the same people after every epoch as the run's jobs do, and writes RUN/notebook.json.
"""

import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import yaml

from evocnn.dataset.crops import Crops, read_crops
from evocnn.evolution.population import read_offspring
from evocnn.files import write_json
from evocnn.network.batches import Batches, augmentation_of
from evocnn.network.build import build
from evocnn.network.losses import LOSSES
from evocnn.space.decode import decode
from evocnn.space.network import Network
from evocnn.space.space_file import read_space
from evocnn.tasks.task import Task, read_task
from evocnn.training.job import training_seed
from evocnn.training.settings import TrainingSettings
from evocnn_bench.document import REPOSITORY


class Scored(keras.callbacks.Callback):
    """Scores search-valid after every epoch."""

    def __init__(self, valid: Crops, task: Task, batch_size: int) -> None:
        super().__init__()
        self.inputs = np.ascontiguousarray(valid.inputs(slice(None)))
        self.valid, self.task, self.batch_size = valid, task, batch_size
        self.scores: list[float] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Predict, decode, score."""
        outputs = self.model.predict(self.inputs, batch_size=self.batch_size, verbose=0)
        result = self.task.decode({self.model.name: outputs}, self.valid.input_size)
        self.scores.append(self.task.score(result, self.valid).mean)


def tuned(batches: Batches, epochs: int) -> tf.data.Dataset:
    """The batches of a training from a pipeline that TensorFlow tunes by itself."""
    kinds = [(array.dtype, array.shape) for array in batches.batch(0)]

    def load(number: tf.Tensor) -> tuple[tf.Tensor, ...]:
        tensors = tf.numpy_function(batches.batch, [number], [dtype for dtype, _ in kinds])
        return tuple(tf.ensure_shape(tensor, shape) for tensor, (_, shape) in zip(tensors, kinds, strict=True))

    numbers = tf.data.Dataset.range(epochs * batches.steps)
    return numbers.map(load, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def fit(network: Network, batches: Batches, valid: Crops, epochs: int, settings: TrainingSettings) -> list[float]:
    """Train a network of one head; the scores of the epochs."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(batches.seed)
    model = build(network)
    (head,) = network.heads  # of the space weighted
    rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, epochs * batches.steps)
    adam = keras.optimizers.Adam(rate, global_clipnorm=settings.clip_norm)
    model.compile(adam, LOSSES[head](settings.sigma, batches.crops.input_size))
    scored = Scored(valid, batches.task, batches.batch_size)
    model.fit(tuned(batches, epochs), epochs=epochs, steps_per_epoch=batches.steps, verbose=2, callbacks=[scored])
    return scored.scores


def main(run: Path, epochs: int) -> None:
    """See the module."""
    config = yaml.safe_load((run / "config.yaml").read_text(encoding="utf-8"))
    settings = TrainingSettings(**config["training"])
    space, task = read_space(REPOSITORY / config["space"]), read_task(REPOSITORY / config["dataset"]["labels"])
    train, valid = (read_crops(*(run / f"records/{split}/crops{end}" for end in (".npy", ".npz"))) for split in SPLITS)
    scores = {}
    for individual in read_offspring(run / "generation-000/offspring.json", space).individuals:
        labels = task.labels
        network = decode(
            individual.genome, space, input_size=train.input_size, outputs=labels.outputs, task=labels.task
        )
        batches = Batches(
            crops=train,
            task=task,
            augmentation=augmentation_of(settings, "pose"),
            batch_size=settings.batch_size,
            seed=training_seed(config["seed"], network.network_id),
        )
        scores[network.network_id] = fit(network, batches, valid, epochs, settings)
    write_json(run / "notebook.json", "notebook", {"scores": scores})


SPLITS = ("train", "valid")

if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
