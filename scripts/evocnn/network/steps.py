"""Trainings and what follows from the best one, from files to files."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import keras

from evocnn.dataset.crops import read_crops
from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import read_offspring, read_population
from evocnn.evolution.randomness import stream
from evocnn.files import finite, replacing, write_json
from evocnn.jobs.devices import set_up_devices
from evocnn.jobs.key import Data
from evocnn.network.predict import predictor
from evocnn.network.train import Trained, Training, train
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.space import Space
from evocnn.space.space_file import read_space
from evocnn.tasks.task import read_task


def training_seed(seed: int, network_id: str) -> int:
    """Seed of a network's training: a network has one fitness in a run, whenever it is bred."""
    return stream(seed, network_id, "training").randrange(2**31)


def train_individual(
    *,
    outputs: Mapping[str, Path],
    offspring: Path,
    number: int,
    space: Path,
    data: Data,
    training: Mapping[str, Any],
    seed: int,
    state: Path,
    key: str,
    gpu_memory_mb: int | None,
) -> None:
    """Train one individual of a generation and write its fitness and its history; see `train`."""
    names = set_up_devices(gpu_memory_mb)
    declared = read_space(space)
    individual = read_offspring(offspring, declared).individuals[number]
    trained = _train(offspring, individual, declared, data, training, seed, outputs["history"], state, key)
    write_fitness(outputs["fitness"], _computed_on(names, trained.fitness))


def train_final(
    *,
    outputs: Mapping[str, Path],
    population: Path,
    space: Path,
    data: Data,
    training: Mapping[str, Any],
    seed: int,
    state: Path,
    key: str,
    gpu_memory_mb: int | None,
) -> None:
    """Train the best individual of a population and write its model (.keras), fitness and history; see `train`."""
    names = set_up_devices(gpu_memory_mb)
    declared = read_space(space)
    individual = read_population(population, declared).best.individual
    trained = _train(population, individual, declared, data, training, seed, outputs["history"], state, key)
    with replacing(outputs["model"]) as temporary:
        trained.model.save(temporary)
    write_fitness(outputs["fitness"], _computed_on(names, trained.fitness))


def evaluate(
    result: Path, predictions: Path, *, model: Path, test_files: tuple[Path, Path], labels: Path, batch_size: int
) -> None:
    """Score a model (.keras) on a split, and write its predictions as CSV."""
    task, crops = read_task(labels), read_crops(*test_files)
    found = predictor(keras.models.load_model(model, compile=False), batch_size, task)(crops)
    task.write(predictions, found, crops)
    write_json(result, "score", {"metric": task.metric, "test": finite(asdict(task.score(found, crops)))})


def export(saved_model: Path, *, model: Path) -> None:
    """Write a model (.keras) as a TensorFlow SavedModel, a folder."""
    keras.models.load_model(model, compile=False).export(saved_model)


def _computed_on(devices: list[str], fitness: Fitness) -> Fitness:
    return replace(fitness, provenance={**fitness.provenance, "device": ", ".join(devices) or "cpu"})


def _train(
    source: Path,
    individual: Individual,
    space: Space,
    data: Data,
    training: Mapping[str, Any],
    seed: int,
    history: Path,
    state: Path,
    key: str,
) -> Trained:
    task = read_task(data.labels)
    train_crops = read_crops(*data.train)
    network = decode(
        individual.genome,
        space,
        input_size=train_crops.input_size,
        outputs=task.labels.outputs,
        task=task.labels.task,
    )
    predicted = cost(network, training["batch_size"], remat=training.get("remat", False))
    if network.network_id != individual.network_id or predicted != individual.cost:
        raise ValueError(
            f"{source}: the genome of {individual.network_id} decodes to network {network.network_id} of {predicted}, "
            f"expected {individual.cost}: the file is damaged, or was bred with another version, space or input size; "
            "delete it, or name a new experiment"
        )
    return train(
        network,
        train_crops,
        read_crops(*data.valid),
        task,
        Training(**training),
        seed=training_seed(seed, network.network_id),
        history=history,
        state=state,
        key=key,
    )
