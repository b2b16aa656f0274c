"""The manifest of a split: what its records hold, who was left out, and why."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from evocnn.files import digest, read_json, write_json


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
