"""The page of a comparison: what the searches have shown, how fast they rose, and a page for each of them."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from evocnn.files import read_json, replacing
from evocnn.report.charts import compare_charts
from evocnn.report.charts.search_view import Figure, records
from evocnn.report.charts.style import PAGE
from evocnn.report.page.report_page import build_report, charts_of, environment
from evocnn.report.run_files import RunFiles
from evocnn.report.tables.compare import Search
from evocnn.report.tables.progress_of_searches import best_so_far, by_strategy


def write_compare_page(output: Path, searches: Sequence[Search], table: Path, text: Path) -> None:
    """Write the page of a comparison, and `report.html` in the folder of each search.

    Args:
        output: HTML file to write.
        searches: those that are compared.
        table: of `write_comparison`.
        text: of `write_comparison`.

    Raises:
        ValueError: a file is damaged.
    """
    folders = [search.fitness.parents[1] for search in searches]
    for folder in folders:
        build_report(RunFiles.in_folder(folder), folder / "report.html")
    courses = [best_so_far(s.strategy, s.seed, folder) for s, folder in zip(searches, folders, strict=True)]
    metric = read_json(searches[0].score, "score", ("metric",))["metric"]
    means = by_strategy(courses)
    figures = {
        "trainings": Figure(compare_charts.trainings_chart(metric), _said(means)),
        "hours": Figure(compare_charts.hours_chart(metric), _said(means)),
    }
    rows = records(pd.read_csv(table, dtype={"network_id": str}))
    page = environment().get_template("compare.html.j2")
    shown = page.render(
        metric=metric,
        sentences=text.read_text(encoding="utf-8").splitlines()[1:],
        rows=[{**row, "page": f"{folder.name}/report.html"} for row, folder in zip(rows, folders, strict=True)],
        figures=figures,
        **charts_of(
            figures,
            {
                compare_charts.SEARCHES: records(pd.concat(courses, ignore_index=True)),
                compare_charts.STRATEGIES: records(means),
            },
            PAGE,
        ),
    )
    with replacing(output) as temporary:
        temporary.write_text(shown, encoding="utf-8")


def _said(means: pd.DataFrame) -> str:
    """What the charts show, in words."""
    last = means.groupby("strategy", sort=False).last()
    said = (f"{row.Index} {row.mean:.1f} %" for row in last.itertuples())
    return "The best score on search-valid after all trainings, in the mean over seeds: " + ", ".join(said) + "."
