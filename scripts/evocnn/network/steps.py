"""Trainings and what follows from the best one, from files to files."""

from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import keras

from evocnn.dataset.crops import read_crops
from evocnn.evolution.fitness import write_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.inheritance import weights_file
from evocnn.evolution.population import read_offspring, read_population
from evocnn.evolution.randomness import stream
from evocnn.files import finite, replacing, write_json
from evocnn.network.inherit import Weights, inherited
from evocnn.network.lineage import Inheritance
from evocnn.network.predict import predictor
from evocnn.network.settings import Training
from evocnn.network.train import Trained, train
from evocnn.network.weights import write_weights
from evocnn.space.decode import decode
from evocnn.space.network import Network
from evocnn.space.space import Space
from evocnn.space.space_file import read_space
from evocnn.tasks.task import Task, read_task

Files = tuple[Path, Path]
"""The crops of a split: pixels (.npy) and labels (.npz)."""


def training_seed(seed: int, network_id: str) -> int:
    """Seed of a network's training: a network has one fitness in a run, whenever it is bred.

    Where weights are inherited it has one per parent; but it is not bred twice.
    """
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
    tensorboard: Path | None = None,
    inheritance: Inheritance | None = None,
    weights: Path | None = None,
) -> None:
    """Train one individual of a generation and write its fitness and its history; see `train`.

    Args:
        fitness: file to write.
        history: CSV to write.
        offspring: offspring file of its generation.
        number: its place among the offspring.
        space: space file.
        labels: labels file.
        train_files: people to learn from.
        valid_files: people to score.
        training: how.
        seed: of the run.
        tensorboard: folder for logs; None for none.
        inheritance: what it may start from; None where it starts anew.
        weights: folder to put its weights into; None where they are not kept. It stays empty where the
            training did not end well.
    """
    declared = read_space(space)
    individual = read_offspring(offspring, declared).individuals[number]
    trained = _train(
        individual, declared, labels, train_files, valid_files, training, seed, history, tensorboard, inheritance
    )
    if weights is not None:
        weights.mkdir(parents=True, exist_ok=True)
        if trained.fitness.status == "ok":
            write_weights(weights_file(weights, individual.network_id), trained.weights, individual.network_id)
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
    tensorboard: Path | None = None,
) -> None:
    """Train the best individual of a population and write its model (.keras), fitness and history.

    Raises:
        RuntimeError: the training diverged.
    """
    declared = read_space(space)
    individual = read_population(population, declared).best.individual
    trained = _train(individual, declared, labels, train_files, valid_files, training, seed, history, tensorboard)
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


def export(saved_model: Path, *, model: Path) -> None:
    """Write a model (.keras) as a TensorFlow SavedModel, a folder."""
    keras.models.load_model(model, compile=False).export(saved_model)


def _train(
    individual: Individual,
    space: Space,
    labels: Path,
    train_files: Files,
    valid_files: Files,
    training: Training,
    seed: int,
    history: Path,
    tensorboard: Path | None,
    inheritance: Inheritance | None = None,
) -> Trained:
    task = read_task(labels)
    train_crops = read_crops(*train_files)
    express = partial(_network, space=space, task=task, input_size=train_crops.input_size)
    network = express(individual)
    parent = inheritance.parent(individual, space) if inheritance else None
    start = None
    if inheritance and parent:

        def again(ancestor: Individual, earlier: Inheritance | None) -> Weights:
            with TemporaryDirectory() as folder:
                passing = Path(folder) / history.name
                files = labels, train_files, valid_files
                return _train(ancestor, space, *files, training, seed, passing, None, earlier).weights

        start = partial(inherited, express(parent), network, inheritance.weights_of(parent, individual, again))
    trained = train(
        network,
        train_crops,
        read_crops(*valid_files),
        task,
        training,
        seed=training_seed(seed, network.network_id),
        history=history,
        tensorboard=tensorboard,
        start=start,
    )
    provenance = {**trained.fitness.provenance, "inherited_from": parent.network_id if parent else None}
    return replace(trained, fitness=replace(trained.fitness, provenance=provenance))


def _network(individual: Individual, space: Space, task: Task, input_size: int) -> Network:
    """What an individual's genome decodes to.

    Raises:
        ValueError: it is not what it was when the individual was bred.
    """
    labels = task.labels
    network = decode(individual.genome, space, input_size=input_size, outputs=labels.outputs, task=labels.task)
    if network.network_id != individual.network_id:
        raise ValueError(
            f"the genome decodes to network {network.network_id}, expected {individual.network_id}: it was bred with "
            "another version, space or input size; name a new experiment"
        )
    return network
