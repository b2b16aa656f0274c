"""The classes of an image classification."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Classes:
    """Class names; a class is its index among them."""

    classes: tuple[str, ...]

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
        ValueError: fewer than two classes, or one named twice; the text names the file.
    """
    classes = tuple(map(str, content["classes"] or ()))
    if len(classes) < 2 or len(set(classes)) != len(classes):
        raise ValueError(f"{path}: found the classes {', '.join(classes)}; expected two or more different names")
    return Classes(classes)
