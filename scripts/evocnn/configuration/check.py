"""The configuration, read into its type: one line for whatever is wrong with it, before any job runs."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from evocnn.classification.classes import Classes
from evocnn.configuration.messages import explain
from evocnn.configuration.model import BaselineSettings, Configuration
from evocnn.dataset.archive import archives
from evocnn.dataset.settings import DatasetSettings
from evocnn.evolution.founders import read_founders
from evocnn.evolution.objective import check_objective, names_in
from evocnn.evolution.settings import EvolutionSettings
from evocnn.evolution.strategies import strategy_of
from evocnn.extensions import own_file, read_metric
from evocnn.files import replacing
from evocnn.labels import Labels, read_labels
from evocnn.pose.skeleton import Skeleton
from evocnn.space.baselines import BASELINES
from evocnn.space.space_file import read_space

TOY_ROOT = "data/toy"
SEVERAL_OBJECTIVES = ("predictor", "nsga2", "random")
"""Strategies whose selection uses all objectives; random is the control of the others."""
DOWNLOADS = Path("data")
"""The only folder that downloads are written to."""


def read_configuration(config: Mapping[str, Any], locate: Callable[[str], str] = str) -> Configuration:
    """The configuration as its type; checked, and the files that it names too.

    Args:
        config: as merged by Snakemake.
        locate: from a path of the configuration to where it lies.

    Raises:
        ValueError: one line: which key, what was found, what was expected, what to do.
    """
    try:
        settings = Configuration.model_validate(config)
    except ValidationError as error:
        raise ValueError(f"configuration: {explain(error, Configuration)}") from None
    dataset = settings.dataset
    for key, path in (("space", settings.space), ("dataset.labels", dataset.labels)):
        if not Path(locate(path)).is_file():
            raise ValueError(f"configuration: {key} is {path}, and there is no such file; correct the path")
    space = read_space(Path(locate(settings.space)))
    if dataset.input_size % space.coarsest:
        raise ValueError(
            f"configuration: dataset.input_size is {dataset.input_size}, expected a multiple of {space.coarsest}, the "
            f"largest stride of {settings.space}; change one of them"
        )
    if settings.final.flip_test and space.own_heads:
        raise ValueError(
            f"configuration: final.flip_test is true, and {settings.space} has the heads {', '.join(space.own_heads)} "
            "of its own, whose outputs cannot be turned back; expected built-in heads; set final.flip_test: false"
        )
    try:
        read_founders([Path(locate(path)) for path in settings.evolution.founders], space)
    except ValueError as error:
        raise ValueError(f"configuration: {error}") from error
    for key, model in (("final.weights", settings.final.weights), *_baseline_weights(settings)):
        if model and not Path(locate(model)).is_file():
            raise ValueError(f"configuration: {key} is {model}, and there is no such file; correct the path")
    labels = read_labels(Path(locate(dataset.labels)))
    _check_objectives(
        settings.evolution,
        measures_latency=settings.training.latency,
        measures_ap=isinstance(labels, Skeleton) and labels.measure == "ap",
    )
    _check_rungs(settings)
    _check_labels(dataset, Path(locate(dataset.labels)))
    _check_baselines(settings.baselines, dataset, labels)
    _check_own_code(settings, Path(locate(dataset.labels)))
    if settings.download and not Path(dataset.root).resolve().is_relative_to(DOWNLOADS.resolve()):
        raise ValueError(
            f"configuration: dataset.root is {dataset.root}, and there is a download; expected a folder inside of "
            f"{DOWNLOADS}, because files from the network are written nowhere else; change it"
        )
    if not only_records(settings):
        _check_files(settings)
    return settings


def _baseline_weights(settings: Configuration) -> list[tuple[str, str]]:
    return [(f"baselines.weights.{name}", path) for name, path in settings.baselines.weights.items()]


def only_records(settings: Configuration) -> bool:
    """Whether files of the data set are gone and the records of the run are complete, so that they are not needed."""
    records = Path("results", settings.experiment, "records")
    return bool(_missing_files(settings)) and all(
        (records / split / name).is_file()
        for split in ("train", "valid", "test")
        for name in ("crops.npy", "crops.npz", "manifest.json")
    )


def write_configuration(path: Path, config: Mapping[str, Any]) -> None:
    """Write a configuration as YAML, keys in their order."""
    with replacing(path) as temporary:
        temporary.write_text(yaml.safe_dump(dict(config), sort_keys=False), encoding="utf-8")


def _check_own_code(settings: Configuration, labels: Path) -> None:
    """Every strategy, format and metric of the user's own can be loaded."""
    try:
        if own_file(settings.dataset.format):
            from evocnn.dataset.adapters import adapter_of  # here, because adapters take a second to import

            adapter_of(settings.dataset.format)
        for strategy in (settings.evolution.strategy, *settings.compare.strategies):
            strategy_of(strategy)
        if metric := read_labels(labels).own_metric:
            read_metric(metric)
    except ValueError as error:
        raise ValueError(f"configuration: {error}") from error


def _check_objectives(evolution: EvolutionSettings, *, measures_latency: bool, measures_ap: bool) -> None:
    """They can be evaluated from what is measured, and there are no more than the strategy uses."""
    for objective in evolution.objectives:
        check_objective(objective)
        if "latency_ms" in names_in(objective) and not measures_latency:
            raise ValueError(
                f"configuration: evolution.objectives has {objective!r}, and training.latency is false, expected true "
                "where an objective names latency_ms; change one of them"
            )
        if "ap" in names_in(objective) and not measures_ap:
            raise ValueError(
                f"configuration: evolution.objectives has {objective!r}, and the score is another one, expected "
                "'metric: ap' in dataset.labels where an objective names ap; change one of them"
            )
    several = evolution.strategy in SEVERAL_OBJECTIVES or own_file(evolution.strategy)
    if len(evolution.objectives) > 1 and not several:
        raise ValueError(
            f"configuration: evolution.objectives has {len(evolution.objectives)}, and the strategy "
            f"{evolution.strategy} uses one; expected one, or the strategy predictor, nsga2 or random"
        )
    if len(evolution.objectives) > 1 and evolution.strategy == "predictor":
        for objective in evolution.objectives:
            if "latency_ms" in names_in(objective):
                raise ValueError(
                    f"configuration: evolution.objectives has {objective!r}, and the strategy predictor does not "
                    "predict latency_ms; expected the strategy nsga2, or objectives without it"
                )


def _check_rungs(settings: Configuration) -> None:
    """They increase, end before the training does, and nothing is asked for that needs whole trainings."""
    rungs, epochs = settings.evolution.rungs, settings.training.epochs
    if not rungs:
        return
    if [*sorted(set(rungs)), epochs] != [*rungs, epochs] or rungs[-1] >= epochs:
        raise ValueError(
            f"configuration: evolution.rungs is {list(rungs)}, expected increasing numbers below training.epochs = "
            f"{epochs}; change one of them"
        )
    for key in ("inherit", "tensorboard"):
        if getattr(settings.training, key):
            raise ValueError(
                f"configuration: training.{key} is true, and evolution.rungs is {list(rungs)}; whole trainings are "
                "needed for the first, change one of them"
            )


def _check_baselines(baselines: BaselineSettings, dataset: DatasetSettings, labels: Labels) -> None:
    """They predict what the labels are, and their largest stride divides the input."""
    for name in baselines.networks:
        baseline = BASELINES[name]
        if baseline.task != labels.task:
            known = ", ".join(other for other, made in BASELINES.items() if made.task == labels.task)
            raise ValueError(
                f"configuration: baselines.networks has {name}, a network for {baseline.task}, and dataset.labels is "
                f"{dataset.labels}, for {labels.task}; expected some of {known}; change one of them"
            )
        if dataset.input_size % baseline.stride:
            raise ValueError(
                f"configuration: dataset.input_size is {dataset.input_size}, expected a multiple of {baseline.stride} "
                f"for {name} of baselines.networks; change one of them"
            )


def _check_labels(dataset: DatasetSettings, labels: Path) -> None:
    """Class folders have classes, other formats a skeleton and an annotation file."""
    folders = dataset.format == "image_folder"
    kind = read_labels(labels)
    if folders != isinstance(kind, Classes) and not own_file(dataset.format):
        raise ValueError(
            f"configuration: dataset.format is {dataset.format}, which needs {'classes' if folders else 'a skeleton'}, "
            f"and dataset.labels is {dataset.labels}; change one of them"
        )
    if dataset.train is None and not folders:
        raise ValueError(
            f"configuration: dataset.train is null, expected the annotation file for {dataset.format}; name it"
        )


def _missing_files(settings: Configuration) -> dict[str, str]:
    """Files of the data set that do not exist and will not be made, by their key."""
    dataset, fetched = settings.dataset, {*settings.download, *archives(settings.download)}
    keys = ["train", "train_images", *([] if dataset.test is None else ["test", "test_images"])]
    names = {key: getattr(dataset, key) for key in keys}
    if dataset.root == TOY_ROOT:
        return {}
    return {
        key: name
        for key, name in names.items()
        if name is not None and name not in fetched and not (Path(dataset.root) / name).exists()
    }


def _check_files(settings: Configuration) -> None:
    """Every file of the data set exists, or will be fetched."""
    for key, name in _missing_files(settings).items():
        raise ValueError(
            f"configuration: dataset.{key} is {name}, and there is no {Path(settings.dataset.root) / name}; correct "
            "the path or dataset.root, or see data/README.md for where the data come from"
        )
