"""What only the page of a search shows: curves, genes that mattered, objectives, jobs, changes from parent to child."""

from functools import cached_property
from typing import Any

import pandas as pd

from evocnn.report.charts import job_charts, objective_charts
from evocnn.report.charts.curves_chart import CURVES, curves_chart
from evocnn.report.charts.gene_view import gene_datasets, gene_figures
from evocnn.report.charts.search_view import Figure, SearchView, records
from evocnn.report.charts.style import Palette
from evocnn.report.page import alt_text
from evocnn.report.tables import analysis
from evocnn.report.tables.curves import learning_curves, order_by_epoch, settled
from evocnn.report.tables.genes import Genes, important_genes
from evocnn.report.tables.objectives import objectives_table
from evocnn.report.tables.timeline import FORMAT, timeline, use_of_devices

MOST_CURVES = 300
"""Learning curves that are drawn: those of the ancestors of the best, of survivors, and of the highest scores."""
MOST_ATTEMPTS = 2000
"""Attempts at trainings that the timeline shows: the last ones."""


class DetailView(SearchView):
    """What the page shows of a run."""

    brush = True

    @cached_property
    def shown(self) -> list[int]:
        """Keys of the individuals that charts with a line per individual show."""
        return analysis.most_relevant(self.table, self.ancestry, MOST_CURVES)

    @cached_property
    def curves(self) -> pd.DataFrame:
        """Learning curves of those that are shown; see `learning_curves`."""
        return learning_curves((key, self.trainings[key]) for key in self.shown)

    @cached_property
    def settled(self) -> str:
        """See `settled`."""
        return settled(order_by_epoch(self.curves))

    @cached_property
    def genomes(self) -> pd.DataFrame:
        """A row per training that ended well, by its key, and a column per place of the genome."""
        ok = [key for key, training in enumerate(self.trainings) if training.fitness.status == "ok"]
        return pd.DataFrame(
            [self.individuals[key].genome for key in ok], index=ok, columns=list(self.run.space.gene_names)
        )

    @cached_property
    def genes(self) -> Genes | None:
        """See `important_genes`."""
        return important_genes(self.genomes, self.table.score[self.genomes.index].tolist() if len(self.genomes) else [])

    @cached_property
    def objectives(self) -> pd.DataFrame:
        """See `objectives_table`."""
        return objectives_table(self.trainings, self.run.config["evolution"]["objectives"])

    @cached_property
    def attempts(self) -> pd.DataFrame:
        """See `timeline`."""
        return timeline(self.trainings)

    @cached_property
    def devices(self) -> list[dict[str, Any]]:
        """See `use_of_devices`."""
        return records(use_of_devices(self.attempts))

    def changes(self, key: int) -> list[dict[str, Any]]:
        """Genes of an individual that differ from its first parent's: `gene`, `before`, `after`."""
        if not self.parents[key]:
            return []
        before, after = self.individuals[self.parents[key][0]].genome, self.individuals[key].genome
        named = zip(self.run.space.gene_names, before, after, strict=True)
        return [{"gene": name, "before": old, "after": new} for name, old, new in named if old != new]

    def datasets(self) -> dict[str, list[dict[str, Any]]]:
        """The data that charts name."""
        volumes = self.course[["generation", "hypervolume"]].dropna() if len(self.course) else self.course
        return {
            **super().datasets(),
            CURVES: records(self.curves),
            **gene_datasets(self.genes, self.genomes.loc[self.genomes.index.isin(self.shown)], self.table),
            objective_charts.OBJECTIVES: records(self.objectives),
            objective_charts.VOLUMES: records(volumes),
            job_charts.TIMELINE: self._bars(),
        }

    def figures(self, palette: Palette) -> dict[str, Figure]:
        """The charts of the search by name; none before the first training has ended well."""
        figures = super().figures(palette)
        if not figures:
            return {}
        more = self._curves_figure(palette), self._objective_figures(palette), self._timeline_figure(palette)
        of_genes = gene_figures(self.genes, self.run.task.metric, palette)
        return {**figures, **of_genes, **{name: figure for part in more for name, figure in part.items()}}

    def _curves_figure(self, palette: Palette) -> dict[str, Figure]:
        chart = curves_chart(self.run.task.metric, int(self.table.generation.max()), palette)
        return {"curves": Figure(chart, alt_text.describe_curves(self.curves, self.settled))}

    def _objective_figures(self, palette: Palette) -> dict[str, Figure]:
        if self.objectives.empty:
            return {}
        names = self.run.config["evolution"]["objectives"]
        front = Figure(
            objective_charts.objectives_chart(names, palette), alt_text.describe_objectives(self.objectives, names)
        )
        if self.course.empty:
            return {"objectives": front}
        volumes = Figure(objective_charts.volumes_chart(palette), alt_text.describe_volumes(self.course))
        return {"objectives": front, "volumes": volumes}

    def _timeline_figure(self, palette: Palette) -> dict[str, Figure]:
        if self.attempts.empty:
            return {}
        shown = self.attempts.tail(MOST_ATTEMPTS)
        minutes = (shown.ended.max() - shown.began.min()).total_seconds() / 60
        lanes, statuses = sorted(shown.lane.unique()), sorted(shown.status.unique())
        chart = job_charts.timeline_chart(lanes, statuses, minutes, palette)
        return {"timeline": Figure(chart, alt_text.describe_devices(self.devices))}

    def _bars(self) -> list[dict[str, Any]]:
        shown = self.attempts.tail(MOST_ATTEMPTS)
        if shown.empty:
            return []
        seconds = (shown.ended - shown.began).dt.total_seconds()
        times = {name: shown[name].dt.strftime(FORMAT) for name in ("began", "ended")}
        return records(shown.assign(**times, seconds=seconds))
