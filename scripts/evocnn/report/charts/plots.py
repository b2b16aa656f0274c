"""The charts of a search as SVG files."""

from collections.abc import Mapping
from pathlib import Path

import vl_convert

from evocnn.files import replacing
from evocnn.report.charts.search_view import SearchView, specification
from evocnn.report.charts.style import PAPER, chart_config
from evocnn.report.run import read_run
from evocnn.report.run_files import RunFiles

WIDTH = 680
"""Pixels."""


def draw_plots(files: RunFiles, outputs: Mapping[str, Path]) -> None:
    """Draw charts of a run; the same files of the run give the same bytes.

    Args:
        files: of the run.
        outputs: SVG file to write by the chart's name; see `SearchView.figures`.

    Raises:
        ValueError: a file is damaged, or no training has ended well yet.
    """
    view = SearchView(read_run(files))
    figures = view.figures(PAPER)
    if not figures:
        raise ValueError(
            f"{files.config.parent}: no training ended well, so nothing can be plotted; see the logs of the trainings"
        )
    data = view.datasets()
    for name, output in outputs.items():
        spec = {**specification(figures[name]), "width": WIDTH, "datasets": data, "config": chart_config(PAPER)}
        with replacing(output) as temporary:
            temporary.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
