"""What the charts of a run have in common: colours, sizes, and axes that occur in many of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import altair as alt

from evocnn.drawing.figures import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION
from evocnn.evolution.fitness import Status

STATUS_COLOURS = dict(
    zip((*get_args(Status), "unfinished"), (SKY, VERMILION, ORANGE, PURPLE, "#7a5195", GREY, "#c9c9c9"), strict=True)
)
SERIES = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, GREY, "#7a5195", "#b8860b", "#4d4d4d", "#a6d854", "#e78ac3")
Chart = Any
"""One of Altair's, whose operators have types of their own."""
HEIGHT = 300
WHOLE = "datum.value % 1 ? '' : datum.label"
"""A label of an axis of whole numbers: there are no halves of a generation or of an epoch."""


@dataclass(frozen=True)
class Palette:
    """Colours that depend on the paper: text, secondary text and axes, grid lines, the paper, what matters most."""

    ink: str
    muted: str
    grid: str
    paper: str
    accent: str


PAPER = Palette("#1b1f24", "#57606a", "#e4e7eb", "#ffffff", BLUE)
PAGE = Palette("var(--ink)", "var(--muted)", "var(--grid)", "var(--paper)", "var(--accent)")
"""Colours of the page's style sheet, so that charts change between light, dark and print with it."""


def chart_config(palette: Palette) -> dict[str, Any]:
    """What all charts look like."""
    axis = {
        "domainColor": palette.muted,
        "tickColor": palette.muted,
        "gridColor": palette.grid,
        "labelColor": palette.muted,
        "titleColor": palette.ink,
        "titleFontWeight": "normal",
    }
    return {
        "background": None,
        "font": "system-ui, sans-serif",
        "view": {"stroke": None},
        "axis": {**axis, "labelFontSize": 11, "titleFontSize": 12},
        "axisX": {"grid": False},
        "legend": {
            "labelColor": palette.ink,
            "titleColor": palette.ink,
            "labelFontSize": 11,
            "orient": "bottom",
            "columns": {"expr": "width < 420 ? 2 : 4"},
        },
        "text": {"color": palette.ink},
        "aria": False,
    }


def generation_axis(column: str, shown: tuple[float, float] | None = None) -> alt.X:
    """The axis of generations.

    Args:
        column: of the chart's data.
        shown: from, to; None for what the data need.
    """
    axis = alt.Axis(tickMinStep=1, format="d", labelExpr=WHOLE, grid=False)
    scale = alt.Scale(domain=shown, nice=False) if shown else alt.Scale(nice=False, padding=14)
    return alt.X(f"{column}:Q", title="generation", axis=axis, scale=scale)


def status_colour(statuses: Sequence[str] | None) -> alt.Color:
    """The colour of a status, the same in all charts; a legend of those that are named."""
    names = list(STATUS_COLOURS)
    scale = alt.Scale(domain=names, range=[STATUS_COLOURS[name] for name in names])
    legend = alt.Legend(title=None, values=list(statuses)) if statuses else None
    return alt.Color("status:N", scale=scale, legend=legend)
