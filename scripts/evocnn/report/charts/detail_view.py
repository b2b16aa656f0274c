"""What only the page of a search shows: learning curves, genes that mattered, and changes from parent to child."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from evocnn.report.charts import detail_charts
from evocnn.report.charts import search_charts as charts
from evocnn.report.charts.search_view import Figure, SearchView, records
from evocnn.report.page import alt_text
from evocnn.report.tables import analysis
from evocnn.report.tables.curves import learning_curves, order_by_epoch, settled
from evocnn.report.tables.genes import Genes, Importance, important_genes

MOST_CURVES = 300
"""Learning curves that are drawn: those of the ancestors of the best, of survivors, and of the highest scores."""


class DetailView(SearchView):
    """What the page shows of a run."""

    @cached_property
    def curves(self) -> pd.DataFrame:
        """Learning curves of those whose details the page has; see `learning_curves`."""
        shown = analysis.most_relevant(self.table, self.ancestry, MOST_CURVES)
        return learning_curves((key, self.trainings[key]) for key in shown)

    @cached_property
    def settled(self) -> str:
        """See `settled`."""
        return settled(order_by_epoch(self.curves))

    @cached_property
    def genes(self) -> Genes | None:
        """See `important_genes`."""
        ok = [training for training in self.trainings if training.fitness.status == "ok"]
        genomes = pd.DataFrame([training.individual.genome for training in ok], columns=list(self.run.space.gene_names))
        return important_genes(genomes, [training.fitness.objectives["score"] for training in ok])

    def changes(self, key: int) -> list[dict[str, Any]]:
        """Genes of an individual that differ from its first parent's: `gene`, `before`, `after`."""
        if not self.parents[key]:
            return []
        before, after = self.individuals[self.parents[key][0]].genome, self.individuals[key].genome
        named = zip(self.run.space.gene_names, before, after, strict=True)
        return [{"gene": name, "before": old, "after": new} for name, old, new in named if old != new]

    def datasets(self) -> dict[str, list[dict[str, Any]]]:
        """The data that charts name."""
        return {
            **super().datasets(),
            detail_charts.CURVES: records(self.curves),
            detail_charts.GENES: _bars(self.genes.genes if self.genes else ()),
            detail_charts.SLOTS: _bars(self.genes.slots if self.genes else ()),
        }

    def figures(self, palette: charts.Palette) -> dict[str, Figure]:
        """The charts of the search by name; none before the first training has ended well."""
        figures = super().figures(palette)
        return {**figures, **self._curves_figure(palette), **self._gene_figures(palette)} if figures else {}

    def _curves_figure(self, palette: charts.Palette) -> dict[str, Figure]:
        chart = detail_charts.curves_chart(self.run.task.metric, int(self.table.generation.max()), palette)
        return {"curves": Figure(chart, alt_text.describe_curves(self.curves, self.settled))}

    def _gene_figures(self, palette: charts.Palette) -> dict[str, Figure]:
        if not self.genes or self.genes.explained <= 0:
            return {}
        both = {detail_charts.GENES: self.genes.genes, detail_charts.SLOTS: self.genes.slots}
        return {
            name: Figure(detail_charts.importance_chart(name, len(of), palette), alt_text.describe_importance(of, name))
            for name, of in both.items()
        }


def _bars(importances: Sequence[Importance]) -> list[dict[str, Any]]:
    return [{**vars(of), "low": of.importance - of.error, "high": of.importance + of.error} for of in importances]
