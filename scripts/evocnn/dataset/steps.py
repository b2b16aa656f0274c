"""Shards, from files to files."""

from pathlib import Path

from evocnn.dataset.images import Images
from evocnn.dataset.manifest import write_summary
from evocnn.dataset.people_file import read_people
from evocnn.dataset.records import shard_rows, write_shard


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
