"""How well everybody does who was scored: floors, baselines, the best of the search, the final network."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from evocnn.files import replacing
from evocnn.report.findings import best
from evocnn.report.run_files import Run, read_run
from evocnn.report.tables import DECIMALS


@dataclass(frozen=True)
class Standing:
    """How well somebody does on a split, in percent.

    Attributes:
        name: who.
        score: the mean, its standard error, `groups` and `group_errors` (of joints) or `per_class` and `class_errors`.
        params: weights; None for who has none.
        macs: multiply–accumulates per person; None for who has none.
    """

    name: str
    score: Mapping[str, Any]
    params: int | None = None
    macs: int | None = None

    @property
    def groups(self) -> Mapping[str, float | None]:
        """Score by group of joints or by class."""
        return self.score.get("groups") or self.score.get("per_class") or {}

    @property
    def errors(self) -> Mapping[str, float | None]:
        """Standard errors of `groups`."""
        return self.score.get("group_errors") or self.score.get("class_errors") or {}


def standings(run: Run) -> dict[str, list[Standing]]:
    """Everybody who was scored, by split, the worst first: floors, baselines, the best of the search, the final one."""
    floors = (run.document("baselines/floors.json", "floors") or {"floors": {}})["floors"]
    valid = [Standing(name, of["valid"]) for name, of in floors.items() if "valid" in of]
    test = [Standing(name, of["test"]) for name, of in floors.items() if "test" in of]
    found = best(run)
    if found:
        costs = found.individual.cost
        valid.append(Standing("best of the search", found.fitness.metrics, costs.params, costs.macs))
    names = {"final": "final network"}
    names |= {f"baselines/{p.parent.name}": p.parent.name for p in sorted(run.folder.glob("baselines/*/score.json"))}
    for folder, name in names.items():
        score, fitness = (run.document(f"{folder}/{kind}.json", kind) for kind in ("score", "fitness"))
        known = (fitness or {}).get("cost", {})
        if score:
            test.append(Standing(name, score["test"], known.get("params"), known.get("macs")))
    return {
        split: sorted(of_split, key=lambda s: s.score.get("mean") or 0.0)
        for split, of_split in {"search-valid": valid, "test": test}.items()
        if any(s.score.get("mean") is not None for s in of_split)
    }


def write_standings(output: Path, folder: Path) -> None:
    """Write a row per split and who was scored on it as CSV: costs, score and standard error, and both for each group.

    Args:
        output: CSV to write.
        folder: of the run.

    Raises:
        ValueError: the folder holds no run, or a file is damaged.
    """
    rows = [
        {
            "split": split,
            "name": standing.name,
            "params": standing.params,
            "macs": standing.macs,
            "score": standing.score.get("mean"),
            "standard_error": standing.score.get("standard_error"),
            **standing.groups,
            **{f"{group}_error": error for group, error in standing.errors.items()},
        }
        for split, found in standings(read_run(folder)).items()
        for standing in found
    ]
    table = pd.DataFrame(rows).astype({"params": "Int64", "macs": "Int64"})
    with replacing(output) as temporary:
        table.round(DECIMALS).to_csv(temporary, index=False, lineterminator="\n")
