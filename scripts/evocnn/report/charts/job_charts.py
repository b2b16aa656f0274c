"""When and where trainings ran."""

from collections.abc import Sequence

import altair as alt

from evocnn.report.charts.style import STATUS_COLOURS, Chart, Palette
from evocnn.report.tables.timeline import AGAIN

TIMELINE = "timeline"
"""Name of the data set that the chart refers to."""
SHORT = 20
"""Minutes below which times are given with seconds, and without a date."""
ROW = 26
"""Height of a device's row, in pixels."""


def timeline_chart(lanes: Sequence[str], statuses: Sequence[str], minutes: float, palette: Palette) -> Chart:
    """A bar per attempt at a training, from its beginning to its end, in the row of its device.

    Args:
        lanes: devices, in the order of their rows.
        statuses: that occur.
        minutes: from the first beginning to the last end.
        palette: colours.
    """
    colours = {**STATUS_COLOURS, AGAIN: palette.muted}
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    legend = alt.Legend(title=None, values=list(statuses)) if len(statuses) > 1 else None
    axis = alt.Axis(format="%H:%M:%S" if minutes < SHORT else "%d %b %H:%M", labelOverlap=True, tickCount=6)
    return (
        alt.Chart(alt.NamedData(TIMELINE))
        .mark_bar(stroke=palette.paper, strokeWidth=0.5, height=ROW - 8)
        .encode(
            x=alt.X("began:T", title="time, UTC", scale=alt.Scale(type="utc"), axis=axis),
            x2="ended:T",
            y=alt.Y("lane:N", sort=list(lanes), title=None, axis=alt.Axis(labelLimit=150)),
            color=alt.Color("status:N", scale=scale, legend=legend),
            tooltip=[
                alt.Tooltip("name:N", title="individual"),
                alt.Tooltip("status:N"),
                alt.Tooltip("seconds:Q", title="took, s", format=",.0f"),
                alt.Tooltip("device:N"),
            ],
        )
        .properties(height=ROW * len(lanes), width="container")
    )
