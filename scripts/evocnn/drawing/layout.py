"""Where boxes and lines of a drawn network go on its page, in inches."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from matplotlib.path import Path as Curve
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from evocnn.drawing.graph import MERGES, Box, Layout, arrange, collapse
from evocnn.space.network import Network

BOX = (2.5, 0.4)
ROW = 0.62
GAP = 0.4
LANE = 0.2
RADIUS = 0.13
DOOR = 0.06
MARGIN = 0.2
MIN_WIDTH = 6.0
ROWS = 36
"""Rows that are drawn below one another at least; longer networks go on at the top, like the columns of a newspaper."""
POINTS = 72

Point = tuple[float, float]
Window = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True)
class Line:
    """A line, or the part of one that shows in a window."""

    curve: Curve
    window: Window


@dataclass(frozen=True)
class Page:
    """A network on its page. The middle of the first box is the origin; y points up.

    Attributes:
        boxes: of the network.
        centres: of the boxes.
        lines: between them.
        left: edge of the page.
        right: edge of the page.
        bottom: edge of the page.
    """

    boxes: tuple[Box, ...]
    centres: tuple[Point, ...]
    lines: tuple[Line, ...]
    left: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Of the page."""
        return self.right - self.left


def set_out(network: Network, longest: int = ROWS) -> Page:
    """Find the place of every box and line, in as many strips side by side as make the page about square.

    Networks of up to `longest` rows are one strip.
    """
    boxes = collapse(network)
    layout = arrange(boxes)
    columns = _columns(layout)
    left, right = MARGIN + BOX[0] / 2 + LANE * (1 + _lanes(layout, 0)), columns[-1] + BOX[0] / 2 + MARGIN
    rows = max(layout.row) + 1
    strips = 1 if rows <= longest else max(2, ceil(sqrt(rows * ROW / (left + right))))
    each = ceil(rows / strips)
    # A small network stands in the middle below its title.
    spare = max(MIN_WIDTH - strips * (left + right), 0.0) / 2
    shifts = [(strip * (left + right), strip * each * ROW) for strip in range(strips)]
    centres = [(columns[column], -ROW * row) for column, row in zip(layout.column, layout.row, strict=True)]
    return Page(
        boxes=boxes,
        centres=tuple(_moved(at, shifts[row // each]) for at, row in zip(centres, layout.row, strict=True)),
        lines=tuple(_lines(boxes, layout, columns, centres, each, shifts, left)),
        left=-left - spare,
        right=(strips - 1) * (left + right) + right + spare,
        bottom=-ROW * (each - 1) - BOX[1] / 2 - MARGIN,
    )


def half(box: Box) -> Point:
    """Half the width and height of a box."""
    return (RADIUS, RADIUS) if box.kind in MERGES else (BOX[0] / 2, BOX[1] / 2)


def fitted(text: str, size: float, width: float) -> float:
    """The size of a text, in points, that fits a width; `size` where that does."""
    result = TextPath((0, 0), text, size=size).get_extents().width / POINTS if text else 0.0
    return size * min(1.0, width / result) if result else size


def _moved(at: Point, shift: Point) -> Point:
    return at[0] + shift[0], at[1] + shift[1]


def _lanes(layout: Layout, column: int) -> int:
    """How many lanes there are to the left of a column."""
    return max([lane for line, lane in layout.lanes.items() if layout.track(*line) == column], default=0)


def _columns(layout: Layout) -> list[float]:
    """Middle of each column."""
    result = [0.0]
    for column in range(1, max(layout.column) + 1):
        result.append(result[-1] + BOX[0] + GAP + LANE * _lanes(layout, column))
    return result


def _lines(
    boxes: Sequence[Box],
    layout: Layout,
    columns: Sequence[float],
    centres: Sequence[Point],
    each: int,
    shifts: Sequence[Point],
    left: float,
) -> list[Line]:
    """Every line, once for each strip that it shows in."""
    width = shifts[1][0] if len(shifts) > 1 else left + columns[-1] + BOX[0]
    result = []
    for at, box in enumerate(boxes):
        for source in box.inputs:
            lane, middle = layout.lanes.get((source, at), 0), columns[layout.track(source, at)]
            track = middle - BOX[0] / 2 - LANE * lane if lane else middle
            if lane and layout.column[source] == layout.column[at]:
                curve = _around(boxes[source], centres[source], box, centres[at], track)
            else:
                curve = _between(boxes[source], centres[source], box, centres[at], track)
            for strip in range(layout.row[source] // each, layout.row[at] // each + 1):
                x, y = shifts[strip]
                window = (x - left, ROW * (0.5 - each), x - left + width, ROW / 2)
                result.append(Line(curve.transformed(Affine2D().translate(x, y)), window))
    return result


def _between(source: Box, start: Point, box: Box, end: Point, track: float) -> Curve:
    """Straight down, or to another column: sideways where a row has room for it, and along `track` in between."""
    (x0, y0), (x1, y1) = (start[0], start[1] - half(source)[1]), (end[0], end[1] + half(box)[1])
    if x0 == x1 == track:
        return Curve([(x0, y0), (x1, y1)])
    bend = ROW - BOX[1]
    top, low = (y0, y1 + bend) if track == x0 else (y0 - bend, y1)
    points: list[Point] = [(x0, y0)]
    codes = [Curve.MOVETO]
    if track != x0:
        points += [(x0, y0 - bend), (track, y0), (track, top)]
        codes += [Curve.CURVE4] * 3
    if track != x1:
        low = y1 + bend
    points.append((track, low))
    codes.append(Curve.LINETO)
    if track != x1:
        points += [(track, y1), (x1, low), (x1, y1)]
        codes += [Curve.CURVE4] * 3
    return Curve(points, codes)


def _around(source: Box, start: Point, box: Box, end: Point, x: float) -> Curve:
    """Out to the left, down a lane, and back: out below a box's middle, in above it, so that the two do not touch."""
    x0, x1 = start[0] - half(source)[0] + 0.01, end[0] - half(box)[0] + 0.01
    y0, y1 = start[1] - DOOR, end[1] + DOOR
    r = LANE * 0.8
    points = [(x0, y0), (x + r, y0), (x, y0), (x, y0 - r), (x, y1 + r), (x, y1), (x + r, y1), (x1, y1)]
    line, curve = Curve.LINETO, Curve.CURVE3
    return Curve(points, [Curve.MOVETO, line, curve, curve, line, curve, curve, line])
