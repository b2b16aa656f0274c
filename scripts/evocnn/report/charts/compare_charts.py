"""Charts of a comparison of strategies."""

import altair as alt

from evocnn.report.charts.style import HEIGHT, SERIES, Chart

SEARCHES, STRATEGIES = "searches", "strategies"
"""Names of the data sets that charts refer to."""


def trainings_chart(metric: str) -> Chart:
    """The best score by number of trainings: mean over seeds, and one standard deviation."""
    x = alt.X("trainings:Q", title="trainings", axis=alt.Axis(grid=False))
    base = alt.Chart(alt.NamedData(STRATEGIES)).encode(x=x, color=_strategy())
    band = base.mark_area(opacity=0.18, interpolate="step-after").encode(
        y=alt.Y("low:Q", title="", scale=alt.Scale(zero=False)), y2="high:Q"
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2.5).encode(
        y=alt.Y("mean:Q", title=f"best {metric} so far, %", scale=alt.Scale(zero=False)),
        tooltip=["strategy:N", "trainings:Q", alt.Tooltip("mean:Q", format=".1f")],
    )
    return alt.layer(band, line).properties(height=HEIGHT, width="container")


def hours_chart(metric: str) -> Chart:
    """The best score of every search by hours of training."""
    return (
        alt.Chart(alt.NamedData(SEARCHES))
        .mark_line(interpolate="step-after", strokeWidth=1.5, opacity=0.8)
        .encode(
            x=alt.X("hours:Q", title="hours of training", axis=alt.Axis(grid=False)),
            y=alt.Y("best:Q", title=f"best {metric} so far, %", scale=alt.Scale(zero=False)),
            color=_strategy(),
            detail="seed:N",
            tooltip=["strategy:N", "seed:N", "trainings:Q", alt.Tooltip("best:Q", format=".1f")],
        )
        .properties(height=HEIGHT, width="container")
    )


def _strategy() -> alt.Color:
    return alt.Color("strategy:N", title=None, sort=None, scale=alt.Scale(range=list(SERIES)))
