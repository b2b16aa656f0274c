"""A network as data and a chart of them, so that a page can hold thousands and draw the one that is asked for."""

from typing import Any

import altair as alt
import numpy as np

from evocnn.report.charts import Chart, Palette
from evocnn.report.drawing import KINDS, OUTPUTS
from evocnn.report.graph import MERGES
from evocnn.report.page import BOX, ROW, Page, half, set_out
from evocnn.space.network import Network

NETWORK = "network"
"""Name of the data set that the chart refers to."""
SCALE = 84
"""Pixels of the chart per inch of the page."""
UNBOUNDED = 10**6
DECIMALS = 3


def network_data(network: Network) -> dict[str, Any]:
    """The rows of a network's chart, and its width and height in pixels.

    A row is a corner of a line (`line`, `step`, `x`, `y`), the end of one (`arrow`: degrees), or a box (`name` of its
    kind, `label`, `shape`, middle `x` and `y`, edges `left`, `right`, `top`, `bottom`), in inches, y upwards.
    """
    page = set_out(network, UNBOUNDED)
    top = ROW / 2
    frame = {"frame": True, "left": page.left, "right": page.right, "bottom": page.bottom, "top": top}
    rows = [frame, *_lines(page), *_boxes(page)]
    return {
        "width": round(SCALE * page.width),
        "height": round(SCALE * (top - page.bottom)),
        "rows": [{name: _short(value) for name, value in row.items()} for row in rows],
    }


def network_chart(palette: Palette) -> Chart:
    """The chart of `network_data`, without its width and height."""
    rows = alt.Chart(alt.NamedData(NETWORK))
    scale = alt.Scale(nice=False, zero=False, padding=0)
    x, y = alt.X("x:Q", scale=scale, axis=None), alt.Y("y:Q", scale=scale, axis=None)
    corners = {
        "x": alt.X("left:Q", scale=scale, axis=None),
        "x2": "right:Q",
        "y": alt.Y("bottom:Q", scale=scale, axis=None),
    }
    corners |= {"y2": "top:Q"}
    names = dict(KINDS.values())
    colours = alt.Scale(domain=list(names), range=[_seen(colour, palette) for colour in names.values()])
    fill = alt.Fill("name:N", scale=colours, legend=None)
    stroke = alt.Stroke("name:N", scale=colours, legend=None)
    frame = rows.transform_filter("datum.frame").mark_rect(opacity=0).encode(**corners)
    lines = rows.transform_filter("isValid(datum.line)").mark_line(color=palette.muted, strokeWidth=1.2)
    lines = lines.encode(x=x, y=y, detail="line:N", order="step:Q")
    arrows = rows.transform_filter("isValid(datum.arrow)").mark_point(
        shape="triangle", filled=True, color=palette.muted, size=30, opacity=1
    )
    arrows = arrows.encode(x=x, y=y, angle=alt.Angle("arrow:Q", scale=None))
    boxes = rows.transform_filter("isValid(datum.name)").encode(
        fill=fill, stroke=stroke, tooltip=["label:N", "shape:N"]
    )
    paper = rows.transform_filter("isValid(datum.name)").mark_rect(cornerRadius=5, fill=palette.paper).encode(**corners)
    box = boxes.mark_rect(cornerRadius=5, fillOpacity=0.22, strokeWidth=1.2).encode(**corners)
    text = rows.transform_filter("isValid(datum.label)").encode(x=x, y=y)
    width = SCALE * (BOX[0] - 0.15)
    label = text.transform_filter("!datum.merge").mark_text(dy=-7, fontSize=11, limit=width).encode(text="label:N")
    shape = text.transform_filter("!datum.merge").mark_text(dy=8, fontSize=10, limit=width, color=palette.muted)
    sign = text.transform_filter("datum.merge").mark_text(fontSize=13).encode(text="label:N")
    beside = text.transform_filter("datum.merge").mark_text(fontSize=10, dx=16, align="left", color=palette.muted)
    layers = (
        frame,
        lines,
        arrows,
        paper,
        box,
        label,
        shape.encode(text="shape:N"),
        sign,
        beside.encode(text="shape:N"),
    )
    return alt.layer(*layers)


def _lines(page: Page) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(page.lines):
        corners = np.asarray(line.curve.to_polygons(closed_only=False)[0]).tolist()
        rows += [{"line": number, "step": step, "x": x, "y": y} for step, (x, y) in enumerate(corners)]
        (x0, y0), (x1, y1) = corners[-2:]
        sideways = abs(x1 - x0) > abs(y1 - y0)
        # The tip of the triangle, not its middle, touches the box.
        back = 3.5 / SCALE
        rows.append({"arrow": 90 if sideways else 180, "x": x1 - back * sideways, "y": y1 + back * (not sideways)})
    return rows


def _boxes(page: Page) -> list[dict[str, Any]]:
    rows = []
    for box, (x, y) in zip(page.boxes, page.centres, strict=True):
        width, height = half(box)
        heads = ", ".join(OUTPUTS.get(name, name) for name in box.heads)
        rows.append(
            {
                "name": KINDS[box.kind][0] if box.kind in KINDS else box.kind.replace("_", " "),
                "label": box.label,
                "shape": f"{heads} {'×'.join(map(str, box.shape))}".strip(),
                "merge": box.kind in MERGES,
                "x": x,
                "y": y,
                "left": x - width,
                "right": x + width,
                "bottom": y - height,
                "top": y + height,
            }
        )
    return rows


def _seen(colour: str, palette: Palette) -> str:
    """Black boxes would not be seen on dark paper."""
    return palette.ink if colour == "#000000" else colour


def _short(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, float) else value
