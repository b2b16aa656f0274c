"""Shards, from files to files."""

from pathlib import Path

from evocnn.dataset import mpii
from evocnn.dataset.records import shard_rows, write_shard
from evocnn.files import digest, write_json


def make_shard(
    output: Path,
    summary: Path,
    *,
    annotations: Path,
    images: Path,
    split: str,
    shard: int,
    shards: int,
    valid_fraction: float,
    input_size: int,
    margin: float,
) -> None:
    """Write one shard of a split, and what became of its people.

    Args:
        output: TFRecord file to write.
        summary: JSON file to write.
        annotations: annotation file of the split.
        images: folder of the images.
        split: "train", "valid" or "test".
        shard: its number, from 0.
        shards: how many there are.
        valid_fraction: share of the images of `train.json` that becomes search-valid, 0 to 1.
        input_size: side of the networks' input in pixels.
        margin: what a crop has on each side beyond that, as a fraction of it.
    """
    people = mpii.read_split(annotations, split, valid_fraction)
    rows = shard_rows(len(people), shard, shards)
    skipped = write_shard(output, people.take(rows), images, input_size=input_size, margin=margin)
    for person in skipped:
        person["row"] = int(rows[int(person["row"])])
    write_json(summary, "shard", {"people": len(rows) - len(skipped), "skipped": skipped, "digest": digest(output)})
