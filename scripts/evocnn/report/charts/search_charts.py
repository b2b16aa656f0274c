"""Charts of a search, in Vega-Lite by Altair: for the page of the report, and as SVG files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt

from evocnn.drawing.figures import GREEN, VERMILION
from evocnn.report.charts.style import HEIGHT, SERIES, WHOLE, Chart, Palette, generation_axis, status_colour

INDIVIDUALS, COURSE, TRIVIAL = "individuals", "course", "trivial"
OUTCOMES, OPERATIONS, HISTORY = "outcomes", "operations", "history"
RELIABILITY = "reliability"
"""Names of the data sets that charts refer to."""

COST_TITLES = {
    "params": "parameters",
    "macs": "multiply–accumulates for one prediction",
    "memory_mb": "predicted training memory, MB",
}
BEST, MEDIAN = "best so far", "median survivor"
ALL = "all"
BRUSH = "brush"
"""Name of the rectangle that is drawn over individuals; the page shows the learning curves of those inside."""


@dataclass(frozen=True)
class Frame:
    """What axes show, whatever is filtered out.

    Attributes:
        generations: from, to.
        scores: from, to, in percent.
        reached: a little less than the lowest and more than the highest score, in percent.
        costs: a little less than the lowest and more than the highest of each.
        statuses: that occur, for the legend.
    """

    generations: tuple[float, float]
    scores: tuple[float, float]
    reached: tuple[float, float]
    costs: Mapping[str, tuple[float, float]]
    statuses: tuple[str, ...]


def score_chart(metric: str, frame: Frame, palette: Palette, *, brush: bool = False) -> Chart:
    """Every individual by generation, best and median of the survivors, and the trivial baselines.

    Args:
        metric: name of the score.
        frame: what the axes show.
        palette: colours.
        brush: whether a rectangle can be drawn over individuals.
    """
    x = generation_axis("x", frame.generations)
    y = alt.Y("score:Q", title=f"{metric} on search-valid, %", scale=alt.Scale(domain=frame.scores, nice=False))
    dots = _dots(palette, "datum.status == 'ok'", frame.statuses).mark_circle(size=55).encode(x=x, y=y)
    if brush:
        dots = dots.add_params(alt.selection_interval(name=BRUSH)).properties(name="dots")
    failed = _dots(palette, "datum.status != 'ok'", frame.statuses)
    failed = failed.mark_point(shape="cross", size=55, angle=45, filled=True)
    failed = failed.encode(x=x, y=alt.value(alt.expr("height - 6")))
    return _layered(*_course(x, y, palette), *_levels(y, palette), dots, failed).properties(height=HEIGHT + 60)


def cost_chart(cost: str, metric: str, frame: Frame, palette: Palette) -> Chart:
    """Score against one of `COST_TITLES`, and the front: individuals that none beats at the same or a lower cost."""
    scale = alt.Scale(type="log", domain=frame.costs[cost], nice=False)
    x = alt.X(f"{cost}:Q", title=COST_TITLES[cost], scale=scale)
    x = x.axis(alt.Axis(format="~s", labelOverlap=True, tickCount=5))
    y = alt.Y("score:Q", title=f"{metric}, %", scale=alt.Scale(domain=frame.reached, nice=False))
    scored = "datum.status == 'ok'"
    dots = _dots(palette, scored, None).mark_circle(size=45).encode(x=x, y=y)
    front = alt.Chart(alt.NamedData(INDIVIDUALS)).transform_filter(f"datum.front_{cost}")
    line = front.mark_line(interpolate="step-after", color=VERMILION, strokeWidth=2).encode(x=x, y=y)
    ends = front.mark_point(color=VERMILION, size=80, strokeWidth=1.5).encode(x=x, y=y)
    return _layered(line, dots, ends).properties(height=HEIGHT - 40)


def lineage_chart(metric: str, palette: Palette, line: Sequence[int] = ()) -> Chart:
    """Ancestors of an individual: the parents of each, and how the score rose.

    Args:
        metric: name of the score.
        palette: colours.
        line: keys of the ancestors and of the individual itself; the page gives others to the parameter `lineage`.
    """
    base = alt.Chart(alt.NamedData(INDIVIDUALS)).transform_filter("indexof(lineage, datum.key) >= 0")
    y = alt.Y("score:Q", title=f"{metric}, %", scale=alt.Scale(zero=False, padding=14))
    parents = alt.LookupData(alt.NamedData(INDIVIDUALS), "network_id", ["x", "score"])
    links = (
        base.transform_flatten(["parents"])
        .transform_lookup("parents", parents, as_=["parent_x", "parent_score"])
        .transform_filter("isValid(datum.parent_x)")
        .mark_rule(color=palette.muted, strokeWidth=1.2)
        .encode(x=generation_axis("x"), y=y, x2="parent_x:Q", y2="parent_score:Q")
    )
    dots = base.mark_circle(size=110, opacity=1).encode(
        x=generation_axis("x"),
        y=y,
        color=alt.Color("operator:N", title=None, scale=alt.Scale(range=list(SERIES))),
        tooltip=_tooltip(),
    )
    chart = alt.layer(links, dots).add_params(alt.param(name="lineage", value=list(line)))
    return chart.properties(height=HEIGHT - 60, width="container")


def operations_chart(palette: Palette) -> Chart:
    """Share of each operation among the survivors' blocks."""
    return (
        alt.Chart(alt.NamedData(OPERATIONS))
        .mark_area(stroke=palette.paper, strokeWidth=0.5)
        .encode(
            x=generation_axis("generation"),
            y=alt.Y("share:Q", title="share of the survivors' blocks, %", scale=alt.Scale(domain=[0, 100])),
            color=alt.Color("operation:N", title=None, scale=alt.Scale(range=list(SERIES))),
            tooltip=["operation:N", "generation:Q", alt.Tooltip("share:Q", title="share, %", format=".1f")],
        )
        .properties(height=HEIGHT - 60, width="container")
    )


def outcomes_chart(statuses: Sequence[str], palette: Palette) -> Chart:
    """How the trainings of each generation ended."""
    return (
        alt.Chart(alt.NamedData(OUTCOMES))
        .mark_bar(stroke=palette.paper, strokeWidth=0.5)
        .encode(
            x=alt.X("generation:O", title="generation", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("jobs:Q", title="trainings", axis=alt.Axis(tickMinStep=1)),
            color=status_colour(statuses if len(statuses) > 1 else None),
            tooltip=["generation:O", "status:N", "jobs:Q"],
        )
        .properties(height=HEIGHT - 100, width="container")
    )


def reliability_chart(palette: Palette) -> Chart:
    """How often predictions are right, against the probability that the network gives."""
    rows = alt.Chart(alt.NamedData(RELIABILITY))
    percent = alt.Scale(domain=[0, 100])
    x = alt.X("probability:Q", title="probability of being right, %", scale=percent)
    y = alt.Y("right:Q", title="share that is right on test, %", scale=percent)
    corners = alt.Chart(alt.Data(values=[{"probability": of, "right": of} for of in (0, 100)]))
    line = corners.mark_line(strokeDash=[4, 4], color=palette.muted).encode(x=x, y=y)
    errors = rows.mark_rule(color=palette.accent).encode(x=x, y="low:Q", y2="high:Q")
    dots = rows.mark_point(filled=True, size=60, color=palette.accent, opacity=1).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("probability:Q", format=".1f"),
            alt.Tooltip("right:Q", format=".1f"),
            alt.Tooltip("count:Q", title="predictions"),
        ],
    )
    return alt.layer(line, errors, dots).properties(height=HEIGHT, width="container")


def curve_chart(column: str, title: str, palette: Palette) -> Chart:
    """A column of a training's history by epoch."""
    tooltip = ["epoch:Q", alt.Tooltip(f"{column}:Q", format=".4~f")]
    return (
        alt.Chart(alt.NamedData(HISTORY))
        .mark_line(point=alt.OverlayMarkDef(color=palette.accent), color=palette.accent)
        .encode(
            x=alt.X("epoch:Q", axis=alt.Axis(tickMinStep=1, format="d", labelExpr=WHOLE)),
            y=alt.Y(f"{column}:Q", title=title, scale=alt.Scale(zero=False)),
            tooltip=tooltip,
        )
        .properties(height=150, width="container")
    )


def _layered(*charts: Chart) -> Chart:
    """Layers that show individuals of the status `shown`, and mark the one that is `chosen`."""
    shown, chosen = alt.param(name="shown", value=ALL), alt.param(name="chosen", value=-1)
    return alt.layer(*charts).add_params(shown, chosen).properties(width="container")


def _dots(palette: Palette, those: str, statuses: Sequence[str] | None) -> Chart:
    is_chosen = "datum.key == chosen"
    return (
        alt.Chart(alt.NamedData(INDIVIDUALS))
        .transform_filter(f"({those}) && (shown == '{ALL}' || datum.status == shown)")
        .encode(
            color=status_colour(statuses),
            opacity=alt.condition("datum.survived", alt.value(1.0), alt.value(0.7)),
            stroke=alt.condition(f"datum.survived || {is_chosen}", alt.value(palette.ink), alt.value("transparent")),
            strokeWidth=alt.condition(is_chosen, alt.value(3), alt.value(1)),
            tooltip=_tooltip(),
        )
    )


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title="individual"),
        alt.Tooltip("network_id:N", title="network"),
        alt.Tooltip("status:N"),
        alt.Tooltip("score:Q", title="score, %", format=".1f"),
        alt.Tooltip("standard_error:Q", title="± one s.e.", format=".1f"),
        alt.Tooltip("params:Q", title="parameters", format=","),
        alt.Tooltip("macs:Q", title="MACs", format=".3~s"),
        alt.Tooltip("memory_mb:Q", title="memory, MB", format=","),
        alt.Tooltip("operator:N"),
    ]


def _course(x: alt.X, y: alt.Y, palette: Palette) -> list[Chart]:
    """The band of the best score's sampling error, the best, and the median survivor."""
    base = alt.Chart(alt.NamedData(COURSE)).encode(x=generation_axis("generation", x["scale"]["domain"]))
    legend = alt.Legend(title=None, symbolType="stroke")
    colours = alt.Scale(domain=[BEST, MEDIAN], range=[palette.accent, GREEN])
    band = base.mark_area(color=palette.accent, opacity=0.15)
    band = band.encode(y=alt.Y("low:Q", scale=y["scale"]), y2="high:Q")
    lines = (
        base.transform_fold([BEST, MEDIAN], ["line", "score"])
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=25))
        .encode(
            y=y,
            stroke=alt.Stroke("line:N", scale=colours, legend=legend),
            tooltip=["line:N", "generation:Q", alt.Tooltip("score:Q", title="score, %", format=".1f")],
        )
    )
    return [band, lines]


def _levels(y: alt.Y, palette: Palette) -> list[Chart]:
    base = alt.Chart(alt.NamedData(TRIVIAL)).encode(y=y)
    rule = base.mark_rule(strokeDash=[5, 4], color=palette.muted)
    text = base.mark_text(align="right", dx=-4, dy=-7, color=palette.muted, fontSize=11)
    return [rule, text.encode(text="trivial:N", x=alt.value(alt.expr("width")))]
