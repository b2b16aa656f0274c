"""Shards, from files to files."""

from pathlib import Path

import numpy as np

from evocnn.dataset.images import Images
from evocnn.dataset.manifest import write_summary
from evocnn.dataset.people import People
from evocnn.dataset.records import shard_rows, write_shard
from evocnn.dataset.splits import Source, read_split
from evocnn.labels import read_labels


def make_shard(
    output: Path,
    summary: Path,
    *,
    source: Source,
    images: Path,
    labels: Path,
    split: str,
    shard: int,
    shards: int,
    input_size: int,
    margin: float,
) -> None:
    """Write one shard of a split, and what became of its people.

    Args:
        output: TFRecord file to write.
        summary: JSON file to write; that of the first shard has also whom the annotations leave unusable.
        source: the annotations.
        images: folder or zip of the split's images.
        labels: labels file.
        split: "train", "valid" or "test".
        shard: its number, from 0.
        shards: how many there are.
        input_size: side of the networks' input in pixels.
        margin: what a crop has on each side beyond that, as a fraction of it.
    """
    found = read_split(source, split, read_labels(labels))
    rows = shard_rows(len(found.people), shard, shards)
    people = _by_image(found.people).take(rows)
    written = write_shard(output, people, Images(images), input_size=input_size, margin=margin)
    skipped = (*(found.skipped if shard == 0 else ()), *written.skipped)
    write_summary(summary, people=written.people, skipped=skipped, images=written.images, records=output)


def _by_image(people: People) -> People:
    """Neighbours are of one image, so that it is opened once."""
    return people.take(np.argsort(people.images, kind="stable"))
