"""What one has to know about a model to use it, in a file that lies beside it."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from evocnn.files import read_json, write_json
from evocnn.labels import Labels, labels_of

NAME = "model.json"
"""Of the file, in the folder of the model."""


@dataclass(frozen=True)
class Facts:
    """What a model takes and gives.

    Attributes:
        labels: the joints or classes that it predicts.
        input_size: side of its input in pixels.
        heads: names of what it yields, the one that predicts first; see `evocnn.pose.decoders`.
    """

    labels: Labels
    input_size: int
    heads: tuple[str, ...]


def write_facts(path: Path, *, labels: Path, input_size: int, heads: tuple[str, ...]) -> None:
    """Write the facts about a model, the content of its labels file among them."""
    facts = {"input_size": input_size, "heads": heads, "labels": yaml.safe_load(labels.read_text())}
    write_json(path, "model", facts)


def read_facts(path: Path) -> Facts:
    """Read what `write_facts` has written.

    Raises:
        ValueError: the file is damaged.
    """
    found = read_json(path, "model", ("input_size", "heads", "labels"))
    return Facts(labels_of(found["labels"], path), int(found["input_size"]), tuple(found["heads"]))
