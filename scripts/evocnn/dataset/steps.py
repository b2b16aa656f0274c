"""Records and crops, from files to files."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from evocnn.dataset import mpii
from evocnn.dataset.records import shard_rows, write_shard
from evocnn.files import digest, read_json, write_json


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


def write_manifest(
    output: Path, summaries: Sequence[Path], *, annotations: Path, settings: dict[str, float | str], max_skipped: float
) -> None:
    """Gather what became of a split's people; the digest is that of all inputs, settings and records.

    Raises:
        ValueError: a larger share than `max_skipped` was left out; the text gives the most frequent reasons.
    """
    shards = [read_json(path, "shard") for path in summaries]
    skipped = [person for shard in shards for person in shard["skipped"]]
    people = sum(shard["people"] for shard in shards)
    if len(skipped) > max_skipped * (people + len(skipped)):
        reasons = "; ".join(f"{n} × {reason}" for reason, n in Counter(p["reason"] for p in skipped).most_common(5))
        raise ValueError(
            f"{annotations}: {len(skipped)} of {people + len(skipped)} people cannot be used ({reasons}), e.g. "
            f"{skipped[0]['image']}; mend the data set or raise dataset.max_skipped (now {max_skipped})"
        )
    document = {
        "people": people,
        "skipped": skipped,
        "settings": settings,
        "annotations": digest(annotations),
        "shards": [shard["digest"] for shard in shards],
    }
    write_json(output, "manifest", document)
