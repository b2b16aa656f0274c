"""What differs between the configuration of a run and that of the run as it was made."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

CONSEQUENCES = {
    "seed": "everything runs again",
    "dataset": "records are made again where they depend on it, and then all trainings run again",
    "toy": "the toy data are drawn again, and everything runs again",
    "space": "everything but the records is made again",
    "evolution": "generations are bred and selected again; networks that were not trained yet are trained",
    "evolution.generations": "only generations are added, or no longer used",
    "evolution.rungs": "all trainings of the search run again",
    "evolution.promote": "who goes on to a rung is chosen again; trainings that were not made yet are made",
    "limits": "generations are bred again; networks that were not trained yet are trained",
    "training": "all trainings run again",
    "jobs": "nothing that is finished runs again",
    "final": "the trainings of the finalists run again",
    "final.flip_test": "the final network and baselines are scored again",
    "final.exports": "the exported files are written and scored again",
    "baselines": "baselines run again where they depend on it",
    "compare": "searches are added, or no longer used",
    "report": "the picture of predictions is drawn again",
}
"""By section or key; what is not listed has none."""


def changes(run: Path, after: Mapping[str, Any]) -> list[str]:
    """A line for each key whose value differs, with what Snakemake runs again by its default triggers.

    Args:
        run: configuration file of the run; nothing differs where there is none, or it cannot be read.
        after: the configuration now, as in such a file.
    """
    try:
        before = yaml.safe_load(run.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return []
    if not isinstance(before, Mapping):
        return []
    return [f"{key} was {old!r}, is {new!r}: {_consequence(key)}" for key, old, new in _differences(before, after, "")]


def _differences(before: Any, after: Any, key: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*before, *after]):
            yield from _differences(before.get(name), after.get(name), f"{key}.{name}" if key else str(name))
    elif before != after:
        yield key, before, after


def _consequence(key: str) -> str:
    return CONSEQUENCES.get(key) or CONSEQUENCES.get(key.split(".")[0], "nothing that is finished runs again")
