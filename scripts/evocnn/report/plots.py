"""Scores over the generations of a run."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from evocnn.files import read_json
from evocnn.report.figures import BLACK, BLUE, GREY, SKY, VERMILION, svg_figure
from evocnn.report.tables import read_table

JITTER = 0.5
"""Width over which the individuals of one generation are spread, in generations."""
GOLDEN = 0.6180339887498949
SIZE = (7.5, 4.8)
"""Inches."""


def plot_fitness(output: Path, *, individuals: Path, generations: Path, floors: Path) -> None:
    """Plot the score of every individual, the best and the median of the survivors, and the floors, as SVG.

    Args:
        output: file to write.
        individuals: table of `write_tables`.
        generations: table of `write_tables`.
        floors: scores of `score_floors`.
    """
    everybody, course = read_table(individuals), read_table(generations)
    document = read_json(floors, "floors", ("metric", "floors"))
    known = {name: score["valid"]["mean"] for name, score in document["floors"].items()}
    levels = {name: level for name, level in known.items() if level is not None}  # a split may have no labels
    with svg_figure(output, *SIZE) as figure:
        axes = figure.subplots()
        _draw_individuals(axes, everybody)
        _draw_course(axes, course, everybody)
        _draw_floors(axes, levels)
        axes.set_xlabel("generation")
        axes.set_ylabel(f"{document['metric']} on search-valid, %")
        axes.set_xlim(course.generation.min() - 0.6, course.generation.max() + 0.6)
        _set_height(axes, everybody, course, list(levels.values()))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(axis="y", color="0.92")
        axes.set_axisbelow(True)
        _mark_failed(axes, everybody)
        figure.legend(*_ordered(axes), loc="outside lower center", ncols=3, frameon=False)
        figure.set_layout_engine("constrained")


def spread(numbers: NDArray[np.integer]) -> NDArray[np.float64]:
    """Offsets of the individuals of a generation, (N,): apart from each other, and the same in every plot.

    Multiples of the golden ratio modulo 1 fill an interval evenly, however many there are.
    """
    return ((numbers.astype(np.float64) + 1) * GOLDEN % 1 - 0.5) * JITTER


def _draw_individuals(axes: Axes, everybody: pd.DataFrame) -> None:
    scored = everybody[everybody.status == "ok"]
    x = scored.generation + spread(scored.individual.to_numpy())
    survived = scored.survived.to_numpy(bool)
    axes.scatter(x[~survived], scored.score[~survived], s=22, color=GREY, alpha=0.6, lw=0, label="individual")
    axes.scatter(
        x[survived],
        scored.score[survived],
        s=30,
        color=SKY,
        edgecolor=BLACK,
        lw=0.7,
        zorder=4,
        label="individual in the last population",
    )


def _draw_course(axes: Axes, course: pd.DataFrame, everybody: pd.DataFrame) -> None:
    """Lines of the survivors; the band is the sampling error of the best score, one bootstrap standard error."""
    error = course.best_network_id.map(everybody.set_index("network_id").standard_error).fillna(0.0)
    low, high = course.best - error, course.best + error
    axes.fill_between(course.generation, low, high, color=BLUE, alpha=0.15, lw=0, label="± standard error")
    axes.plot(course.generation, course.best, color=BLUE, lw=2, marker="o", ms=3, label="best so far")
    axes.plot(course.generation, course["median"], color=VERMILION, lw=1.5, marker="s", ms=3, label="median survivor")


def _draw_floors(axes: Axes, levels: dict[str, float]) -> None:
    for name, level in levels.items():
        axes.axhline(level, color=BLACK, lw=1, ls="--", zorder=1)
        axes.annotate(
            f"{name} {level:.1f}",
            (1, level),
            xycoords=("axes fraction", "data"),
            xytext=(-2, 3),
            textcoords="offset points",
            ha="right",
        )


def _set_height(axes: Axes, everybody: pd.DataFrame, course: pd.DataFrame, levels: list[float]) -> None:
    """Leave room below the lowest score for the crosses of trainings that failed."""
    shown = [*everybody.score[everybody.status == "ok"], *course.best, *levels]
    low, high = min(shown), max(shown)
    room = max(high - low, 1.0)
    axes.set_ylim(low - 0.12 * room, high + 0.08 * room)


def _mark_failed(axes: Axes, everybody: pd.DataFrame) -> None:
    failed = everybody[everybody.status != "ok"]
    if failed.empty:
        return
    counts = Counter(failed.status)
    text = ", ".join(f"{counts[status]} {status.replace('_', ' ')}" for status in sorted(counts))
    x = failed.generation + spread(failed.individual.to_numpy())
    # They have no score: their height is a place on the paper, not a number.
    axes.scatter(
        x,
        np.full(len(x), 0.03),
        transform=axes.get_xaxis_transform(),
        marker="x",
        s=28,
        color=BLACK,
        label=f"no score: {text}",
    )


def _ordered(axes: Axes) -> tuple[list, list[str]]:
    """Handles and labels, lines first."""
    handles, labels = axes.get_legend_handles_labels()
    first = ["best so far", "± standard error", "median survivor"]
    order = sorted(range(len(labels)), key=lambda i: first.index(labels[i]) if labels[i] in first else len(first))
    return [handles[i] for i in order], [labels[i] for i in order]
