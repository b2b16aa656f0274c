"""Train a network and measure what it can do."""

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from evocnn.dataset.crops import Crops
from evocnn.evolution.fitness import WORST, Fitness
from evocnn.inheritance.transfer import Weights
from evocnn.network.batches import Batches, augmentation_of
from evocnn.network.build import build
from evocnn.network.events import Events
from evocnn.network.history import History
from evocnn.network.latency import latencies
from evocnn.network.layer_weights import set_weights, weights_of
from evocnn.network.losses import aims, losses_of
from evocnn.network.normalisation import fused_normalisation
from evocnn.network.optimizer import optimizer_for
from evocnn.network.precision import compile_steps, computing_in
from evocnn.network.remat import recomputing
from evocnn.network.scoring import Clock, ScoreOnValid
from evocnn.network.state import EarlyStopping, Keeping, State
from evocnn.processes.child import peak_mb
from evocnn.processes.devices import peak_gpu_memory_mb, processor
from evocnn.space.cost import recomputed_segments
from evocnn.space.heads import Head
from evocnn.space.network import Network
from evocnn.tasks.task import Task
from evocnn.training.network_cost import network_cost
from evocnn.training.progress import write_history
from evocnn.training.settings import TrainingSettings


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


def train(
    network: Network,
    train_crops: Crops,
    valid_crops: Crops,
    task: Task,
    training: TrainingSettings,
    *,
    seed: int,
    history: Path,
    own_heads: Mapping[str, Head] | None = None,
    tensorboard: Path | None = None,
    genes: Mapping[str, Any] | None = None,
    start: Callable[[Weights], Weights] | None = None,
    state: Path | None = None,
    key: str = "",
    ends: Sequence[int] = (),
    until: int | None = None,
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
        own_heads: the heads of the network that are not built in, by name.
        tensorboard: folder for logs of TensorBoard; None for none.
        genes: of the network by name, for these logs.
        start: from fresh weights to those to start from, asked for where the training begins; None for fresh ones.
        state: folder to keep the state in after every epoch, and to go on from, with the same result, where it holds
            the state of an interrupted training; None keeps nothing.
        key: of everything that the training depends on; the state of another one is not gone on from.
        ends: epochs at which the training pauses, its end included, in increasing order: the learning rate falls to 0
            at each, and patience ends nothing; empty for none.
        until: the one to pause at now; None for the end.

    Returns:
        Status "ok", or "diverged" where the loss, a weight or an output became NaN or infinite.
    """
    saved = State(state, key)
    clock = Clock(saved.progress.seconds, "prepare")
    keras.utils.set_random_seed(seed)
    if not training.xla:
        tf.config.experimental.enable_op_determinism()  # in which XLA refuses the gradient of max pooling
    with computing_in(training.precision):
        model, plain = trainable(network, training.batch_size, remat=training.remat)
    if start is not None and not saved.progress.rows:
        set_weights(plain, start(weights_of(plain, network)))
    batches = Batches(
        crops=train_crops,
        task=task,
        augmentation=augmentation_of(training, task.labels.task),
        batch_size=training.batch_size,
        seed=seed,
    )
    optimizer = optimizer_for(model, training, [end * batches.steps for end in ends or [training.epochs]])
    losses = losses_of(
        network.heads,
        own_heads or {},
        sigma=training.sigma,
        side=train_crops.input_size,
        smoothing=training.label_smoothing,
    )
    # Where nothing is left to do, `fit` only restores the best weights.
    until = until or training.epochs
    first_epoch = until if saved.progress.finished else min(len(saved.progress.rows), until)
    dataset = batches.dataset(training.epochs, min(first_epoch, training.epochs - 1), training.threads)
    if len(losses) == 1:  # whose weight would change nothing, by Adam
        model.compile(optimizer, next(iter(losses.values())), jit_compile=False)
    else:
        model.compile(optimizer, losses, loss_weights=network.loss_weights, jit_compile=False)
        dataset = dataset.map(lambda inputs, targets, weights: (inputs, *aims(list(losses), targets, weights)))
    if training.xla:
        compile_steps(model)
    scorer = ScoreOnValid(plain, valid_crops, task, training.batch_size, clock)
    patience = training.epochs if ends else training.patience
    stopping = EarlyStopping(patience, training.min_delta, saved.progress, saved.restore(model, optimizer))
    history_callback = History(history, training.epochs, batches.steps * training.batch_size, saved.progress.rows)
    keeping = Keeping(saved, scorer, stopping, history_callback, clock, training.epochs)
    settings = {"network_id": network.network_id, "seed": seed, **training.model_dump(), **(genes or {})}
    events = [Events(tensorboard, history_callback, settings)] if tensorboard else []
    clock.turn_to("fit")
    with fused_normalisation(plain):
        model.fit(
            dataset,
            epochs=until,
            initial_epoch=first_epoch,
            steps_per_epoch=batches.steps,
            shuffle=False,
            verbose=0,
            callbacks=[keras.callbacks.TerminateOnNaN(), scorer, stopping, history_callback, keeping, *events],
        )
    progress = replace(keeping.progress, seconds=clock.seconds)
    write_history(history, progress.rows)
    best = None if scorer.diverged else progress.best_epoch
    people = len(progress.rows) * batches.steps * training.batch_size
    fitness = Fitness(
        status="ok" if best is not None else "diverged",
        objectives={"score": WORST if best is None else progress.rows[best]["score"]},
        metrics={} if best is None else progress.metrics | (latencies(plain) if training.latency else {}),
        cost=asdict(network_cost(network, training)),
        training={
            **replace(progress, best_epoch=best).measurements,
            "samples_per_second": round(people / progress.seconds["fit"], 1),
            "peak_memory_mb": round(peak_mb()),
            "peak_gpu_memory_mb": peak_gpu_memory_mb(),
        },
        provenance={
            "network_id": network.network_id,
            "seed": seed,
            "key": key,
            "versions": {name: version(name) for name in ("tensorflow", "keras", "numpy")},
            "host": platform.node(),
            "processor": processor(),
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


def uncompiled(model: keras.Model) -> keras.Model:
    """A copy with the same weights, and without the optimizer and the loss, which only this package has."""
    copy = type(model).from_config(model.get_config())
    copy.set_weights(model.get_weights())
    return copy
