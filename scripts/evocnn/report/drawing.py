"""The best network of a run as a drawing."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Patch
from matplotlib.path import Path as Curve

from evocnn.evolution.individual import Individual
from evocnn.evolution.population import read_population
from evocnn.labels import read_labels
from evocnn.report.figures import BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, svg_figure
from evocnn.report.graph import MERGES, Box, Layout, arrange, collapse
from evocnn.space.decode import decode
from evocnn.space.space_file import read_space

# Everything in inches, which are the units of the axes: text then fits its box at every size of network.
BOX = (2.5, 0.4)
ROW = 0.62
COLUMN = 2.9
LANE = 0.2
RADIUS = 0.13
DOOR = 0.06
MARGIN = 0.2
HEADER = 1.2
MIN_WIDTH = 6.0

KINDS = {
    "input": ("input", GREY),
    "conv": ("convolution", BLUE),
    "depthwise_conv": ("depthwise convolution", GREEN),
    "transposed_conv": ("transposed convolution", VERMILION),
    "max_pool": ("max pooling", ORANGE),
    "average_pool": ("average pooling", PURPLE),
    "global_average_pool": ("global average pooling", PURPLE),
    "resize": ("enlargement", VERMILION),
    "zero_pad": ("zero padding", GREY),
    "batch_norm": ("batch normalisation", SKY),
    "layer_norm": ("layer normalisation", SKY),
    "activation": ("activation", SKY),
    "add": ("+ add", GREY),
    "multiply": ("× multiply", GREY),
    "concatenate": ("∥ concatenate", GREY),
}
"""Name in the legend and colour, by kind of layer."""

OUTPUTS = {"heatmap": "heatmaps", "classification": "classes"}
"""What a head yields, where it is not called like the head."""

Point = tuple[float, float]


def draw_best_network(output: Path, *, population: Path, space: Path, labels: Path, input_size: int) -> None:
    """Draw the network of the first survivor, input at the top, as SVG.

    Args:
        output: file to write.
        population: population file.
        space: space file.
        labels: labels file, which says what the network predicts.
        input_size: side of the network's input in pixels.

    Raises:
        ValueError: the population was bred in another space.
    """
    declared = read_space(space)
    best = read_population(population, declared).survivors[0].individual
    predicted = read_labels(labels)
    network = decode(best.genome, declared, input_size=input_size, outputs=predicted.outputs, task=predicted.task)
    boxes = collapse(network)
    layout = arrange(boxes)
    left = MARGIN + LANE * (1 + max(layout.lanes.values(), default=0)) + BOX[0] / 2
    right = MARGIN + COLUMN * max(layout.column) + BOX[0] / 2
    # A small network stands in the middle below its title.
    spare = max(MIN_WIDTH - left - right, 0.0) / 2
    left, right = left + spare, right + spare
    bottom = ROW * max(layout.row) + BOX[1] / 2 + MARGIN
    with svg_figure(output, left + right, HEADER + bottom) as figure:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(-left, right), ylim=(-bottom, HEADER))
        axes.axis("off")
        centres = [(COLUMN * x, -ROW * y) for x, y in zip(layout.column, layout.row, strict=True)]
        _draw_lines(axes, boxes, layout, centres)
        for box, centre in zip(boxes, centres, strict=True):
            _draw_box(axes, box, centre, "".join(OUTPUTS.get(name, name) + " " for name in box.heads))
        _draw_header(axes, best, boxes, -left + MARGIN)


def _draw_header(axes: Axes, best: Individual, boxes: Sequence[Box], left: float) -> None:
    cost = f"{best.cost.params:,} parameters, {best.cost.macs / 1e6:.2f} million multiply–accumulates"
    axes.text(left, HEADER - 0.14, f"network {best.network_id}", size=12, weight="bold", va="top")
    axes.text(left, HEADER - 0.37, cost, size=9, va="top", color="0.3")
    present = {box.kind for box in boxes} - {"input"}
    handles = [
        Patch(facecolor=_tint(colour), edgecolor=colour, label=name)
        for kind, (name, colour) in KINDS.items()
        if kind in present
    ]
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(left, HEADER - 0.6),
        bbox_transform=axes.transData,
        ncols=4,
        frameon=False,
        fontsize=7,
        borderaxespad=0,
        borderpad=0,
        handlelength=1.2,
        columnspacing=1.2,
    )


def _draw_box(axes: Axes, box: Box, centre: Point, note: str) -> None:
    colour = KINDS[box.kind][1]
    x, y = centre
    shape = note + "×".join(map(str, box.shape))
    if box.kind in MERGES:
        axes.add_patch(Circle(centre, RADIUS, facecolor=_tint(colour), edgecolor=colour, zorder=3))
        axes.text(x, y, box.label, size=9, ha="center", va="center", zorder=4)
        axes.text(x + RADIUS + 0.08, y, shape, size=7, color="0.35", va="center", zorder=4)
        return
    width, height = BOX
    corner = (x - width / 2, y - height / 2)
    style = "round,pad=0,rounding_size=0.06"
    axes.add_patch(
        FancyBboxPatch(corner, width, height, boxstyle=style, facecolor=_tint(colour), edgecolor=colour, zorder=3)
    )
    axes.text(x, y + 0.08, box.label, size=8, ha="center", va="center", zorder=4)
    axes.text(x, y - 0.09, shape, size=7, color="0.35", ha="center", va="center", zorder=4)


def _draw_lines(axes: Axes, boxes: Sequence[Box], layout: Layout, centres: Sequence[Point]) -> None:
    for at, box in enumerate(boxes):
        for source in box.inputs:
            lane = layout.lanes.get((source, at), 0)
            if lane:
                curve = _around(boxes[source], centres[source], box, centres[at], lane)
            else:
                side = layout.column[source] or layout.column[at]
                curve = _between(boxes[source], centres[source], box, centres[at], COLUMN * side)
            arrow = FancyArrowPatch(
                path=curve, arrowstyle="-|>", mutation_scale=8, color="0.35", lw=1.1, shrinkA=0, shrinkB=0, zorder=2
            )
            axes.add_patch(arrow)


def _between(source: Box, start: Point, box: Box, end: Point, track: float) -> Curve:
    """Straight down, or to another column: sideways where a row has room for it, and along `track` in between."""
    (x0, y0), (x1, y1) = (start[0], start[1] - _half(source)[1]), (end[0], end[1] + _half(box)[1])
    if x0 == x1:
        return Curve([(x0, y0), (x1, y1)])
    bend = ROW - BOX[1]
    top, low = (y0, y1 + bend) if track == x0 else (y0 - bend, y1)
    points: list[Point] = [(x0, y0)]
    codes = [Curve.MOVETO]
    if track != x0:
        points += [(x0, y0 - bend), (track, y0), (track, top)]
        codes += [Curve.CURVE4] * 3
    points.append((track, low))
    codes.append(Curve.LINETO)
    if track != x1:
        points += [(track, y1), (x1, low), (x1, y1)]
        codes += [Curve.CURVE4] * 3
    return Curve(points, codes)


def _around(source: Box, start: Point, box: Box, end: Point, lane: int) -> Curve:
    """Out to the left, down a lane, and back: out below a box's middle, in above it, so that the two do not touch."""
    x0, x1 = start[0] - _half(source)[0] + 0.01, end[0] - _half(box)[0] + 0.01
    y0, y1 = start[1] - DOOR, end[1] + DOOR
    x, r = -BOX[0] / 2 - LANE * lane, LANE * 0.8
    points = [(x0, y0), (x + r, y0), (x, y0), (x, y0 - r), (x, y1 + r), (x, y1), (x + r, y1), (x1, y1)]
    line, curve = Curve.LINETO, Curve.CURVE3
    return Curve(points, [Curve.MOVETO, line, curve, curve, line, curve, curve, line])


def _half(box: Box) -> tuple[float, float]:
    """Half the width and height in inches."""
    return (RADIUS, RADIUS) if box.kind in MERGES else (BOX[0] / 2, BOX[1] / 2)


def _tint(colour: str) -> str:
    """A light version, which black text can be read on."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(0.25 * value + 0.75 * 255):02x}" for value in channels)
