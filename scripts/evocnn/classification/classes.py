"""The classes of an image classification."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evocnn.extensions import own_metric, own_name
from evocnn.yaml_files import check_keys, distinct_names


@dataclass(frozen=True)
class Classes:
    """Class names; a class is its index among them.

    Attributes:
        classes: the names.
        own_metric: `FILE.py:NAME` of a metric of the user's own, which takes the place of accuracy; see `METRICS` in
            docs/extending.md.
    """

    classes: tuple[str, ...]
    own_metric: str | None = None

    @property
    def metric(self) -> str:
        """Name of the score."""
        return own_name(self.own_metric) if self.own_metric else "accuracy"

    @property
    def outputs(self) -> int:
        """Number of classes."""
        return len(self.classes)

    @property
    def task(self) -> str:
        """What a network is for."""
        return "classification"


def parse_classes(content: dict[str, Any], path: Path) -> Classes:
    """Take the classes from the content of a labels file, a list under `classes`.

    Raises:
        ValueError: a key is unknown, there are fewer than two classes, or one is there twice; the message names the
            file.
    """
    try:
        check_keys(content, ("classes",), ("metric",))
        classes = distinct_names(content, "classes")
        if len(classes) < 2:
            raise ValueError(f"classes is {list(classes)}; expected two names at least")
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    return Classes(classes, own_metric(content, path))
