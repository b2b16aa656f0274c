"""How far a run is, on a terminal."""

import time
from datetime import timedelta
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from evocnn.evolution.individual import name_of
from evocnn.report.run_progress import Place, Progress, read_progress

LISTED = 8
"""Running or interrupted trainings that are named; more are counted."""
WIDTH = 40


def show_progress(folder: Path, *, once: bool, seconds: float, console: Console) -> None:
    """Show how far a run is, again and again until its final network is scored.

    Args:
        folder: of the run.
        once: whether to show it a single time.
        seconds: between two looks.
        console: where to.

    Raises:
        ValueError: the folder holds no run, or a file is damaged.
    """
    progress = read_progress(folder)
    if once or progress.final:
        console.print(render(progress))
        return
    with Live(render(progress), console=console, auto_refresh=False) as live:
        while not progress.final:
            time.sleep(seconds)
            progress = read_progress(folder)
            live.update(render(progress), refresh=True)


def render(progress: Progress) -> RenderableType:
    """A picture of the progress, a line for each thing that one wants to know."""
    ended, planned = len(progress.ended), len(progress.places)
    lines = Table.grid(padding=(0, 2))
    lines.add_column(style="dim")
    lines.add_column()
    generations = f"{progress.selected} of {1 + progress.places[-1].generation} selected, {progress.bred} bred"
    more = f"; {progress.beyond} more of a longer search are left out" if progress.beyond else ""
    lines.add_row("generations", generations + more)
    if progress.preparing:
        lines.add_row("data", "being prepared")
    lines.add_row("individuals", f"{ended} of {planned} done, {len(progress.running)} running, {_failed(progress)}")
    lines.add_row("", ProgressBar(total=planned, completed=ended, width=WIDTH))
    if progress.running:
        lines.add_row("running", _named(progress.running))
    if progress.interrupted:
        lines.add_row("interrupted", f"{_named(progress.interrupted)}: snakemake, typed again, goes on with them")
    lines.add_row("best so far", _best(progress.best))
    if progress.samples_per_second:
        lines.add_row("speed", f"{progress.samples_per_second:,.0f} samples/s")
    lines.add_row("time left", _left(progress))
    return Group(Text(progress.experiment, style="bold"), lines)


def _failed(progress: Progress) -> str:
    failed = {status: count for status, count in sorted(progress.outcomes.items()) if status != "ok"}
    said = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in failed.items())
    return f"{sum(failed.values())} failed" + (f" ({said})" if said else "")


def _named(places: tuple[Place, ...]) -> str:
    names = [name_of(place.generation, place.number) for place in places[:LISTED]]
    more = len(places) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _best(place: Place | None) -> str:
    if place is None or place.fitness is None:
        return "none yet"
    error = place.fitness.metrics.get("standard_error")
    score = f"{place.fitness.objectives['score']:.1f}" + (f" ± {error:.1f}" if error is not None else "")
    return f"{score} % by {name_of(place.generation, place.number)}, network {place.fitness.provenance['network_id']}"


def _left(progress: Progress) -> str:
    if progress.final:
        return "none: the final network is scored"
    if progress.seconds_left is None:
        return "unknown before the first training has ended"
    left = str(timedelta(seconds=round(progress.seconds_left)))
    if len(progress.ended) == len(progress.places):
        return f"about {left} for the final network, from its start"
    return f"about {left}" if progress.running else f"about {left} with one training at a time; none is running"
