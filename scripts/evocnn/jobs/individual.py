"""The kinds of training jobs: an individual of a generation, the best one of a population, and a baseline."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evocnn.evolution.exhaustion import is_exhausted, write_exhausted
from evocnn.files import read_json
from evocnn.jobs.key import Data, training_key
from evocnn.jobs.terms import FOLDERS, Rules, Training
from evocnn.jobs.training import run_training
from evocnn.labels import read_labels
from evocnn.space.baselines import BASELINES
from evocnn.space.cost import cost


def train_individual(
    outputs: Mapping[str, Path],
    *,
    offspring: Path,
    number: int,
    space_files: Sequence[Path],
    data: Data,
    inherited: Sequence[Path] = (),
    settings: Mapping[str, Any],
    rules: Rules,
    environment: Mapping[str, str],
) -> None:
    """Train one individual of a generation, and write its fitness and history; see `run_training`.

    Args:
        outputs: files to write, `fitness` and `history`; folders to write, `tensorboard` and `weights`, where they are
            wanted.
        offspring: offspring file.
        number: place among the offspring; nothing is trained where breeding has found no network for it.
        space_files: the space file, and those of its own operations.
        data: what to learn from.
        inherited: population file of the parents and folder of their weights, where weights are inherited.
        settings: `seed`, `threads`, and the fields of `evocnn.network.settings.Training`.
        rules: what the training may take.
        environment: of the job.

    Raises:
        ValueError: the offspring file is damaged.
    """
    if is_exhausted(offspring, number):
        folders = [path for name, path in outputs.items() if name in FOLDERS]
        write_exhausted(outputs["fitness"], outputs["history"], *folders)
        return
    row = read_json(offspring, "offspring", ["individuals"])["individuals"][number]
    arguments = {"offspring": offspring, "number": number, "inherited": tuple(inherited)}
    training = _training("train_individual", outputs, arguments, offspring, row, space_files, data, settings)
    run_training(training, rules, environment)


def train_final(
    outputs: Mapping[str, Path],
    *,
    population: Path,
    space_files: Sequence[Path],
    data: Data,
    settings: Mapping[str, Any],
    rules: Rules,
    environment: Mapping[str, str],
) -> None:
    """Train the best individual of a population, and write its model (.keras), fitness and history.

    See `train_individual`; besides:

    Raises:
        RuntimeError: the training ended as anything but "ok".
    """
    row = read_json(population, "population", ["best"])["best"]
    arguments = {"population": population}
    training = _training("train_final", outputs, arguments, population, row, space_files, data, settings)
    run_training(training, rules, environment)


def train_baseline(
    outputs: Mapping[str, Path],
    *,
    name: str,
    width: float,
    input_size: int,
    data: Data,
    settings: Mapping[str, Any],
    rules: Rules,
    environment: Mapping[str, str],
) -> None:
    """Train a network of the literature, and write its model (.keras), fitness and history; see `train_final`.

    Args:
        name: of the network, see `BASELINES`.
        width: its number of filters, relative to what was published.
        input_size: side of its input in pixels.
    """
    network = BASELINES[name](width, input_size, read_labels(data.labels).outputs, settings["seed"])
    predicted = cost(network, settings["batch_size"], remat=settings["remat"])
    row = {"network_id": network.network_id, "genome": [name, width]}
    arguments = {"name": name, "width": width, "data": data, "training": _how(settings), "seed": settings["seed"]}
    training = Training(
        function="train_baseline",
        outputs=outputs,
        arguments=arguments,
        network_id=network.network_id,
        cost=asdict(predicted),
        key=training_key(row, (), data, settings),
    )
    run_training(training, rules, environment)


def _training(
    function: str,
    outputs: Mapping[str, Path],
    arguments: Mapping[str, Any],
    source: Path,
    row: Mapping[str, Any],
    space_files: Sequence[Path],
    data: Data,
    settings: Mapping[str, Any],
) -> Training:
    missing = {"network_id", "lineage", "genome", "cost"} - set(row)
    if missing:
        raise ValueError(f"{source}: {', '.join(sorted(missing))} is missing; delete {source} and run snakemake again")
    if arguments.get("inherited"):
        settings = {**settings, "parents": row["lineage"]["parents"]}
    common = {"space": space_files[0], "data": data, "training": _how(settings), "seed": settings["seed"]}
    return Training(
        function=function,
        outputs=outputs,
        arguments={**arguments, **common},
        network_id=row["network_id"],
        cost=row["cost"],
        key=training_key(row, tuple(space_files), data, settings),
    )


def _how(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `evocnn.network.settings.Training`."""
    return {name: value for name, value in settings.items() if name not in ("seed", "threads", "parents")}
