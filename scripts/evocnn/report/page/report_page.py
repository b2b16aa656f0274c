"""The report of a run: one HTML file that needs nothing else."""

import base64
import gc
import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import vl_convert
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evocnn.files import replacing
from evocnn.report.charts import search_charts as charts
from evocnn.report.charts.detail_view import MOST_ATTEMPTS, DetailView
from evocnn.report.charts.network_chart import network_chart, network_data
from evocnn.report.charts.search_view import Figure, records, specification
from evocnn.report.charts.style import PAGE, STATUS_COLOURS, Palette, chart_config
from evocnn.report.page.cases import read_cases
from evocnn.report.run import Training, read_run
from evocnn.report.run_files import RunFiles
from evocnn.report.tables import analysis
from evocnn.report.tables.effort import effort, hours_by_status, provenance
from evocnn.report.tables.operations import operation_trends
from evocnn.report.tables.score_table import FLIP_TEST

TEMPLATES = Path(__file__).with_name("templates")
VEGA_LITE = alt.SCHEMA_VERSION.removeprefix("v").rsplit(".", 1)[0]
SPLITS = {"train": "search-train", "valid": "search-valid", "test": "test"}
SNIPPET = "window.vegaEmbed = vegaEmbed"
DETAILED = 1000
"""Individuals that a click shows everything of; of the others in longer searches it shows what the chart holds."""
EACH = 4
"""Test images of the best, of typical, and of the worst cases."""


def build_report(files: RunFiles, output: Path) -> None:
    """Write the report of a run, finished or not.

    Args:
        files: of the run.
        output: HTML file to write.

    Raises:
        ValueError: a file is damaged.
    """
    with _uncollected():
        text = environment().get_template("report.html.j2").render(content(DetailView(read_run(files))))
        with replacing(output) as temporary:
            temporary.write_text(text, encoding="utf-8")


@contextmanager
def _uncollected() -> Iterator[None]:
    """All that is read of a run stays until its page is written: looking for garbage takes a quarter of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def environment() -> Environment:
    """Where pages find their templates, and the filters for numbers."""
    result = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    result.filters.update(percent=_percent, si=_si, whole=lambda value: "–" if value is None else f"{value:,}")
    return result


def charts_of(figures: Mapping[str, Figure], datasets: Mapping[str, Any], palette: Palette) -> dict[str, Any]:
    """What the template of a page needs for its charts: specifications, data, library, and what charts look like."""
    return {
        "specifications": {name: _script(specification(figure)) for name, figure in figures.items()},
        "data": _script(datasets),
        "vega": _library(),
        "config": _script(chart_config(palette)),
    }


def content(view: DetailView) -> dict[str, Any]:
    """What the page's template shows."""
    run, spent, table = view.run, effort(view.run), view.table
    best = None if view.best is None else view.trainings[view.best]
    scored = [row for of_split in view.score_rows.values() for row in of_split if row.groups]
    figures = view.figures(PAGE)
    return {
        "run": run,
        "view": view,
        "metric": run.task.metric,
        "who": "images" if run.task.labels.task == "classification" else "people",
        "effort": spent,
        "on_gpu": any(device != "cpu" for device in spent.devices),
        "best": best,
        "cost": run.final.cost if run.final else best and best.fitness.cost,
        "flip_test": FLIP_TEST,
        "groups": list(scored[-1].groups) if scored else [],
        "trends": records(operation_trends(view.shares)),
        "outcomes": view.outcomes.groupby("status").jobs.sum().to_dict(),
        "hours": hours_by_status(table),
        "front": records(view.objectives[view.objectives.front.astype(bool)]),
        "most_attempts": MOST_ATTEMPTS,
        "retried": int((table.attempts > 1).sum()) if len(table) else 0,
        "course": records(view.course),
        "cases": read_cases(run, EACH),
        "configuration": yaml.safe_dump(run.config, sort_keys=False, allow_unicode=True),
        "provenance": provenance(run),
        "splits": {name: run.manifests.get(split) for split, name in SPLITS.items()},
        "figures": figures,
        **charts_of({**figures, **_figures_of_one(run.task.metric)}, view.datasets(), PAGE),
        "details": _details(view),
        "detailed": f"{DETAILED:,}",
        "statuses": [status for status in view.statuses if len(table) and (table.status == status).any()],
        "colours": STATUS_COLOURS,
    }


def _figures_of_one(metric: str) -> dict[str, Figure]:
    """The charts of the panel of an individual."""
    return {
        "ancestors": Figure(charts.lineage_chart(metric, PAGE), ""),
        "curve-score": Figure(charts.curve_chart("score", f"{metric} on search-valid, %", PAGE), ""),
        "curve-loss": Figure(charts.curve_chart("loss", "loss", PAGE), ""),
        "network": Figure(network_chart(PAGE), ""),
    }


@cache
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""
    return vl_convert.javascript_bundle(SNIPPET, VEGA_LITE)


def _details(view: DetailView) -> list[tuple[int, str]]:
    """What a click shows, by generation: the key of the first individual, and all of them as gzip in base 64."""
    keyed = ((key, view.trainings[key]) for key in analysis.most_relevant(view.table, view.ancestry, DETAILED))
    return [
        (of_generation[0][0], _packed([_detail(view, *one) for one in of_generation]))
        for _, group in groupby(keyed, key=lambda one: one[1].individual.generation)
        if (of_generation := list(group))
    ]


def _detail(view: DetailView, key: int, training: Training) -> dict[str, Any]:
    return {
        "key": key,
        "fitness": vars(training.fitness),
        "history": [{name: _rounded(value) for name, value in row.items()} for row in training.history()],
        "network": network_data(view.network(key)),
        "changes": view.changes(key),
        "ancestors": analysis.ancestry(view.parents, key),
    }


def _rounded(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None


def _packed(document: Any) -> str:
    text = json.dumps(document, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=6, mtime=0)).decode()


def _script(document: Any) -> str:
    """JSON that may stand in a script element: no text in it can end that."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


def _percent(value: float | None, error: float | None = None) -> str:
    if value is None or not np.isfinite(value):
        return "–"
    return f"{value:.1f}" + (f" ± {error:.1f}" if error is not None and np.isfinite(error) else "")


def _si(value: float | None) -> str:
    """A number of things with three digits, e.g. "1.23 M"."""
    if value is None:
        return "–"
    for factor, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:.3g} {letter}"
    return f"{value:,.0f}"
