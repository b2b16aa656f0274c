"""The manifest of a split: what its records hold, who was left out, and why."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

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
    """Gather what became of a split's people; `digest` is that of all inputs, settings and records.

    Args:
        output: file to write.
        summaries: one file per shard, of `write_summary`.
        people: people table of the split.
        annotations: the annotation files that were read.
        settings: what the records depend on, by name.
        max_skipped: share of the people that may be left out, 0 to 1.

    Raises:
        ValueError: nobody is left, or a larger share than `max_skipped` is left out; the text gives the five most
            frequent reasons.
    """
    shards = [read_json(path, "shard") for path in summaries]
    skipped = [asdict(person) for person in read_people(people).skipped]
    skipped += [person for shard in shards for person in shard["skipped"]]
    used = sum(shard["people"] for shard in shards)
    everybody = used + len(skipped)
    if not used or len(skipped) / everybody > max_skipped:  # divided, 29 of 100 is exactly 0.29
        counts = Counter(person["reason"] for person in skipped).most_common(5)
        reasons = "; ".join(f"{count} × {reason}" for reason, count in counts)
        example = f" ({reasons}), e.g. {skipped[0]['image']} in row {skipped[0]['row']}" if skipped else ""
        where = ", ".join(map(str, annotations)) or "the images"
        raise ValueError(
            f"{where}: {len(skipped)} of {everybody} people of a split cannot be used{example}; mend the data set, or "
            f"change dataset.max_skipped (now {max_skipped}) or the fractions of the splits"
        )
    document = {
        "people": used,
        "skipped": skipped,
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
    return read_json(path, "manifest", ("people", "skipped", "settings", "annotations", "images", "shards", "digest"))


def write_summary(path: Path, written: Written, *, records: Path) -> None:
    """Write what became of a shard's people, for the manifest."""
    write_json(path, "shard", {**asdict(written), "digest": digest(records)})
