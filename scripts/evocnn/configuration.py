"""The configuration: one line for whatever is wrong with it, before any job runs."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from evocnn.classification.classes import Classes
from evocnn.dataset.archive import archives
from evocnn.evolution.objective import NAMES, evaluate_objective, names_in
from evocnn.files import replacing
from evocnn.labels import read_labels
from evocnn.schema import check_schema
from evocnn.space.baselines import STRIDE
from evocnn.space.space_file import read_space

TOY_ROOT = "data/toy"


def check_configuration(config: Mapping[str, Any], schema: Path, locate: Callable[[str], str]) -> None:
    """Check the values of a configuration, and the files that it names.

    Args:
        config: as merged by Snakemake.
        schema: JSON schema, as YAML.
        locate: from a path of the configuration to where it lies.

    Raises:
        ValueError: one line: which key, what was found, what was expected, what to do.
    """
    check_schema(config, schema, "configuration")
    for key, path in (("space", config["space"]), ("dataset.labels", config["dataset"]["labels"])):
        if not Path(locate(path)).is_file():
            raise ValueError(f"configuration: {key} is {path}, and there is no such file; correct the path")
    space = read_space(Path(locate(config["space"])))
    if config["dataset"]["input_size"] % space.coarsest:
        raise ValueError(
            f"configuration: dataset.input_size is {config['dataset']['input_size']}, expected a multiple of "
            f"{space.coarsest}, the largest stride of {config['space']}; change one of them"
        )
    _check_objectives(config["evolution"], config["training"])
    _check_baselines(config["baselines"], config["dataset"])
    dataset = config["dataset"]
    folders = dataset["format"] == "image_folder"
    if folders != isinstance(read_labels(Path(locate(dataset["labels"]))), Classes):
        expected = "classes" if folders else "a skeleton"
        raise ValueError(
            f"configuration: dataset.format is {dataset['format']}, which needs {expected}, and dataset.labels is "
            f"{dataset['labels']}; change one of them"
        )
    if dataset["train"] is None and not folders:
        raise ValueError(
            f"configuration: dataset.train is null, expected the annotation file for {dataset['format']}; name it"
        )
    fetched = {*config["download"], *archives(config["download"])}
    if dataset["root"] != TOY_ROOT:
        _check_dataset(dataset, fetched)


def write_configuration(path: Path, config: Mapping[str, Any]) -> None:
    """Write a configuration as YAML, keys in their order."""
    with replacing(path) as temporary:
        temporary.write_text(yaml.safe_dump(dict(config), sort_keys=False))


def _check_objectives(evolution: Mapping[str, Any], training: Mapping[str, Any]) -> None:
    """They can be worked out from what is measured, and there are no more than the strategy heeds."""
    for objective in evolution["objectives"]:
        evaluate_objective(objective, dict.fromkeys(NAMES, 1.0))
        if "latency_ms" in names_in(objective) and not training["latency"]:
            raise ValueError(
                f"configuration: evolution.objectives has {objective!r}, and training.latency is false, expected true "
                "where an objective names latency_ms; change one of them"
            )
    if len(evolution["objectives"]) > 1 and evolution["strategy"] != "nsga2":
        raise ValueError(
            f"configuration: evolution.objectives has {len(evolution['objectives'])}, and the strategy "
            f"{evolution['strategy']} heeds one; expected one, or the strategy nsga2"
        )


def _check_baselines(baselines: Mapping[str, Any], dataset: Mapping[str, Any]) -> None:
    """They predict joints, and halve the input as often as they do."""
    if not baselines["networks"]:
        return
    if dataset["format"] == "image_folder":
        raise ValueError("configuration: baselines.networks predict joints, and dataset.labels are classes; empty it")
    if dataset["input_size"] % STRIDE:
        raise ValueError(
            f"configuration: dataset.input_size is {dataset['input_size']}, expected a multiple of {STRIDE} for "
            "baselines.networks; change one of them"
        )


def _check_dataset(dataset: Mapping[str, Any], fetched: set[str]) -> None:
    """Every file of the data set is there, or will be fetched."""
    tested = dataset["test"] is not None
    keys = ["train", "train_images", *(["test", "test_images"] if tested else [])]
    root = Path(dataset["root"])
    for key in keys:
        name = dataset[key]
        if name is not None and name not in fetched and not (root / name).exists():
            raise ValueError(
                f"configuration: dataset.{key} is {name}, and there is no {root / name}; correct the path or "
                "dataset.root, or see data/README.md for where the data come from"
            )
