"""The charts of genes, what they show in words, and their data."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from evocnn.report.charts import gene_charts
from evocnn.report.charts.search_view import Figure, records
from evocnn.report.charts.style import Palette
from evocnn.report.page import alt_text
from evocnn.report.tables.analysis import spread
from evocnn.report.tables.gene_effects import Effect
from evocnn.report.tables.genes import Genes, Importance


def gene_figures(genes: Genes | None, metric: str, palette: Palette) -> dict[str, Figure]:
    """The charts by name: importances, the effect of each place, and all genomes; none where nothing is explained.

    Args:
        genes: see `important_genes`.
        metric: name of the score.
        palette: colours.
    """
    if not genes or genes.explained <= 0:
        return {}
    bars = {gene_charts.GENES: genes.genes, gene_charts.SLOTS: genes.slots}
    importances = {
        name: Figure(gene_charts.importance_chart(name, len(of), palette), alt_text.describe_importance(of, name))
        for name, of in bars.items()
    }
    effects = {
        f"effect-{at}": Figure(
            gene_charts.effect_chart(of.name, of.choices, metric, palette), alt_text.describe_effect(of)
        )
        for at, of in enumerate(genes.effects)
    }
    places = [of.name for of in genes.effects]
    parallel = Figure(gene_charts.parallel_chart(places, metric, palette), alt_text.describe_effects(genes.effects))
    return {**importances, **effects, "parallel": parallel}


def gene_datasets(
    genes: Genes | None, genomes: pd.DataFrame, individuals: pd.DataFrame
) -> Mapping[str, list[dict[str, Any]]]:
    """The data that these charts name.

    Args:
        genes: see `important_genes`.
        genomes: of the individuals to draw, a row each by its key, a column per place of the genome.
        individuals: see `individuals`.
    """
    effects = genes.effects if genes else ()
    return {
        gene_charts.GENES: _bars(genes.genes if genes else ()),
        gene_charts.SLOTS: _bars(genes.slots if genes else ()),
        gene_charts.VALUES: [row for of in effects for row in _values(of)],
        gene_charts.PLACES: [row for of in effects for row in _networks(of, genomes, individuals)],
    }


def _bars(importances: Sequence[Importance]) -> list[dict[str, Any]]:
    return [{**vars(of), "low": of.importance - of.error, "high": of.importance + of.error} for of in importances]


def _values(of: Effect) -> list[dict[str, Any]]:
    """A row per value of a place: what is predicted for it, and its height between parallel axes."""
    columns = {"value": of.choices, "score": of.scores, "error": of.errors, "networks": of.networks}
    table = pd.DataFrame(columns).assign(place=of.name)
    table["low"], table["high"] = table.score - table.error, table.score + table.error
    table["middle"] = [_height(at, of) for at in range(len(of.choices))]
    return records(table)


def _networks(of: Effect, genomes: pd.DataFrame, individuals: pd.DataFrame) -> list[dict[str, Any]]:
    """A row per network: its value at a place, and where its line crosses the axis, beside those of the same value."""
    table = individuals.loc[genomes.index, ["key", "name", "score"]].reset_index(drop=True)
    values = genomes[of.name].astype(str).reset_index(drop=True)
    at = values.map({value: place for place, value in enumerate(of.choices)})
    table = table.assign(value=values, place=of.name, aside=2 * spread(table.key.to_numpy()))
    heights = [_height(place, of) for place in range(len(of.choices))]
    table["at"] = at.map(dict(enumerate(heights))) + 0.12 / max(len(of.choices) - 1, 1) * table.aside
    return records(table[["key", "name", "score", "place", "value", "aside", "at"]].dropna(subset=["at"]))


def _height(place: int, of: Effect) -> float:
    return place / (len(of.choices) - 1) if len(of.choices) > 1 else 0.5
