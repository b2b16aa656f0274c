"""Charts of all learning curves, and of how much genes mattered."""

import altair as alt

from evocnn.drawing.figures import GREY, VERMILION
from evocnn.report.charts.search_charts import HEIGHT, WHOLE, Chart, Palette

CURVES, GENES, SLOTS = "curves", "genes", "slots"
"""Names of the data sets that charts refer to."""
ROW = 22
"""Height of a bar with its space, in pixels."""


def curves_chart(metric: str, last: int, palette: Palette) -> Chart:
    """All learning curves; that of the individual that is chosen stands out.

    Args:
        metric: name of the score.
        last: number of the last generation.
        palette: colours.
    """
    chosen = "datum.key == chosen"
    return (
        alt.Chart(alt.NamedData(CURVES))
        .mark_line(interpolate="linear")
        .encode(
            x=alt.X("epoch:Q", axis=alt.Axis(tickMinStep=1, format="d", labelExpr=WHOLE, grid=False)),
            y=alt.Y("score:Q", title=f"{metric} on search-valid, %", scale=alt.Scale(zero=False)),
            detail="key:N",
            color=alt.Color(
                "generation:Q",
                scale=alt.Scale(range=[GREY, VERMILION]),
                legend=alt.Legend(values=sorted({0, last // 2, last}), format="d"),
            ),
            opacity=alt.condition(chosen, alt.value(1.0), alt.value(0.45)),
            strokeWidth=alt.condition(chosen, alt.value(4), alt.value(1.2)),
            tooltip=["generation:Q", "epoch:Q", alt.Tooltip("score:Q", title="score, %", format=".1f")],
        )
        .add_params(alt.param(name="chosen", value=-1))
        .properties(height=HEIGHT - 40, width="container")
    )


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
