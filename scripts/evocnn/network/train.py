"""Train a network and measure what it can do."""

import platform
import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from evocnn.classification.accuracy import Accuracy
from evocnn.dataset.augmentation import Augmentation
from evocnn.dataset.batches import Batches
from evocnn.dataset.crops import Crops
from evocnn.evolution.fitness import WORST, Fitness
from evocnn.files import finite
from evocnn.network.build import build
from evocnn.network.events import Events
from evocnn.network.history import History
from evocnn.network.inherit import Weights
from evocnn.network.latency import latencies
from evocnn.network.losses import LOSSES, aims
from evocnn.network.optimizer import optimizer_for
from evocnn.network.precision import compile_steps, computing_in
from evocnn.network.predict import predictor
from evocnn.network.remat import recomputing
from evocnn.network.settings import Training
from evocnn.network.weights import set_weights, weights_of
from evocnn.pose.pckh import Score
from evocnn.space.cost import cost, recomputed_segments
from evocnn.space.network import Network
from evocnn.tasks.task import Task


@dataclass(frozen=True)
class Trained:
    """A trained model with its best weights, and its fitness.

    Attributes:
        model: of the network.
        weights: the same by layer of the network.
        fitness: what it has shown.
    """

    model: keras.Model
    weights: Weights
    fitness: Fitness


class ScoreOnValid(keras.callbacks.Callback):
    """Score search-valid after every epoch: `score` joins the epoch's logs for the callbacks that follow.

    So do the `learning_rate`, and the seconds that `scoring` has taken.
    """

    def __init__(self, plain: keras.Model, valid: Crops, task: Task, batch_size: int) -> None:
        super().__init__()
        self.plain = plain
        self.valid, self.task, self.batch_size = valid, task, batch_size
        self.scores: list[Score | Accuracy] = []
        self.seconds = 0.0

    def on_train_begin(self, logs: Any = None) -> None:
        """Compile once."""
        self.predict = predictor(self.plain, self.batch_size, self.task)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Predict, decode, score."""
        started = time.perf_counter()
        self.scores.append(self.task.score(self.predict(self.valid), self.valid))
        logs["scoring"] = time.perf_counter() - started
        self.seconds += logs["scoring"]
        logs["score"] = self.scores[-1].mean
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)


def train(
    network: Network,
    train_crops: Crops,
    valid_crops: Crops,
    task: Task,
    training: Training,
    *,
    seed: int,
    history: Path,
    tensorboard: Path | None = None,
    start: Callable[[Weights], Weights] | None = None,
) -> Trained:
    """Train a network, keep the weights of its best epoch, and measure it on search-valid.

    Args:
        network: what to train.
        train_crops: people to learn from.
        valid_crops: people to score.
        task: what they are for.
        training: how.
        seed: of initial weights, order and augmentation.
        history: CSV to write, a row per epoch.
        tensorboard: folder for logs of TensorBoard; None for none.
        start: from fresh weights to those to start from; None for fresh ones.

    Returns:
        Status "ok", or "diverged" where the loss became NaN or infinite.
    """
    started = time.perf_counter()
    keras.utils.set_random_seed(seed)
    if not training.xla:
        tf.config.experimental.enable_op_determinism()  # in which XLA refuses the gradient of max pooling
    with computing_in(training.precision):
        model, plain = trainable(network, training.batch_size, remat=training.remat)
    if start is not None:
        set_weights(plain, start(weights_of(plain, network)))
    batches = Batches(
        crops=train_crops,
        task=task,
        augmentation=Augmentation(training.scale, training.rotation, training.flip),
        batch_size=training.batch_size,
        seed=seed,
    )
    optimizer = optimizer_for(model, training, training.epochs * batches.steps)
    losses = {
        name: LOSSES[name](training.sigma, train_crops.input_size, training.label_smoothing) for name in network.heads
    }
    dataset = batches.dataset(training.epochs)
    if len(losses) == 1:  # whose weight would change nothing, by Adam
        model.compile(optimizer, next(iter(losses.values())), jit_compile=False)
    else:
        model.compile(optimizer, losses, loss_weights=network.loss_weights, jit_compile=False)
        dataset = dataset.map(lambda inputs, targets, weights: (inputs, *aims(list(losses), targets, weights)))
    if training.xla:
        compile_steps(model)
    scorer = ScoreOnValid(plain, valid_crops, task, training.batch_size)
    stopper = keras.callbacks.EarlyStopping(
        "score", training.min_delta, training.patience, mode="max", restore_best_weights=True
    )
    ready = time.perf_counter()
    told = History(history, training.epochs, batches.steps * training.batch_size)
    settings = {"network_id": network.network_id, "seed": seed, **asdict(training)}
    run = model.fit(
        dataset,
        epochs=training.epochs,
        steps_per_epoch=batches.steps,
        verbose=0,
        callbacks=[
            keras.callbacks.TerminateOnNaN(),
            scorer,
            stopper,
            told,
            *([Events(tensorboard, told, settings)] if tensorboard else []),
        ],
    )
    finished = time.perf_counter()
    diverged = not np.all(np.isfinite(run.history["loss"]))
    best = scorer.scores[stopper.best_epoch]  # that of the weights restored
    seconds = {"prepare": ready - started, "fit": finished - ready - scorer.seconds, "score": scorer.seconds}
    people = len(run.epoch) * batches.steps * training.batch_size
    fitness = Fitness(
        status="diverged" if diverged else "ok",
        objectives={"score": WORST if diverged else best.mean},
        metrics={} if diverged else finite(asdict(best)) | (latencies(plain) if training.latency else {}),
        cost=asdict(cost(network, training.batch_size, remat=training.remat)),
        training={
            "epochs": len(run.epoch),
            "best_epoch": None if diverged else 1 + stopper.best_epoch,
            "seconds": {phase: round(value, 3) for phase, value in seconds.items()},
            "samples_per_second": round(people / seconds["fit"], 1),
            "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6),
        },
        provenance={
            "network_id": network.network_id,
            "seed": seed,
            "versions": {name: version(name) for name in ("tensorflow", "keras", "numpy")},
            "host": platform.node(),
            "device": "gpu" if tf.config.list_physical_devices("GPU") else "cpu",
        },
    )
    return Trained(plain, weights_of(plain, network), fitness)


def trainable(network: Network, batch_size: int, *, remat: bool) -> tuple[keras.Model, keras.Model]:
    """The model to train, and the one to use and save, which has the same weights."""
    segments = recomputed_segments(network, batch_size) if remat else ()
    if not segments:
        model = build(network)
        return model, model
    recomputed = recomputing(network, segments)
    return recomputed, recomputed.plain
