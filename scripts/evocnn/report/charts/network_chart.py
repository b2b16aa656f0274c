"""A network as data and a chart of them, so that a page can hold thousands and draw the one that is asked for."""

from typing import Any

import altair as alt
import numpy as np

from evocnn.drawing.graph import MERGES
from evocnn.drawing.layout import BOX, ROW, Page, half, set_out
from evocnn.drawing.network_drawing import KINDS, OUTPUTS
from evocnn.report.charts.style import Chart, Palette
from evocnn.space.network import Network

NETWORK = "network"
"""Name of the data set that the chart refers to."""
SCALE = 84
"""Pixels of the chart per inch of the page."""
UNBOUNDED = 10**6
ARROW = 3.5
"""Pixels from the middle of a triangle to its tip."""


def network_data(network: Network) -> dict[str, Any]:
    """The rows of a network's chart, and its width and height, in pixels, y downwards.

    A row is a corner of a line (`line`, `step`, `x`, `y`), the end of one (`arrow`: degrees), or a box (`name` of its
    kind, `label`, `shape`, middle `x` and `y`, edges `left`, `right`, `top`, `bottom`).
    """
    page = set_out(network, UNBOUNDED)
    return {
        "width": round(SCALE * page.width),
        "height": round(SCALE * (ROW / 2 - page.bottom)),
        "rows": [*_lines(page), *_boxes(page)],
    }


def network_chart(palette: Palette) -> Chart:
    """The chart of `network_data`, without its width and height."""
    rows = alt.Chart(alt.NamedData(NETWORK))
    x, y = alt.X("x:Q", scale=None, axis=None), alt.Y("y:Q", scale=None, axis=None)
    edges: dict[str, Any] = {"x": alt.X("left:Q", scale=None, axis=None), "y": alt.Y("top:Q", scale=None, axis=None)}
    edges |= {"x2": "right:Q", "y2": "bottom:Q"}
    names = dict(KINDS.values())
    colours = alt.Scale(domain=list(names), range=[_seen(colour, palette) for colour in names.values()])
    lines = rows.transform_filter("isValid(datum.line)").mark_line(color=palette.muted, strokeWidth=1.2)
    lines = lines.encode(x=x, y=y, detail="line:N", order="step:Q")
    arrows = rows.transform_filter("isValid(datum.arrow)").mark_point(
        shape="triangle", filled=True, color=palette.muted, size=30, opacity=1
    )
    arrows = arrows.encode(x=x, y=y, angle=alt.Angle("arrow:Q", scale=None))
    boxes = rows.transform_filter("isValid(datum.name)")
    paper = boxes.mark_rect(cornerRadius=5, fill=palette.paper).encode(**edges)
    box = boxes.mark_rect(cornerRadius=5, fillOpacity=0.22, strokeWidth=1.2).encode(
        **edges,
        fill=alt.Fill("name:N", scale=colours, legend=None),
        stroke=alt.Stroke("name:N", scale=colours, legend=None),
        tooltip=["label:N", "shape:N"],
    )
    inside, merges = (boxes.transform_filter(f"{sign}datum.merge").encode(x=x, y=y) for sign in ("!", ""))
    limit = SCALE * (BOX[0] - 0.15)
    label = inside.mark_text(dy=-7, fontSize=11, limit=limit).encode(text="label:N")
    shape = inside.mark_text(dy=8, fontSize=10, limit=limit, color=palette.muted).encode(text="shape:N")
    sign = merges.mark_text(fontSize=13).encode(text="label:N")
    beside = merges.mark_text(fontSize=10, dx=16, align="left", color=palette.muted).encode(text="shape:N")
    return alt.layer(lines, arrows, paper, box, label, shape, sign, beside)


def _pixels(page: Page, x: float, y: float) -> tuple[float, float]:
    return round(SCALE * (x - page.left), 1), round(SCALE * (ROW / 2 - y), 1)


def _lines(page: Page) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(page.lines):
        result = np.asarray(line.curve.to_polygons(closed_only=False)[0]).tolist()
        corners = [_pixels(page, *corner) for corner in result]
        rows += [{"line": number, "step": step, "x": x, "y": y} for step, (x, y) in enumerate(corners)]
        (x0, y0), (x1, y1) = corners[-2:]
        sideways = abs(x1 - x0) > abs(y1 - y0)
        x, y = (x1 - ARROW, y1) if sideways else (x1, y1 - ARROW)
        rows.append({"arrow": 90 if sideways else 180, "x": x, "y": y})
    return rows


def _boxes(page: Page) -> list[dict[str, Any]]:
    rows = []
    for box, (x, y) in zip(page.boxes, page.centres, strict=True):
        width, height = half(box)
        middle = _pixels(page, x, y)
        (left, top), (right, bottom) = _pixels(page, x - width, y + height), _pixels(page, x + width, y - height)
        heads = ", ".join(OUTPUTS.get(name, name) for name in box.heads)
        rows.append(
            {
                "name": KINDS[box.kind][0] if box.kind in KINDS else box.kind.replace("_", " "),
                "label": box.label,
                "shape": f"{heads} {'×'.join(map(str, box.shape))}".strip(),
                "merge": box.kind in MERGES,
                **dict(zip("xy", middle, strict=True)),
                **{"left": left, "right": right, "top": top, "bottom": bottom},
            }
        )
    return rows


def _seen(colour: str, palette: Palette) -> str:
    """Black boxes would not be seen on dark paper."""
    return palette.ink if colour == "#000000" else colour
