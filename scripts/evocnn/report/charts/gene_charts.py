"""Charts of genes: how much they mattered, what each value does, and all genomes at once."""

from collections.abc import Sequence

import altair as alt

from evocnn.drawing.figures import GREY, VERMILION
from evocnn.report.charts.style import HEIGHT, Chart, Palette

GENES, SLOTS, PLACES, VALUES = "genes", "slots", "places", "values"
"""Names of the data sets that charts refer to."""
ROW = 22
"""Height of a bar with its space, in pixels."""
CHARACTERS = 25
"""So many letters fit below a chart; with more, labels are turned."""


def importance_chart(data: str, rows: int, palette: Palette) -> Chart:
    """A bar per gene or slot, with one standard error.

    Args:
        data: `GENES` or `SLOTS`.
        rows: number of bars.
        palette: colours.
    """
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=220))
    x = alt.X("importance:Q", title="rise of the error, % of the variance of scores")
    base = alt.Chart(alt.NamedData(data)).encode(y=y)
    bars = base.mark_bar(color=palette.accent, opacity=0.75).encode(
        x=x,
        tooltip=[
            alt.Tooltip("name:N"),
            alt.Tooltip("importance:Q", format=".1f"),
            alt.Tooltip("error:Q", title="± one s.e.", format=".1f"),
        ],
    )
    errors = base.mark_rule(color=palette.ink).encode(x=alt.X("low:Q", title=""), x2="high:Q")
    return alt.layer(bars, errors).properties(height=ROW * rows, width="container")


def effect_chart(place: str, values: Sequence[str], metric: str, palette: Palette) -> Chart:
    """Every network by its value at a place of the genome, and what a model predicts for the value.

    Args:
        place: of the genome, such as "block-03.kernel".
        values: that occur there, in their order.
        metric: name of the score.
        palette: colours.
    """
    of_place = alt.FieldEqualPredicate(field="place", equal=place)
    angle = 0 if sum(map(len, values)) < CHARACTERS else -35
    x = alt.X("value:N", sort=list(values), title=place, axis=alt.Axis(labelAngle=angle))
    y = alt.Y("score:Q", title=f"{metric}, %", scale=alt.Scale(zero=False))
    networks = alt.Chart(alt.NamedData(PLACES)).transform_filter(of_place)
    networks = networks.mark_circle(size=22, color=palette.muted, opacity=0.35)
    networks = networks.encode(x=x, y=y, xOffset=alt.XOffset("aside:Q", scale=alt.Scale(domain=[-1, 1])))
    predicted = alt.Chart(alt.NamedData(VALUES)).transform_filter(of_place).encode(x=x)
    errors = predicted.mark_rule(color=palette.accent, strokeWidth=2).encode(y="low:Q", y2="high:Q")
    dots = predicted.mark_point(filled=True, size=70, color=palette.accent, opacity=1).encode(
        y=y,
        tooltip=[
            alt.Tooltip("value:N"),
            alt.Tooltip("score:Q", title="predicted, %", format=".1f"),
            alt.Tooltip("error:Q", title="± one s.e.", format=".2f"),
            alt.Tooltip("networks:Q"),
        ],
    )
    return alt.layer(networks, errors, dots).properties(height=170, width="container")


def parallel_chart(places: Sequence[str], metric: str, palette: Palette) -> Chart:
    """A line per network through its values at some places of the genome; colour is the score.

    Args:
        places: in the order of the axes.
        metric: name of the score.
        palette: colours.
    """
    x = alt.X("place:N", sort=list(places), title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True, grid=True))
    chosen = "datum.key == chosen"
    lines = (
        alt.Chart(alt.NamedData(PLACES))
        .mark_line(interpolate="monotone")
        .encode(
            x=x,
            y=alt.Y("at:Q", axis=None, scale=alt.Scale(domain=[-0.06, 1.06], nice=False)),
            detail="key:N",
            color=alt.Color(
                "score:Q", title=f"{metric}, %", scale=alt.Scale(range=[GREY, VERMILION]), legend=alt.Legend(format="d")
            ),
            opacity=alt.condition(chosen, alt.value(1.0), alt.value(0.4)),
            strokeWidth=alt.condition(chosen, alt.value(4), alt.value(1.2)),
            tooltip=[alt.Tooltip("name:N", title="individual"), alt.Tooltip("score:Q", title="score, %", format=".1f")],
        )
        .add_params(alt.param(name="chosen", value=-1))
    )
    values = alt.Chart(alt.NamedData(VALUES)).encode(x=x, y=alt.Y("middle:Q"), text="value:N")
    halo = values.mark_text(fontSize=11, stroke=palette.paper, strokeWidth=4, strokeOpacity=0.85)
    return alt.layer(lines, halo, values.mark_text(fontSize=11, color=palette.ink)).properties(
        height=HEIGHT, width="container"
    )
