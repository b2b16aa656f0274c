"""What a search has found, put together for its page and its plots: tables, the charts of them, and their data."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from evocnn.evolution.individual import Individual
from evocnn.report import charts, findings, texts
from evocnn.report.run_files import Run, Training
from evocnn.report.standings import Standing, standings
from evocnn.space.network import Network

EDGE = 0.6
"""Generations that are shown beyond the first and the last."""
ROOM = (0.1, 0.06)
"""Shares of the height of scores that are left free below, for crosses, and above."""


@dataclass(frozen=True)
class Figure:
    """A chart, and what it shows in words."""

    chart: charts.Chart
    text: str


class SearchView:
    """What there is to show of a run; every part is worked out when it is first asked for."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def trainings(self) -> list[Training]:
        """See `Run.trainings`."""
        return self.run.trainings

    @cached_property
    def individuals(self) -> list[Individual]:
        """Of the trainings."""
        return [training.individual for training in self.trainings]

    @cached_property
    def networks(self) -> list[Network]:
        """Of the trainings."""
        return [self.run.network(individual) for individual in self.individuals]

    @cached_property
    def operations(self) -> Mapping[str, Sequence[str]]:
        """Of each network's blocks, by network id."""
        return {
            individual.network_id: findings.operations_of(individual, network, self.run)
            for individual, network in zip(self.individuals, self.networks, strict=True)
        }

    @cached_property
    def table(self) -> pd.DataFrame:
        """See `findings.everybody`."""
        return findings.everybody(self.run)

    @cached_property
    def course(self) -> pd.DataFrame:
        """See `findings.course`."""
        return findings.course(self.run)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """See `findings.operations`."""
        return findings.operations(self.run, self.operations)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """See `findings.outcomes`."""
        return findings.outcomes(self.run)

    @cached_property
    def standings(self) -> Mapping[str, Sequence[Standing]]:
        """See `standings`."""
        return standings(self.run)

    @cached_property
    def lines(self) -> list[list[int]]:
        """See `findings.ancestors`."""
        return findings.ancestors(self.individuals)

    @cached_property
    def best(self) -> int | None:
        """Key of the best individual."""
        found = findings.best(self.run)
        return self.individuals.index(found.individual) if found else None

    @property
    def ancestry(self) -> list[int]:
        """Keys of the best individual's ancestors and its own."""
        return [] if self.best is None else self.lines[self.best]

    @property
    def statuses(self) -> list[str]:
        """Those that occur, in their order."""
        return [status for status in charts.STATUS_COLOURS if (self.outcomes.status == status).any()]

    def datasets(self) -> dict[str, list[dict[str, Any]]]:
        """The data that charts name."""
        return {
            charts.INDIVIDUALS: self._people(),
            charts.COURSE: records(self._course()),
            charts.FLOORS: [{"floor": f"{name} {score:.1f}", "score": score} for name, score in self._floor],
            charts.OUTCOMES: records(self.outcomes),
            charts.OPERATIONS: records(self.shares),
        }

    def figures(self, palette: charts.Palette) -> dict[str, Figure]:
        """The charts of the search by name; none before the first training has ended well."""
        if self.best is None:
            return {}
        metric, fates = self.run.task.metric, findings.fates(self.shares)
        costs = {
            cost: Figure(
                charts.cost_chart(cost, metric, self._frame(), palette), texts.describe_costs(self.table, cost)
            )
            for cost in findings.COSTS
        }
        lineage = Figure(
            charts.lineage_chart(metric, palette, self.ancestry), texts.describe_lineage(self.table, self.ancestry)
        )
        return {
            "fitness": Figure(
                charts.score_chart(metric, self._frame(), palette), texts.describe_course(self.course, metric)
            ),
            **costs,
            "lineage": lineage,
            "operations": Figure(charts.operations_chart(palette), texts.describe_operations(fates)),
            "outcomes": Figure(charts.outcomes_chart(self.statuses, palette), texts.describe_outcomes(self.outcomes)),
        }

    @cached_property
    def _floor(self) -> list[tuple[str, float]]:
        """The highest floor on search-valid; none where nothing is labelled. Lower ones would squeeze the scores."""
        known = self.run.document("baselines/floors.json", "floors") or {"floors": {}}
        means = {name: of["valid"]["mean"] for name, of in known["floors"].items()}
        measured = [(name, mean) for name, mean in means.items() if mean is not None]
        return sorted(measured, key=lambda floor: floor[1])[-1:]

    def _frame(self) -> charts.Frame:
        scored = self.table[self.table.status == "ok"]
        scores = [
            *scored.score,
            *(scored.score + scored.standard_error.fillna(0.0)),
            *(score for _, score in self._floor),
        ]
        low, high = min(scores), max(scores)
        room = max(high - low, 1.0)
        return charts.Frame(
            generations=(-EDGE, self.table.generation.max() + EDGE),
            scores=(low - ROOM[0] * room, high + ROOM[1] * room),
            reached=(scored.score.min() - 1, scored.score.max() + 1),
            costs={cost: (0.9 * scored[cost].min(), 1.1 * scored[cost].max()) for cost in findings.COSTS},
            statuses=tuple(status for status in self.statuses if (self.table.status == status).any()),
        )

    def _people(self) -> list[dict[str, Any]]:
        """What dots and the table of individuals need to know; everything else waits among the details."""
        if self.table.empty:
            return []
        columns = ["key", "generation", "x", "network_id", "status", "score", "standard_error", *findings.COSTS]
        columns += ["operator", "survived", "attempts", *(f"front_{cost}" for cost in findings.COSTS)]
        return [
            {**row, "name": f"{individual.generation}-{individual.number:02d}", "parents": list(individual.parents)}
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
