"""The front of what a search has optimised, where that is more than the score."""

from collections.abc import Sequence

import altair as alt

from evocnn.drawing.figures import GREY, VERMILION
from evocnn.report.charts.style import HEIGHT, Chart, Palette, generation_axis

OBJECTIVES, VOLUMES = "objectives", "volumes"
"""Names of the data sets that charts refer to."""


def objectives_chart(names: Sequence[str], palette: Palette) -> Chart:
    """Every individual by two objectives, with the third as colour, and a rim on the front.

    Args:
        names: expressions of the objectives, two or three; more than three are not drawn.
        palette: colours.
    """
    x, y, *third = [f"objective_{number}" for number in range(len(names[:3]))]
    scale = alt.Scale(zero=False, padding=12)
    colour = (
        alt.Color(f"{third[0]}:Q", title=names[2], scale=alt.Scale(range=[GREY, VERMILION]))
        if third
        else alt.value(palette.accent)
    )
    title = [alt.Tooltip(f"objective_{at}:Q", title=name, format=".4~g") for at, name in enumerate(names[:3])]
    return (
        alt.Chart(alt.NamedData(OBJECTIVES))
        .mark_circle(size=60)
        .encode(
            x=alt.X(f"{x}:Q", title=names[0], scale=scale),
            y=alt.Y(f"{y}:Q", title=names[1], scale=scale),
            color=colour,
            opacity=alt.condition("datum.front", alt.value(1.0), alt.value(0.5)),
            stroke=alt.condition("datum.front", alt.value(palette.ink), alt.value("transparent")),
            strokeWidth=alt.value(1.5),
            tooltip=[alt.Tooltip("name:N", title="individual"), alt.Tooltip("network_id:N", title="network"), *title],
        )
        .properties(height=HEIGHT, width="container")
    )


def volumes_chart(palette: Palette) -> Chart:
    """Hypervolume of the survivors by generation."""
    return (
        alt.Chart(alt.NamedData(VOLUMES))
        .mark_line(point=alt.OverlayMarkDef(color=palette.accent), color=palette.accent)
        .encode(
            x=generation_axis("generation"),
            y=alt.Y("hypervolume:Q", scale=alt.Scale(zero=False)),
            tooltip=["generation:Q", alt.Tooltip("hypervolume:Q", format=".4~g")],
        )
        .properties(height=HEIGHT, width="container")
    )
