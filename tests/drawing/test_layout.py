"""Where things go on the page: nothing covers anything else, however large the network."""

import random
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from evocnn.drawing import network_drawing as drawing
from evocnn.drawing.graph import arrange, collapse
from evocnn.drawing.layout import ROW, half, set_out
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.operations import OPERATIONS
from evocnn.space.space_file import read_space

LARGE = 64
SPACES = (
    "weighted",
    "ga_cnn",
    "tiny",
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("efficient", "evopose2d", "hourglass")),
)


def drawn(space, blocks, seed):
    larger = replace(space, blocks=blocks)
    return decode(larger.draw(random.Random(seed)), larger, input_size=64, outputs=16)


@pytest.fixture(params=SPACES)
def space(request, repository):
    return read_space(repository / f"config/spaces/{request.param}.yaml")


def edges(page, at):
    (x, y), (width, height) = page.centres[at], half(page.boxes[at])
    return x - width, y - height, x + width, y + height


@pytest.mark.parametrize("seed", range(3))
def test_boxes_lie_apart_and_within_the_page(space, seed):
    page = set_out(drawn(space, LARGE, seed))
    actual = np.array([edges(page, at) for at in range(len(page.boxes))])
    left, bottom, right, top = actual.T
    assert page.left < left.min()
    assert right.max() < page.right
    assert page.bottom < bottom.min()
    assert top.max() < ROW / 2
    apart = (right[:, None] <= left) | (right <= left[:, None]) | (top[:, None] <= bottom) | (top <= bottom[:, None])
    assert (apart | np.eye(len(actual), dtype=bool)).all()


@pytest.mark.parametrize("seed", range(3))
def test_no_line_meets_a_box_that_it_does_not_connect(space, seed):
    page = set_out(drawn(space, LARGE, seed))
    actual = np.array([edges(page, at) for at in range(len(page.boxes))])
    left, bottom, right, top = actual.T
    for line in page.lines:
        # Curves become polygons that are as fine as a hundredth of an inch.
        corners = line.curve.transformed(Affine2D().scale(100)).to_polygons(closed_only=False)[0] / 100
        points = np.concatenate([np.linspace(a, b, 20) for a, b in pairwise(corners)])
        x0, y0, x1, y1 = line.window
        shown = points[(points[:, 0] > x0) & (points[:, 0] < x1) & (points[:, 1] > y0) & (points[:, 1] < y1)]
        x, y = shown.T[:, :, None]
        met = ((left < x) & (x < right) & (bottom < y) & (y < top)).any(0)
        ends = [np.hypot(*(np.array(page.centres) - corner).T) for corner in (corners[0], corners[-1])]
        own = {int(distances.argmin()) for distances in ends}
        assert set(np.flatnonzero(met)) <= own


def test_texts_lie_within_the_page_and_their_boxes(space, tmp_path, monkeypatch):
    figures = []

    @contextmanager
    def kept(path, width, height):
        figures.append(Figure(figsize=(width, height), dpi=100))
        yield figures[0]

    monkeypatch.setattr(drawing, "svg_figure", kept)
    network = drawn(space, LARGE // 4, 0)
    drawing.draw_network(tmp_path / "network.svg", network, cost(network, 1))
    figure = figures[0]
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw_without_rendering()  # the legend finds its place
    axes = figure.axes[0]
    for text in [*axes.texts, *axes.get_legend().get_texts()]:
        box = text.get_window_extent(renderer)
        assert 0 <= box.x0 < box.x1 <= figure.bbox.x1, text.get_text()
        assert 0 <= box.y0 < box.y1 <= figure.bbox.y1, text.get_text()
        assert box.width <= 2.5 * 100 or text.get_position()[1] > ROW / 2, text.get_text()
    legend = axes.get_legend().get_window_extent(renderer)
    first_box = axes.transData.transform((0, 0.2))[1]
    assert legend.y0 > first_box


def test_a_small_network_is_one_strip_and_a_long_one_about_square(repository):
    space = read_space(repository / "config/spaces/weighted.yaml")
    small, large = (set_out(drawn(space, blocks, 0)) for blocks in (2, LARGE))
    assert len({x for x, _ in small.centres}) <= 3
    assert 0.5 < large.width / -large.bottom < 2


def test_squeeze_excite_is_one_box():
    graph = GraphBuilder((16, 16, 3))
    genes = {"filters": 8, "kernel": 3, "stride": 1, "activation": "relu", "squeeze_excite": 0.25}
    x = OPERATIONS["conv"].build(graph, 0, genes)
    boxes = collapse(canonical(graph.layers, [x]))
    assert [box.label for box in boxes] == ["input", "conv 3×3, 8 · relu", "squeeze-excite, 2 inside"]
    assert boxes[2].inputs == (1,)
    assert boxes[2].shape == (16, 16, 8)


def test_what_is_only_alike_stays_apart():
    """The last map is multiplied by numbers that come from another one."""
    graph = GraphBuilder((16, 16, 3))
    x, other = graph.conv(0, 8, 3), graph.conv(0, 8, 3)
    inner = graph.activation(graph.conv(graph.global_average_pool(other), 2, 1), "relu")
    y = graph.multiply(x, graph.activation(graph.conv(inner, 8, 1), "sigmoid"))
    labels = [box.label for box in collapse(canonical(graph.layers, [y]))]
    assert "×" in labels
    assert "global average pool" in labels


def test_labels_of_every_kind():
    graph = GraphBuilder((16, 16, 3))
    x = graph.normalised(graph.conv(0, 8, 3, 2, bias=True), "silu", "layer")
    y = graph.conv(x, 8, 3, dilation=2)
    small = graph.pool("max_pool", y, 2, 2)
    z = graph.concatenate(graph.enlarge(small, 8), graph.zero_pad(small, 8))
    labels = {box.label for box in collapse(canonical(graph.layers, [graph.head("heatmap", z, 0)]))}
    assert labels == {
        "input",
        "conv 3×3, 8, stride 2 · layer norm · silu",
        "conv 3×3, 8, dilation 2",
        "max pool 2×2, stride 2",
        "enlarge ×2 bilinear",
        "pad with zeros",
        "∥",
    }


def test_a_skip_within_a_side_chain_goes_around_its_boxes():
    graph = GraphBuilder((16, 16, 3))
    x = graph.conv(0, 8, 3)
    long = x
    for _ in range(5):
        long = graph.conv(long, 8, 3)
    side = graph.conv(x, 8, 1)
    side = graph.add(side, graph.conv(graph.conv(side, 8, 5), 8, 5))
    boxes = collapse(canonical(graph.layers, [graph.concatenate(long, side)]))
    layout = arrange(boxes)
    start = next(at for at, box in enumerate(boxes) if box.label == "conv 1×1, 8")
    end = next(at for at, box in enumerate(boxes) if box.label == "+")
    assert layout.column[start] == layout.column[end] == 1
    assert layout.lanes == {(start, end): 1}
