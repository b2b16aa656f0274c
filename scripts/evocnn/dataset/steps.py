"""People tables and shards, from files to files."""

from pathlib import Path

import numpy as np

from evocnn.dataset.images import Images
from evocnn.dataset.manifest import write_summary
from evocnn.dataset.people import Annotations
from evocnn.dataset.people_file import read_people, write_people
from evocnn.dataset.records import shard_rows, write_shard
from evocnn.dataset.splits import Source, read_split
from evocnn.labels import read_labels


def read_source(output: Path, *, source: Source, split: str, labels: Path) -> None:
    """Read a split of a data set and write it; neighbours in the table are of one image, so that it is opened once.

    Args:
        output: file to write (.npz).
        source: the data set.
        split: "train", "valid" or "test".
        labels: labels file.
    """
    found = read_split(source, split, read_labels(labels))
    order = np.argsort(found.people.images, kind="stable")
    write_people(output, Annotations(found.people.take(order), found.skipped))


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
    """Write one shard of a split, and what became of its people.

    Args:
        output: TFRecord file to write.
        summary: JSON file to write.
        people: people table of the split.
        images: folder or zip of the split's images.
        shard: its number, from 0.
        shards: how many there are.
        input_size: side of the networks' input in pixels.
        margin: what a crop has on each side beyond that, as a fraction of it.
    """
    everybody = read_people(people).people
    chosen = everybody.take(shard_rows(len(everybody), shard, shards))
    written = write_shard(output, chosen, Images(images), input_size=input_size, margin=margin)
    write_summary(summary, written, records=output)
