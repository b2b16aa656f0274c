"""Trainings and what follows from the best one, from files to files."""

import statistics
import time
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np

from evocnn.dataset.crops import Crops, read_crops
from evocnn.evolution.fitness import write_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import read_offspring, read_population
from evocnn.evolution.randomness import stream
from evocnn.files import finite, replacing, write_json
from evocnn.labels import read_labels
from evocnn.network.predict import Predict, predictor
from evocnn.network.train import Trained, Training, train
from evocnn.space.baselines import BASELINES
from evocnn.space.decode import decode
from evocnn.space.network import Network
from evocnn.space.space import Space
from evocnn.space.space_file import read_space
from evocnn.tasks.task import read_task

Files = tuple[Path, Path]
"""The crops of a split: pixels (.npy) and labels (.npz)."""
TIMED = 30
"""Predictions that a latency is the median of."""


def training_seed(seed: int, network_id: str) -> int:
    """Seed of a network's training: a network has one fitness in a run, whenever it is bred."""
    return stream(seed, network_id, "training").randrange(2**31)


def train_individual(
    fitness: Path,
    history: Path,
    *,
    offspring: Path,
    number: int,
    space: Path,
    labels: Path,
    train_files: Files,
    valid_files: Files,
    training: Training,
    seed: int,
) -> None:
    """Train one individual of a generation and write its fitness and its history; see `train`."""
    declared = read_space(space)
    network = _network(read_offspring(offspring, declared).individuals[number], declared, labels, train_files)
    trained = _train(network, labels, train_files, valid_files, training, seed, history)
    write_fitness(fitness, trained.fitness)


def train_final(
    model: Path,
    fitness: Path,
    history: Path,
    *,
    population: Path,
    space: Path,
    labels: Path,
    train_files: Files,
    valid_files: Files,
    training: Training,
    seed: int,
) -> None:
    """Train the best individual of a population and write its model (.keras), fitness and history.

    Raises:
        RuntimeError: the training diverged.
    """
    declared = read_space(space)
    network = _network(read_population(population, declared).best.individual, declared, labels, train_files)
    trained = _train(network, labels, train_files, valid_files, training, seed, history)
    _write_model(model, fitness, trained)


def train_baseline(
    model: Path,
    fitness: Path,
    history: Path,
    *,
    name: str,
    width: float,
    labels: Path,
    train_files: Files,
    valid_files: Files,
    training: Training,
    seed: int,
) -> None:
    """Train a network of the literature as the best individual is trained; see `BASELINES`.

    Raises:
        RuntimeError: the training diverged.
    """
    network = BASELINES[name](width, read_crops(*train_files).input_size, read_labels(labels).outputs, seed)
    trained = _train(network, labels, train_files, valid_files, training, seed, history)
    _write_model(model, fitness, trained)


def evaluate(result: Path, predictions: Path, *, model: Path, test_files: Files, labels: Path, batch_size: int) -> None:
    """Score a model (.keras) on a split, measure its latency, and write its predictions as CSV."""
    task, crops = read_task(labels), read_crops(*test_files)
    trained = keras.models.load_model(model, compile=False)
    found = predictor(trained, batch_size, task)(crops)
    task.write(predictions, found, crops)
    score = finite(asdict(task.score(found, crops)))
    latency = round(1000 * latency_of(predictor(trained, 1, task), crops), 3)
    write_json(result, "score", {"metric": task.metric, "test": score, "latency_ms": latency})


def latency_of(predict: Predict, crops: Crops) -> float:
    """Seconds from one crop to what is predicted for it, decoding included: the median of `TIMED`, after a first."""
    seconds = []
    for at in np.resize(np.arange(len(crops)), 1 + TIMED):
        one = crops.take(slice(at, at + 1))
        started = time.perf_counter()
        predict(one)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:])


def _network(individual: Individual, space: Space, labels: Path, train_files: Files) -> Network:
    about = read_labels(labels)
    size = read_crops(*train_files).input_size
    network = decode(individual.genome, space, input_size=size, outputs=about.outputs, task=about.task)
    if network.network_id != individual.network_id:
        raise ValueError(
            f"the genome decodes to network {network.network_id}, expected {individual.network_id}: it was bred with "
            "another version, space or input size; name a new experiment"
        )
    return network


def _train(
    network: Network,
    labels: Path,
    train_files: Files,
    valid_files: Files,
    training: Training,
    seed: int,
    history: Path,
) -> Trained:
    return train(
        network,
        read_crops(*train_files),
        read_crops(*valid_files),
        read_task(labels),
        training,
        seed=training_seed(seed, network.network_id),
        history=history,
    )


def _write_model(model: Path, fitness: Path, trained: Trained) -> None:
    if trained.fitness.status != "ok":
        raise RuntimeError(f"the training {trained.fitness.status}; lower final.learning_rate")
    with replacing(model) as temporary:
        trained.model.save(temporary)
    write_fitness(fitness, trained.fitness)
