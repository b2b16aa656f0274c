"""All learning curves in one chart."""

import altair as alt

from evocnn.drawing.figures import GREY, VERMILION
from evocnn.report.charts.style import HEIGHT, WHOLE, Chart, Palette

CURVES = "curves"
"""Name of the data set that the chart refers to."""


def curves_chart(metric: str, last: int, palette: Palette) -> Chart:
    """All learning curves; that of the individual that is chosen stands out, and those `brushed`, by key.

    Args:
        metric: name of the score.
        last: number of the last generation.
        palette: colours.
    """
    chosen, inside = "datum.key == chosen", "!length(brushed) || indexof(brushed, datum.key) >= 0"
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
            opacity=alt.value(alt.expr(f"{chosen} ? 1 : {inside} ? 0.45 : 0.04")),
            strokeWidth=alt.condition(chosen, alt.value(4), alt.value(1.2)),
            tooltip=["generation:Q", "epoch:Q", alt.Tooltip("score:Q", title="score, %", format=".1f")],
        )
        .add_params(alt.param(name="chosen", value=-1), alt.param(name="brushed", value=[]))
        .properties(height=HEIGHT - 40, width="container")
    )
