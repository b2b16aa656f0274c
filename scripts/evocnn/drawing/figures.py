"""What the figures share: colours, and SVG files whose bytes depend on their content alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from evocnn.files import replacing

# Okabe and Ito's palette, which readers with any colour vision can tell apart.
BLACK, GREY = "#000000", "#8c8c8c"
ORANGE, SKY, GREEN = "#e69f00", "#56b4e9", "#009e73"
BLUE, VERMILION, PURPLE = "#0072b2", "#d55e00", "#cc79a7"

STYLE: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    # Without a salt, the names of clip paths and markers are drawn at random.
    "svg.hashsalt": "evocnn",
    # Text stays text: it can be searched and copied.
    "svg.fonttype": "none",
}


@contextmanager
def svg_figure(path: Path, width: float, height: float) -> Iterator[Figure]:
    """Give an empty figure (width and height in inches) to draw on; on success it is written to `path`.

    The figure knows no window and no pyplot, so that nothing is left behind and no display is needed.
    """
    with rc_context(STYLE), replacing(path) as temporary:
        figure = Figure(figsize=(width, height))
        yield figure
        figure.savefig(temporary, metadata={"Date": None})
