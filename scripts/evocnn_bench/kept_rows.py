"""Rows of a measurement that are kept beside its page.

Many seeds take many hours. So rows are added to a CSV file as soon as they are known, and the measurement continues
from there, on another day or on another machine of the same kind.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from evocnn.configuration.model import Configuration
from evocnn.evolution.fitness import Fitness
from evocnn.files import digest, replacing
from evocnn.labels import label_files
from evocnn.training.key import CODE, code_digest
from evocnn_bench.document import REPOSITORY

NO_RESULT: dict[str, Any] = dict.fromkeys(("compare", "experiment", "jobs", "report"), True) | {"dataset": {"root"}}
"""Keys of a configuration that change no score."""


def read_rows(path: Path, *made_by: str) -> pd.DataFrame:
    """The rows of a file; none where there is no file.

    Args:
        path: CSV file.
        made_by: see `digest_of`; each row must have one of them.

    Raises:
        ValueError: rows were made by other code or another configuration.
    """
    if not path.exists():
        return pd.DataFrame(columns=["seed", "made_by"])
    rows = pd.read_csv(path, dtype=dict.fromkeys(("part", "network_id", "made_by"), str))
    others = sorted({*rows["made_by"]} - {*made_by})
    if others:
        raise ValueError(
            f"{path}: found rows that were made by {', '.join(others)}, expected {' or '.join(made_by)}: code or "
            "configuration have changed since. Their scores cannot be compared; delete the file to measure all again"
        )
    return rows


def add_rows(path: Path, rows: pd.DataFrame, new: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """All rows, after they were written.

    Args:
        path: CSV file.
        rows: what it holds.
        new: what is added.
    """
    added = pd.DataFrame(new)
    rows = pd.concat([rows, added], ignore_index=True) if len(rows) else added
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        rows.to_csv(temporary, index=False, float_format="%.4f")
    return rows


def digest_of(configs: Sequence[Mapping[str, Any]]) -> str:
    """Digest of what scores depend on besides seeds and data: code, settings, spaces, and labels, 12 hex digits.

    Args:
        configs: of the runs, as their files say.
    """
    parts: list[Any] = [code_digest(*CODE, "evolution")]
    for config in configs:
        settings = Configuration.model_validate(config)
        parts.append(settings.model_dump(mode="json", exclude=NO_RESULT))
        space = REPOSITORY / settings.space
        own = sorted(space.parent.glob("*.py"))
        parts.append(digest(*label_files(REPOSITORY / settings.dataset.labels), space, *own))
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def machine_of(trained: Iterable[Fitness]) -> str:
    """Processor or GPU, and versions of libraries; all of them where trainings differ."""
    kinds = set()
    for fitness in trained:
        known = fitness.provenance
        if fitness.status != "ok":
            continue  # a training that failed may not say what it ran on
        device = known["processor"] if known["device"] == "cpu" else known["device"]
        kinds.add(", ".join([device, *map(" ".join, sorted(known["versions"].items()))]))
    return "; ".join(sorted(kinds))


def machines(rows: pd.DataFrame) -> str:
    """Whether all rows are of one machine, see `machine_of`, and which: a sentence without its full stop."""
    known = rows["machine"].unique()
    return f"All trainings with {known[0]}" if len(known) == 1 else f"Trainings differ: {' / '.join(known)}"
