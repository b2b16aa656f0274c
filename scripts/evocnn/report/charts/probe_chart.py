"""The chart of the probe."""

from pathlib import Path

import altair as alt
import pandas as pd
import vl_convert

from evocnn.files import replacing
from evocnn.report.charts.plots import WIDTH
from evocnn.report.charts.style import HEIGHT, PAPER, chart_config
from evocnn.report.tables.probe import SETTLED, Probe


def draw_probe(output: Path, probe: Probe) -> None:
    """Draw rank correlations with the end of full trainings: of each of their epochs, and of the search's trainings."""
    rows = pd.DataFrame(
        {"epoch": epoch, "correlation": of.correlation, "low": of.low, "high": of.high}
        for epoch, of in enumerate(probe.by_epoch, 1)
    )
    of = probe.agreement
    short = pd.DataFrame([{"epoch": probe.epochs, "correlation": of.correlation, "low": of.low, "high": of.high}])
    epoch = alt.X("epoch:Q", title="epoch", axis=alt.Axis(tickMinStep=1))
    y = alt.Y("correlation:Q", title="rank correlation with the end", scale=alt.Scale(domain=[-1, 1]))
    full = alt.Chart(rows).encode(x=epoch)
    chart = alt.layer(
        full.mark_area(opacity=0.2, color=PAPER.accent).encode(y=alt.Y("low:Q", title=""), y2="high:Q"),
        full.mark_line(color=PAPER.accent, point=True).encode(y=y),
        alt.Chart(pd.DataFrame({"y": [SETTLED]})).mark_rule(strokeDash=[4, 4], color=PAPER.muted).encode(y="y:Q"),
        alt.Chart(short).mark_rule(color=PAPER.ink).encode(x=epoch, y="low:Q", y2="high:Q"),
        alt.Chart(short).mark_point(filled=True, size=90, shape="diamond", color=PAPER.ink).encode(x=epoch, y=y),
    ).properties(
        width=WIDTH,
        height=HEIGHT,
        title="Full trainings after each epoch (line), and trainings of the search (diamond), with 95 % intervals",
    )
    spec = {**chart.to_dict(), "config": chart_config(PAPER)}
    with replacing(output) as temporary:
        temporary.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
