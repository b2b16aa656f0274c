"""A network as a drawing."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Patch
from matplotlib.transforms import Bbox, TransformedBbox

from evocnn.drawing.figures import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION, svg_figure
from evocnn.drawing.graph import MERGES, Box
from evocnn.drawing.layout import BOX, MARGIN, RADIUS, Line, Page, Point, fitted, set_out
from evocnn.evolution.fitness import read_fitness
from evocnn.evolution.population import read_offspring
from evocnn.labels import read_labels
from evocnn.space.cost import Cost
from evocnn.space.decode import decode
from evocnn.space.layers import LAYERS
from evocnn.space.network import Network
from evocnn.space.space_file import read_space

LEGEND_ENTRY = (1.55, 0.16)
"""Inches: width and height."""
TEXT = BOX[0] - 0.2

COLOURS = {
    "black": BLACK,
    "blue": BLUE,
    "green": GREEN,
    "grey": GREY,
    "orange": ORANGE,
    "purple": PURPLE,
    "sky": SKY,
    "vermilion": VERMILION,
}
KINDS = {
    **{name: (kind.legend, COLOURS[kind.colour]) for name, kind in LAYERS.items()},
    "squeeze_excite": ("squeeze-excite", PURPLE),
}
"""Name in the legend and colour, by kind of box: of layer, or of several layers that are drawn as one."""

OUTPUTS = {"heatmap": "heatmaps", "classification": "classes"}
"""What a head yields, where it is not called like the head."""


def draw_final_network(
    output: Path, *, finalists: Path, fitness: Path, space: Path, labels: Path, input_size: int
) -> None:
    """Draw the final network; see `draw_network`.

    Args:
        output: file to write.
        finalists: file of the finalists.
        fitness: of the final network.
        space: space file.
        labels: labels file, which says what the network predicts.
        input_size: side of the network's input in pixels.

    Raises:
        ValueError: the finalists were bred in another space.
    """
    declared = read_space(space)
    network_id = read_fitness(fitness).provenance["network_id"]
    final = next(of for of in read_offspring(finalists, declared).individuals if of.network_id == network_id)
    predicted = read_labels(labels)
    network = decode(final.genome, declared, input_size=input_size, outputs=predicted.outputs, task=predicted.task)
    draw_network(output, network, final.cost)


def draw_network(output: Path, network: Network, costs: Cost) -> None:
    """Draw a network, input at the top, as SVG; long ones go on at the top of a next strip.

    Args:
        output: file to write.
        network: what to draw.
        costs: of the network, for the title.
    """
    page = set_out(network)
    kinds = [kind for kind in KINDS if kind != "input" and kind in {box.kind for box in page.boxes}]
    entries = int((page.width - MARGIN) // LEGEND_ENTRY[0])
    header = 0.95 + LEGEND_ENTRY[1] * -(-len(kinds) // entries)
    with svg_figure(output, page.width, header - page.bottom) as figure:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(page.left, page.right), ylim=(page.bottom, header))
        axes.axis("off")
        _draw_page(axes, page)
        _draw_title(axes, network.network_id, costs, (page.left + MARGIN, header))
        _draw_legend(axes, kinds, entries, (page.left + MARGIN, header - 0.6))


def _draw_title(axes: Axes, network_id: str, costs: Cost, corner: Point) -> None:
    left, top = corner
    text = f"{costs.params:,} parameters, {costs.macs / 1e6:.2f} million multiply–accumulates"
    axes.text(left, top - 0.14, f"network {network_id}", size=12, weight="bold", va="top")
    axes.text(left, top - 0.37, text, size=9, va="top", color="0.3")


def _draw_legend(axes: Axes, kinds: Sequence[str], columns: int, corner: Point) -> None:
    named = [KINDS[kind] for kind in kinds]
    axes.legend(
        handles=[Patch(facecolor=_tint(colour), edgecolor=colour, label=name) for name, colour in named],
        loc="upper left",
        bbox_to_anchor=corner,
        bbox_transform=axes.transData,
        ncols=columns,
        frameon=False,
        fontsize=7,
        borderaxespad=0,
        borderpad=0,
        handlelength=1.2,
        columnspacing=1.2,
    )


def _draw_page(axes: Axes, page: Page) -> None:
    for line in page.lines:
        _draw_line(axes, line)
    for box, centre in zip(page.boxes, page.centres, strict=True):
        _draw_box(axes, box, centre)


def _draw_line(axes: Axes, line: Line) -> None:
    arrow = FancyArrowPatch(
        path=line.curve, arrowstyle="-|>", mutation_scale=8, color="0.35", lw=1.1, shrinkA=0, shrinkB=0, zorder=2
    )
    axes.add_patch(arrow)
    arrow.set_clip_box(TransformedBbox(Bbox.from_extents(*line.window), axes.transData))


def _draw_box(axes: Axes, box: Box, centre: Point) -> None:
    colour = KINDS.get(box.kind, ("", GREY))[1]
    x, y = centre
    heads = ", ".join(OUTPUTS.get(name, name) for name in box.heads)
    shape = f"{heads} {'×'.join(map(str, box.shape))}".strip()
    if box.kind in MERGES:
        axes.add_patch(Circle(centre, RADIUS, facecolor=_tint(colour), edgecolor=colour, zorder=3))
        axes.text(x, y, box.label, size=9, ha="center", va="center", zorder=4)
        size = fitted(shape, 7, TEXT / 2 - RADIUS)
        axes.text(x + RADIUS + 0.08, y, shape, size=size, color="0.35", va="center", zorder=4)
        return
    width, height = BOX
    corner = (x - width / 2, y - height / 2)
    style = "round,pad=0,rounding_size=0.06"
    thick = 2.0 if box.heads else 1.0
    axes.add_patch(
        FancyBboxPatch(
            corner, width, height, boxstyle=style, facecolor=_tint(colour), edgecolor=colour, lw=thick, zorder=3
        )
    )
    axes.text(x, y + 0.08, box.label, size=fitted(box.label, 8, TEXT), ha="center", va="center", zorder=4)
    axes.text(x, y - 0.09, shape, size=fitted(shape, 7, TEXT), color="0.35", ha="center", va="center", zorder=4)


def _tint(colour: str) -> str:
    """A light version, which black text can be read on."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(0.25 * value + 0.75 * 255):02x}" for value in channels)
