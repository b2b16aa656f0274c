"""The configuration: one line for whatever is wrong with it, before any job runs."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from evocnn.classification.classes import Classes
from evocnn.dataset.archive import archives
from evocnn.files import replacing
from evocnn.labels import read_labels
from evocnn.space.space import read_space

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
    described = yaml.safe_load(schema.read_text())
    errors = sorted(jsonschema.Draft202012Validator(described).iter_errors(config), key=lambda e: list(e.absolute_path))
    if errors:
        raise ValueError(_explain(errors[0]))
    for key, path in (("space", config["space"]), ("dataset.labels", config["dataset"]["labels"])):
        if not Path(locate(path)).is_file():
            raise ValueError(f"configuration: {key} is {path}, and there is no such file; correct the path")
    space = read_space(Path(locate(config["space"])))
    if config["dataset"]["input_size"] % space.coarsest:
        raise ValueError(
            f"configuration: dataset.input_size is {config['dataset']['input_size']}, expected a multiple of "
            f"{space.coarsest}, the largest stride of {config['space']}; change one of them"
        )
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


def _explain(error: jsonschema.ValidationError) -> str:
    schema: Any = error.schema
    value: Any = error.validator_value
    found: Any = error.instance
    path = ".".join(map(str, error.absolute_path))
    if error.validator == "additionalProperties":
        known = sorted(schema["properties"])
        wrong = sorted(set(found) - set(known))[0]
        key = f"{path}.{wrong}" if path else wrong
        near = get_close_matches(wrong, known, 1)
        advice = f"did you mean '{near[0]}'?" if near else f"expected one of {', '.join(known)}"
        return f"configuration: the key '{key}' is unknown; {advice}"
    if error.validator == "required":
        missing = next(key for key in value if key not in found)
        return f"configuration: the key '{f'{path}.{missing}' if path else missing}' is missing; add it"
    expected = {
        "type": "a value of type {}",
        "minimum": "{} or more",
        "maximum": "{} or less",
        "exclusiveMinimum": "more than {}",
        "exclusiveMaximum": "less than {}",
        "minLength": "at least {} character",
        "pattern": "text that matches {}",
        "enum": "one of {}",
    }.get(str(error.validator), str(error.validator) + " {}")
    description = schema.get("description", "")
    wanted = expected.format(value)
    return f"configuration: {path} is {found!r}, expected {wanted} ({description}); change it"
