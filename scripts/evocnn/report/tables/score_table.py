"""The score table: trivial baselines, networks of the literature, the best of the search, the final network."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from evocnn.files import read_json, replacing
from evocnn.report.run import Run, read_run
from evocnn.report.run_files import RunFiles
from evocnn.report.tables.analysis import best
from evocnn.report.tables.individuals import DECIMALS

FLIP_TEST = "scores on test are of the mean of what is predicted for each crop and for its mirror image"


@dataclass(frozen=True)
class ScoreRow:
    """The score of a network or a trivial baseline on a split, in percent.

    Attributes:
        name: of the network or baseline.
        score: the mean, its standard error, `groups` and `group_errors` (of joints) or `per_class` and `class_errors`.
        params: number of weights; None for a trivial baseline.
        macs: multiply–accumulates per person; None for a trivial baseline.
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


def score_rows(run: Run) -> dict[str, list[ScoreRow]]:
    """All scores by split, the worst first."""
    valid = [ScoreRow(name, of["valid"]) for name, of in run.trivial.items() if "valid" in of]
    test = [ScoreRow(name, of["test"]) for name, of in run.trivial.items() if "test" in of]
    result = best(run)
    if result:
        costs = result.individual.cost
        valid.append(ScoreRow("best of the search", result.fitness.metrics, costs.params, costs.macs))
    for path in sorted(run.files.scores, key=lambda path: (path.parent.name != "final", path)):
        name, known = path.parent.name, read_json(path.with_name("fitness.json"), "fitness")["cost"]
        score = read_json(path, "score")["test"]
        test.append(
            ScoreRow("final network" if name == "final" else name, score, known.get("params"), known.get("macs"))
        )
    return {
        split: sorted(of_split, key=lambda s: s.score.get("mean") or 0.0)
        for split, of_split in {"search-valid": valid, "test": test}.items()
        if any(s.score.get("mean") is not None for s in of_split)
    }


def write_scores(output: Path, files: RunFiles) -> None:
    """Write a row per split and network or baseline as CSV: costs, score, standard error, and both for each group.

    Args:
        output: CSV to write.
        files: of the run.

    Raises:
        ValueError: a file is damaged.
    """
    rows = [
        {
            "split": split,
            "name": row.name,
            "params": row.params,
            "macs": row.macs,
            "score": row.score.get("mean"),
            "standard_error": row.score.get("standard_error"),
            **row.groups,
            **{f"{group}_error": error for group, error in row.errors.items()},
        }
        for split, result in score_rows(read_run(files)).items()
        for row in result
    ]
    table = pd.DataFrame(rows).astype({"params": "Int64", "macs": "Int64"})
    with replacing(output) as temporary:
        table.round(DECIMALS).to_csv(temporary, index=False, lineterminator="\n")
