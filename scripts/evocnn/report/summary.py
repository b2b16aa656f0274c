"""What a search has reached, in a few lines."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.files import read_json, replacing
from evocnn.report.tables.individuals import read_table
from evocnn.report.tables.score_table import FLIP_TEST
from evocnn.report.verdict import verdict

MISSING = "-"
"""Stands for a score of a split without labels."""


def write_summary(
    output: Path,
    *,
    individuals: Path,
    generations: Path,
    trivial: Path,
    score: Path,
    fitness: Path,
    finalists: Sequence[Path],
    baselines: Sequence[Path] = (),
) -> None:
    """Write the scores of the search and of the final network beside the trivial baselines, as plain text.

    Args:
        output: file to write, in the folder of the run.
        individuals: table of `write_tables`.
        generations: table of `write_tables`.
        trivial: scores of `score_trivial_baselines`.
        score: score of the final network on test, a file of kind "score".
        fitness: of the final network's training.
        finalists: fitness of all finalists' trainings.
        baselines: scores of networks of the literature, files of kind "score", each in the folder of its name.

    Raises:
        ValueError: a file is damaged.
    """
    course = read_table(generations)
    known = read_json(trivial, "trivial", ("metric", "trivial"))
    scored, final = read_json(score, "score"), read_fitness(fitness)
    test = scored["test"]
    rows = [(f"{known['metric']} in percent", "search-valid", "test", "network")]
    rows += [(name, _percent(of["valid"]), _percent(of["test"]), "") for name, of in known["trivial"].items()]
    literature = {path.parent.name: read_json(path, "score")["test"] for path in baselines}
    rows += [(name, "", _with_error(of), "") for name, of in literature.items()]
    for at in sorted({0, len(course) - 1}):
        of = course.iloc[at]
        rows.append((f"best of generation {of.generation}", f"{of.best:.1f}", "", of.best_network_id))
    rows.append(("final network", _with_error(final.metrics), _with_error(test), final.provenance["network_id"]))
    searched = read_table(individuals)
    trained, failed = int(course.trained.sum()), int(course.trained.sum() - course.ok.sum())
    lines = [
        *_aligned(rows),
        "",
        f"search          {trained} networks trained in {len(course)} generations, {failed} without success",
        f"final network   {final.cost['params']:,} parameters, {final.cost['macs'] / 1e6:.2f} million "
        "multiply-accumulates for one prediction",
        *_finalists([read_fitness(path) for path in finalists], final, searched),
        f"trainings       {_effort(searched)}",
        *_inherited(final),
        *([f"flip test       {FLIP_TEST}"] if scored.get("flip_test") else []),
        "",
        *verdict(searched, course, known["trivial"], test, literature, network_id=final.provenance["network_id"]),
        "",
        *_where(output.parent),
    ]
    with replacing(output) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _finalists(finalists: Sequence[Fitness], final: Fitness, searched: pd.DataFrame) -> list[str]:
    """What each finalist scored in the search and after its training in full."""
    short = dict(zip(searched.network_id, searched.score, strict=True))
    lines = []
    for fitness in finalists:
        network_id = fitness.provenance["network_id"]
        if fitness.status == "ok":
            chosen = ", the final network" if network_id == final.provenance["network_id"] else ""
            lines.append(f"{network_id}: {short[network_id]:.1f} → {fitness.objectives['score']:.1f}{chosen}")
        elif network_id:
            lines.append(f"{network_id}: {short[network_id]:.1f} → {fitness.status}")
    head = "finalists       search-valid, in the search → after the training in full"
    return [head, *(f"                {line}" for line in lines)]


def _inherited(final: Fitness) -> list[str]:
    """A warning where scores of the search are of longer trainings than they look."""
    if not (final.provenance.get("settings") or {}).get("inherit"):
        return []
    return ["                individuals started from their parents' weights, the final network from random ones"]


def _effort(trained: pd.DataFrame) -> str:
    """What the trainings of the search took, as far as it was measured."""
    memory, speed = trained["peak_memory_mb"].dropna(), trained["samples_per_second"].dropna()
    if memory.empty or speed.empty:
        return "none was measured to its end"
    on_gpu = trained["peak_gpu_memory_mb"].dropna()
    gpu = f", {on_gpu.max():,.0f} MB of a GPU's" if not on_gpu.empty else ""
    return f"at most {memory.max():,.0f} MB of memory{gpu}; {speed.median():,.0f} samples per second in the median"


def _where(run: Path) -> list[str]:
    places = (
        ("report.html", "everything to look at, in a browser"),
        ("plots/fitness.svg", "scores over the generations"),
        ("plots/network.svg", "drawing of the best network"),
        ("final/", "trained network, its test predictions and score"),
        ("tables/", "all individuals and generations"),
    )
    # `/` drops the slash that marks a folder.
    shown = [(f"{run.as_posix()}/{place}", what) for place, what in places]
    width = max(len(path) for path, _ in shown)
    return [f"{path:<{width}}  {what}" for path, what in shown]


def _aligned(rows: list[tuple[str, str, str, str]]) -> list[str]:
    """First and last column to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return [
        f"{name:<{widths[0]}}   {valid:>{widths[1]}}   {test:>{widths[2]}}   {network}".rstrip()
        for name, valid, test, network in rows
    ]


def _percent(score: dict[str, Any]) -> str:
    return MISSING if score.get("mean") is None else f"{score['mean']:.1f}"


def _with_error(score: dict[str, Any]) -> str:
    error = score.get("standard_error")
    return _percent(score) if error is None else f"{_percent(score)} ± {error:.1f}"
