"""The results of a search, for its page and its plots: tables, charts of them, and the data of the charts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from evocnn.evolution.individual import Individual
from evocnn.report.charts import search_charts as charts
from evocnn.report.charts.style import STATUS_COLOURS, Chart, Palette
from evocnn.report.page import alt_text
from evocnn.report.run import Run, Training
from evocnn.report.tables import analysis
from evocnn.report.tables.operations import operation_shares, operation_trends, operations_of
from evocnn.report.tables.score_table import ScoreRow, score_rows
from evocnn.report.verdict import verdict
from evocnn.space.network import Network

EDGE = 0.6
"""Generations that are shown beyond the first and the last."""
ROOM = (0.1, 0.06)
"""Shares of the height of scores that are left free below, for crosses, and above."""
FAR = 1.0
"""A trivial baseline this far below all scores, relative to their range, would squeeze them: it is not drawn."""


@dataclass(frozen=True)
class Figure:
    """A chart, and what it shows in words."""

    chart: Chart
    text: str


class SearchView:
    """What plots and the page show of a run; every part is computed when it is first asked for."""

    brush = False
    """Whether a rectangle can be drawn over the individuals of the first chart."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._networks: dict[int, Network] = {}

    @cached_property
    def trainings(self) -> list[Training]:
        """See `Run.trainings`."""
        return self.run.trainings

    @cached_property
    def individuals(self) -> list[Individual]:
        """Of the trainings."""
        return [training.individual for training in self.trainings]

    def network(self, key: int) -> Network:
        """Of a training; it is decoded when it is first asked for, because that takes milliseconds."""
        if key not in self._networks:
            self._networks[key] = self.run.network(self.individuals[key])
        return self._networks[key]

    def operations(self, network_id: str) -> list[str]:
        """See `operations_of`."""
        key = self._keys[network_id]
        return operations_of(self.individuals[key], self.network(key), self.run)

    @cached_property
    def _keys(self) -> dict[str, int]:
        return {individual.network_id: key for key, individual in enumerate(self.individuals)}

    @cached_property
    def table(self) -> pd.DataFrame:
        """See `analysis.individuals`."""
        return analysis.individuals(self.run)

    @cached_property
    def course(self) -> pd.DataFrame:
        """See `analysis.course`."""
        return analysis.course(self.run)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """See `operation_shares`."""
        return operation_shares(self.run, self.operations)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """See `analysis.outcomes`."""
        return analysis.outcomes(self.run)

    @cached_property
    def score_rows(self) -> Mapping[str, Sequence[ScoreRow]]:
        """See `score_rows`."""
        return score_rows(self.run)

    @cached_property
    def parents(self) -> list[list[int]]:
        """See `analysis.parents_of`."""
        return analysis.parents_of(self.individuals)

    @cached_property
    def best(self) -> int | None:
        """Key of the best individual."""
        result = analysis.best(self.run)
        return self.individuals.index(result.individual) if result else None

    @cached_property
    def ancestry(self) -> list[int]:
        """Keys of the best individual's ancestors and its own."""
        return [] if self.best is None else analysis.ancestry(self.parents, self.best)

    @cached_property
    def reliability(self) -> list[dict[str, Any]]:
        """A row per bin of the calibration: probability, share that is right, and its standard error, in percent."""
        return records(analysis.reliability(self.run.calibration))

    @cached_property
    def sentences(self) -> list[str]:
        """What the search has shown so far; see `verdict`."""
        if self.best is None or self.course.empty:
            return []
        network_id = self.run.final.provenance["network_id"] if self.run.final else ""
        test = {row.name: row.score for row in self.score_rows.get("test", ()) if row.name not in self.run.trivial}
        final = test.pop("final network", {})
        known = self.run.trivial, final, test
        return verdict(self.table, self.course, *known, network_id=network_id, comparison=self.run.comparison)

    @property
    def statuses(self) -> list[str]:
        """Those that occur, in their order."""
        return [status for status in STATUS_COLOURS if (self.outcomes.status == status).any()]

    def datasets(self) -> dict[str, list[dict[str, Any]]]:
        """The data that charts name."""
        return {
            charts.INDIVIDUALS: self._dots(),
            charts.COURSE: records(self._course()),
            charts.TRIVIAL: [{"trivial": f"{name} {score:.1f}", "score": score} for name, score in self.near_trivial],
            charts.OUTCOMES: records(self.outcomes),
            charts.OPERATIONS: records(self.shares),
            charts.RELIABILITY: self.reliability,
        }

    def figures(self, palette: Palette) -> dict[str, Figure]:
        """The charts of the search by name; none before the first training has ended well."""
        if self.best is None:
            return {}
        metric, trends = self.run.task.metric, operation_trends(self.shares)
        costs = {
            cost: Figure(
                charts.cost_chart(cost, metric, self._frame(), palette), alt_text.describe_costs(self.table, cost)
            )
            for cost in analysis.COSTS
        }
        lineage = Figure(
            charts.lineage_chart(metric, palette, self.ancestry),
            alt_text.describe_lineage(self.table, self.ancestry),
        )
        return {
            "fitness": Figure(
                charts.score_chart(metric, self._frame(), palette, brush=self.brush),
                alt_text.describe_course(self.course, metric),
            ),
            **costs,
            "lineage": lineage,
            "operations": Figure(charts.operations_chart(palette), alt_text.describe_operations(trends)),
            "outcomes": Figure(
                charts.outcomes_chart(self.statuses, palette), alt_text.describe_outcomes(self.outcomes)
            ),
            **self._reliability_figure(palette),
        }

    def _reliability_figure(self, palette: Palette) -> dict[str, Figure]:
        calibration = self.run.calibration
        if not calibration or not calibration.bins:
            return {}
        text = alt_text.describe_reliability(calibration)
        return {"reliability": Figure(charts.reliability_chart(palette), text)}

    @cached_property
    def best_trivial(self) -> list[tuple[str, float]]:
        """The best trivial baseline on search-valid, if any; lower ones would compress the axis."""
        means = {name: of["valid"]["mean"] for name, of in self.run.trivial.items()}
        measured = [(name, mean) for name, mean in means.items() if mean is not None]
        return sorted(measured, key=lambda pair: pair[1])[-1:]

    @cached_property
    def near_trivial(self) -> list[tuple[str, float]]:
        """The same, where it is near enough to the scores to be drawn with them."""
        scores = self.table.score[self.table.status == "ok"] if len(self.table) else pd.Series(dtype=float)
        if scores.empty:
            return self.best_trivial
        reach = max(FAR * (scores.max() - scores.min()), 1.0)
        return [(name, score) for name, score in self.best_trivial if score > scores.min() - reach]

    def _frame(self) -> charts.Frame:
        scored = self.table[self.table.status == "ok"]
        scores = [
            *scored.score,
            *(scored.score + scored.standard_error.fillna(0.0)),
            *(score for _, score in self.near_trivial),
        ]
        low, high = min(scores), max(scores)
        room = max(high - low, 1.0)
        return charts.Frame(
            generations=(-EDGE, self.table.generation.max() + EDGE),
            scores=(low - ROOM[0] * room, high + ROOM[1] * room),
            reached=(scored.score.min() - 1, scored.score.max() + 1),
            costs={cost: (0.9 * scored[cost].min(), 1.1 * scored[cost].max()) for cost in analysis.COSTS},
            statuses=tuple(status for status in self.statuses if (self.table.status == status).any()),
        )

    def _dots(self) -> list[dict[str, Any]]:
        """A row per individual for the dots and the table of individuals; the details hold everything else."""
        if self.table.empty:
            return []
        columns = ["key", "name", "generation", "x", "network_id", "status", "score", "standard_error", *analysis.COSTS]
        columns += ["operator", "survived", "attempts", *(f"front_{cost}" for cost in analysis.COSTS)]
        return [
            {**row, "parents": list(individual.parents)}
            for row, individual in zip(records(self.table[columns]), self.individuals, strict=True)
        ]

    def _course(self) -> pd.DataFrame:
        """The lines, and the band of the best score's sampling error: one bootstrap standard error."""
        if self.course.empty:
            return self.course
        course, shown = self.course, self._frame().scores
        error = course.best_network_id.map(self.table.set_index("network_id").standard_error).fillna(0.0)
        return pd.DataFrame(
            {
                "generation": course.generation,
                charts.BEST: course.best,
                charts.MEDIAN: course["median"],
                "low": (course.best - error).clip(*shown),
                "high": (course.best + error).clip(*shown),
            }
        )


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON knows them: numbers of few digits, None for what is missing."""
    return json.loads(table.to_json(orient="records", double_precision=4))


def specification(figure: Figure) -> dict[str, Any]:
    """The Vega-Lite of a chart, without data."""
    return figure.chart.to_dict()
