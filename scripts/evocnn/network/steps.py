"""Trainings and what follows from the best one, from files to files."""

from dataclasses import asdict
from pathlib import Path

import keras

from evocnn.dataset.crops import read_crops
from evocnn.evolution.fitness import write_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import read_offspring, read_population
from evocnn.evolution.randomness import stream
from evocnn.files import finite, replacing, write_json
from evocnn.network.predict import predictor
from evocnn.network.train import Trained, Training, train
from evocnn.space.decode import decode
from evocnn.space.space import Space
from evocnn.space.space_file import read_space
from evocnn.tasks.task import read_task

Files = tuple[Path, Path]
"""The crops of a split: pixels (.npy) and labels (.npz)."""


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
    individual = read_offspring(offspring, declared).individuals[number]
    trained = _train(individual, declared, labels, train_files, valid_files, training, seed, history)
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
    individual = read_population(population, declared).best.individual
    trained = _train(individual, declared, labels, train_files, valid_files, training, seed, history)
    if trained.fitness.status != "ok":
        raise RuntimeError(f"the final training {trained.fitness.status}; lower final.learning_rate")
    with replacing(model) as temporary:
        trained.model.save(temporary)
    write_fitness(fitness, trained.fitness)


def evaluate(result: Path, predictions: Path, *, model: Path, test_files: Files, labels: Path, batch_size: int) -> None:
    """Score a model (.keras) on a split, and write its predictions as CSV."""
    task, crops = read_task(labels), read_crops(*test_files)
    found = predictor(keras.models.load_model(model, compile=False), batch_size, task)(crops)
    task.write(predictions, found, crops)
    write_json(result, "score", {"metric": task.metric, "test": finite(asdict(task.score(found, crops)))})


def _train(
    individual: Individual,
    space: Space,
    labels: Path,
    train_files: Files,
    valid_files: Files,
    training: Training,
    seed: int,
    history: Path,
) -> Trained:
    task = read_task(labels)
    train_crops = read_crops(*train_files)
    network = decode(
        individual.genome,
        space,
        input_size=train_crops.input_size,
        outputs=task.labels.outputs,
        task=task.labels.task,
    )
    if network.network_id != individual.network_id:
        raise ValueError(
            f"the genome decodes to network {network.network_id}, expected {individual.network_id}: it was bred with "
            "another version, space or input size; name a new experiment"
        )
    return train(
        network,
        train_crops,
        read_crops(*valid_files),
        task,
        training,
        seed=training_seed(seed, network.network_id),
        history=history,
    )
