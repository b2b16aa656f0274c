"""The manifest of a split: what its records hold, which people were skipped, and why."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evocnn.dataset.division import SPLITS
from evocnn.dataset.people_file import read_people
from evocnn.dataset.records import Written
from evocnn.files import digest, read_json, write_json


def write_manifest(
    output: Path,
    summaries: Sequence[Path],
    *,
    people: Path,
    annotations: Sequence[Path],
    settings: dict[str, Any],
    max_skipped: float,
) -> None:
    """Write the people used and skipped of a split; `digest` covers all inputs, settings and records.

    `copies` counts images that are in this split because another of equal content is, and `in_test` those that are in
    no split of the search because they, or images of equal content, are in the test file.

    Args:
        output: file to write, in the folder of the split.
        summaries: one file per shard, of `write_summary`.
        people: people table of the split.
        annotations: the annotation files that were read.
        settings: the settings that the records depend on, by name.
        max_skipped: largest share of the people that may be skipped, 0 to 1.

    Raises:
        ValueError: no person is left, or the share of skipped people is larger than `max_skipped`; the message gives
            the five most frequent reasons.
    """
    shards = [read_json(path, "shard") for path in summaries]
    table = read_people(people)
    skipped = [asdict(person) for person in table.skipped]
    skipped += [person for shard in shards for person in shard["skipped"]]
    used = sum(shard["people"] for shard in shards)
    annotated = used + len(skipped)
    if not used or len(skipped) / annotated > max_skipped:  # as a quotient, 29 of 100 is exactly 0.29
        counts = Counter(person["reason"] for person in skipped).most_common(5)
        reasons = "; ".join(f"{count} × {reason}" for reason, count in counts)
        example = f" ({reasons}), e.g. {skipped[0]['image']} in row {skipped[0]['row']}" if skipped else ""
        where = ", ".join(map(str, annotations)) or "the images"
        raise ValueError(
            f"{where}: {len(skipped)} of {annotated} people of {SPLITS.get(output.parent.name, 'a split')} cannot be "
            f"used{example}; correct the data set, or change dataset.max_skipped (now {max_skipped}) or the fractions "
            "of the splits"
        )
    document = {
        "people": used,
        "skipped": skipped,
        "copies": table.copies,
        "in_test": table.tested,
        "settings": settings,
        "annotations": [{"file": path.name, "digest": digest(path)} for path in annotations],
        "images": [shard["images"] for shard in shards],
        "shards": [shard["digest"] for shard in shards],
    }
    total = hashlib.sha256(repr(sorted(document.items())).encode()).hexdigest()
    write_json(output, "manifest", {**document, "digest": total})


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest.

    Raises:
        ValueError: the file is damaged.
    """
    return read_json(
        path,
        "manifest",
        ("people", "skipped", "copies", "in_test", "settings", "annotations", "images", "shards", "digest"),
    )


def write_summary(path: Path, written: Written, *, records: Path) -> None:
    """Write the people used and skipped of one shard, for the manifest."""
    write_json(path, "shard", {**asdict(written), "digest": digest(records)})
