"""Trainings and what follows from the best one, from files to files."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras

from evocnn.dataset.crops import read_crops
from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.inheritance import weights_file
from evocnn.evolution.population import read_offspring, read_population
from evocnn.evolution.randomness import stream
from evocnn.files import finite, replacing, write_json
from evocnn.jobs.devices import set_up_devices
from evocnn.jobs.key import Data
from evocnn.network import inherit
from evocnn.network.lineage import Inheritance
from evocnn.network.predict import predictor
from evocnn.network.settings import Training
from evocnn.network.train import Trained, train
from evocnn.network.weights import write_weights
from evocnn.space.baselines import BASELINES
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.network import Network
from evocnn.space.space import Space
from evocnn.space.space_file import read_space
from evocnn.tasks.task import Task, read_task


def training_seed(seed: int, network_id: str) -> int:
    """Seed of a network's training: a network has one fitness in a run, whenever it is bred.

    Where weights are inherited it has one per parent; but it is not bred twice.
    """
    return stream(seed, network_id, "training").randrange(2**31)


def train_individual(
    *,
    outputs: Mapping[str, Path],
    offspring: Path,
    number: int,
    inherited: Sequence[Path],
    space: Path,
    data: Data,
    training: Mapping[str, Any],
    seed: int,
    state: Path,
    key: str,
    gpu_memory_mb: int | None,
) -> None:
    """Train one individual of a generation and write its fitness and its history; see `train`.

    Its weights go into the folder `weights` of the outputs where there is one, which stays empty where the training did
    not end well.
    """
    names = set_up_devices(gpu_memory_mb)
    declared = read_space(space)
    individual = read_offspring(offspring, declared).individuals[number]
    trained = _train(
        individual,
        declared,
        data,
        Training(**training),
        seed,
        source=offspring,
        history=outputs["history"],
        tensorboard=outputs.get("tensorboard"),
        state=state,
        key=key,
        inheritance=Inheritance(*inherited) if inherited else None,
    )
    if weights := outputs.get("weights"):
        weights.mkdir(parents=True, exist_ok=True)
        if trained.fitness.status == "ok":
            write_weights(weights_file(weights, individual.network_id), trained.weights, individual.network_id)
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
    trained = _train(
        read_population(population, declared).best.individual,
        declared,
        data,
        Training(**training),
        seed,
        source=population,
        history=outputs["history"],
        tensorboard=outputs.get("tensorboard"),
        state=state,
        key=key,
    )
    _write_model(outputs, names, trained)


def train_baseline(
    *,
    outputs: Mapping[str, Path],
    name: str,
    width: float,
    data: Data,
    training: Mapping[str, Any],
    seed: int,
    state: Path,
    key: str,
    gpu_memory_mb: int | None,
) -> None:
    """Train a network of the literature (see `BASELINES`) as `train_final` trains the best individual."""
    names = set_up_devices(gpu_memory_mb)
    task, train_crops = read_task(data.labels), read_crops(*data.train)
    network = BASELINES[name](width, train_crops.input_size, task.labels.outputs, seed)
    trained = train(
        network,
        train_crops,
        read_crops(*data.valid),
        task,
        Training(**training),
        seed=training_seed(seed, network.network_id),
        history=outputs["history"],
        tensorboard=outputs.get("tensorboard"),
        state=state,
        key=key,
    )
    _write_model(outputs, names, trained)


def evaluate(
    result: Path, predictions: Path, *, model: Path, test_files: tuple[Path, Path], labels: Path, batch_size: int
) -> None:
    """Score a model (.keras) on a split, and write its predictions as CSV."""
    task, crops = read_task(labels), read_crops(*test_files)
    found = predictor(keras.models.load_model(model, compile=False), batch_size, task)(crops)
    task.write(predictions, found, crops)
    write_json(result, "score", {"metric": task.metric, "test": finite(asdict(task.score(found, crops)))})


def _write_model(outputs: Mapping[str, Path], devices: list[str], trained: Trained) -> None:
    with replacing(outputs["model"]) as temporary:
        trained.model.save(temporary)
    write_fitness(outputs["fitness"], _computed_on(devices, trained.fitness))


def _computed_on(devices: list[str], fitness: Fitness) -> Fitness:
    return replace(fitness, provenance={**fitness.provenance, "device": ", ".join(devices) or "cpu"})


def _train(
    individual: Individual,
    space: Space,
    data: Data,
    training: Training,
    seed: int,
    *,
    source: Path,
    history: Path,
    tensorboard: Path | None = None,
    state: Path | None = None,
    key: str = "",
    inheritance: Inheritance | None = None,
) -> Trained:
    task = read_task(data.labels)
    train_crops = read_crops(*data.train)
    express = partial(_network, source=source, space=space, task=task, input_size=train_crops.input_size)
    network = express(individual, training)
    parent = inheritance.parent(individual, space) if inheritance else None

    def again(ancestor: Individual, earlier: Inheritance | None) -> inherit.Weights:
        with TemporaryDirectory() as folder:
            passing = Path(folder) / history.name
            return _train(
                ancestor, space, data, training, seed, source=source, history=passing, inheritance=earlier
            ).weights

    def born(fresh: inherit.Weights) -> inherit.Weights:
        assert inheritance is not None
        assert parent is not None
        known = inheritance.weights_of(parent, individual, again)
        return inherit.inherited(express(parent, training), network, known, fresh)

    trained = train(
        network,
        train_crops,
        read_crops(*data.valid),
        task,
        training,
        seed=training_seed(seed, network.network_id),
        history=history,
        tensorboard=tensorboard,
        start=born if parent else None,
        state=state,
        key=key,
    )
    provenance = {**trained.fitness.provenance, "inherited_from": parent.network_id if parent else None}
    return replace(trained, fitness=replace(trained.fitness, provenance=provenance))


def _network(
    individual: Individual, training: Training, *, source: Path, space: Space, task: Task, input_size: int
) -> Network:
    """What an individual's genome decodes to.

    Raises:
        ValueError: it is not what it was when the individual was bred.
    """
    labels = task.labels
    network = decode(individual.genome, space, input_size=input_size, outputs=labels.outputs, task=labels.task)
    predicted = cost(network, training.batch_size, remat=training.remat)
    if network.network_id != individual.network_id or predicted != individual.cost:
        raise ValueError(
            f"{source}: the genome of {individual.network_id} decodes to network {network.network_id} of {predicted}, "
            f"expected {individual.cost}: the file is damaged, or was bred with another version, space or input size; "
            "delete it, or name a new experiment"
        )
    return network
