"""People tables and shards: functions that read and write files."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from evocnn.classification.classes import Classes
from evocnn.dataset.division import SPLITS
from evocnn.dataset.images import Images
from evocnn.dataset.manifest import write_summary
from evocnn.dataset.people_file import read_people, write_people
from evocnn.dataset.records import shard_rows, write_shard
from evocnn.dataset.splits import Source, read_split
from evocnn.labels import read_labels


def read_source(output: Path, *, source: Source, split: str, labels: Path) -> None:
    """Read a split of a data set and write its people, ordered by image, so that each image is opened once.

    Args:
        output: file to write (.npz).
        source: the data set.
        split: "train", "valid" or "test".
        labels: labels file.
    """
    read = read_labels(labels)
    annotations = read_split(source, split, read)
    order = np.argsort(annotations.people.images, kind="stable")
    write_people(output, replace(annotations, people=annotations.people.take(order)))
    if isinstance(read, Classes):
        counts = np.bincount(annotations.people.category, minlength=len(read.classes)).tolist()
        each = ", ".join(f"{count} {name}" for name, count in zip(read.classes, counts, strict=True))
        print(f"{SPLITS[split]}, divided by class: {each}")


def make_shard(
    output: Path,
    summary: Path,
    *,
    people: Path,
    images: Path,
    shard: int,
    shards: int,
    input_size: int,
    margin: float,
) -> None:
    """Write one shard of a split, and a summary of its used and skipped people.

    Args:
        output: TFRecord file to write.
        summary: JSON file to write.
        people: people table of the split.
        images: folder or zip of the split's images.
        shard: its number, from 0.
        shards: number of shards.
        input_size: side of the networks' input in pixels.
        margin: extra border of a crop on each side, as a fraction of the input.
    """
    table = read_people(people).people
    chosen = table.take(shard_rows(len(table), shard, shards))
    written = write_shard(output, chosen, Images(images), input_size=input_size, margin=margin)
    write_summary(summary, written, records=output)
