"""What it costs that every individual is trained by a job of its own: against one process, and against bare steps."""

import csv
import os
import shutil
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from evocnn.evolution.fitness import read_fitness
from evocnn.files import read_json
from evocnn_bench.document import REPOSITORY, table
from evocnn_bench.processes import Usage, measure_command, python

NETWORKS = 12
EPOCHS = (3, 9)
"""Of short and of long trainings: about 7 and 20 seconds of steps and scoring."""
RUN = Path("results/overhead")
CORES = len(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Way:
    """A way to run the jobs.

    Attributes:
        letter: short name.
        title: its description.
        at_once: trainings at a time, Snakemake's resource `gpu`.
        training: settings of the configuration.
    """

    letter: str
    title: str
    at_once: int
    training: Mapping[str, Any] = field(default_factory=dict, hash=False)


ONE = Way("b", "jobs, one at a time", 1, {"threads": CORES})
MANY = Way("d", "jobs, one for each core, with one thread", CORES, {"threads": 1})


@dataclass(frozen=True)
class Ran:
    """What trainings of all networks have taken.

    Attributes:
        usage: of everything.
        steps: seconds of the epochs of each training, steps and scoring, without what comes once per training.
        peak: memory in MB of the largest training, as its fitness says.
    """

    usage: Usage
    steps: Sequence[float]
    peak: float


def bench_overhead(
    folder: Path,
    config: Mapping[str, Any] | None = None,
    epochs: Sequence[int] = EPOCHS,
    ways: Sequence[Way] = (ONE, MANY),
) -> str:
    """Measure and describe, as Markdown.

    Args:
        folder: gets the runs.
        config: laid over the default configuration.
        epochs: of short and of long trainings.
        ways: the first is held against one process and against bare steps, all with short trainings; with long ones
            only the first.
    """
    prepared = prepare(folder / "prepared", config or {})
    descriptions = []
    for count in epochs:
        alone = train_in_one_process(shutil.copytree(prepared, folder / f"a-{count}"), count)
        ran = {}
        for way in ways if count == epochs[0] else ways[:1]:
            ran[way] = train_in_jobs(shutil.copytree(prepared, folder / f"{way.letter}-{count}"), way, count)
        descriptions.append(describe(count, alone, ran))
    return "\n\n".join(descriptions)


def prepare(folder: Path, config: Mapping[str, Any]) -> Path:
    """Records and founders, which nobody counts."""
    folder.mkdir(parents=True)
    evolution = {"generations": 1, "population": NETWORKS, **config.get("evolution", {})}
    given = {**config, "experiment": RUN.name, "evolution": evolution}
    (folder / "given.yaml").write_text(yaml.safe_dump(given), encoding="utf-8")
    crops = [f"{RUN}/records/{split}/crops.npy" for split in ("train", "valid")]
    _snakemake(folder, [f"{RUN}/config.yaml", f"{RUN}/generation-000/offspring.json", *crops], CORES, {})
    return folder


def train_in_one_process(folder: Path, epochs: int) -> Usage:
    """Way (a); see `notebook`."""
    return measure_command(
        python("-m", "evocnn_bench.notebook", str(folder / RUN), str(epochs)),
        folder / "notebook.log",
        {"PYTHONPATH": str(REPOSITORY / "scripts")},
    )


def train_in_jobs(folder: Path, way: Way, epochs: int) -> Ran:
    """Let Snakemake train all founders.

    Raises:
        RuntimeError: a training was not carried through.
    """
    # None ends early: epochs without a better score are never more than all.
    training = {"epochs": epochs, "patience": epochs, **way.training}
    targets = [f"{RUN}/generation-000/{name}/fitness.json" for name in _individuals(folder)]
    usage = _snakemake(folder, targets, way.at_once, training)
    result = [read_fitness(folder / target) for target in targets]
    steps = []
    for target, fitness in zip(targets, result, strict=True):
        if fitness.status != "ok" or fitness.training["epochs"] != epochs:
            raise RuntimeError(f"{folder / target}: expected {epochs} epochs that end well, found {fitness}")
        with (folder / target).with_name("history.csv").open(encoding="utf-8") as file:
            seconds = [float(row["seconds"]) for row in csv.DictReader(file)]
        steps.append(epochs * statistics.median(seconds[1:]))  # in the first the model is traced
    return Ran(usage, steps, max(fitness.training["peak_memory_mb"] for fitness in result))


def describe(epochs: int, alone: Usage, ran: Mapping[Way, Ran]) -> str:
    """A table of one length of trainings; the steps are those of the first way."""
    first = next(iter(ran.values()))
    steps = sum(first.steps)
    rows = [
        ["way", "wall, s", "CPU, s", "memory, MB", "largest training, MB", "wall over (a)", "wall over (c)"],
        ["(a) one process", *_numbers(alone), "", "1.00", f"{alone.wall / steps:.2f}"],
    ]
    for way, jobs in ran.items():
        over_steps = f"{jobs.usage.wall / steps:.2f}" if jobs is first else ""
        over_alone = f"{jobs.usage.wall / alone.wall:.2f}"
        rows.append([f"({way.letter}) {way.title}", *_numbers(jobs.usage), f"{jobs.peak:,.0f}", over_alone, over_steps])
    over_alone = f"{steps / alone.wall:.2f}"
    rows.insert(3, ["(c) the steps and the scoring of (b)", f"{steps:.1f}", "", "", "", over_alone, "1.00"])
    each = f"{steps / len(first.steps):.1f} s of steps and scoring each"
    faster = "".join(_faster(jobs, first) for way, jobs in ran.items() if way is MANY)
    return f"{len(first.steps)} trainings of {epochs} epochs, {each}:\n\n{table(rows)}{faster}"


def _faster(many: Ran, one: Ran) -> str:
    """Samples per second of trainings with one thread each, side by side, over those of one with all cores."""
    ratio = statistics.median(CORES * a / b for a, b in zip(one.steps, many.steps, strict=True))
    return (
        f"\n\nWhile they train, {CORES} at once with one thread each take {ratio:.2f} × as many samples per second as "
        f"one with {CORES} threads."
    )


def _numbers(usage: Usage) -> list[str]:
    return [f"{usage.wall:.1f}", f"{usage.cpu:.1f}", f"{usage.memory:,.0f}"]


def _individuals(folder: Path) -> list[str]:
    offspring = read_json(folder / RUN / "generation-000/offspring.json", "offspring")
    return [f"individual-{number:02d}" for number in range(len(offspring["individuals"]))]


def _snakemake(folder: Path, targets: Sequence[str], at_once: int, training: Mapping[str, Any]) -> Usage:
    mine = folder / "mine.yaml"
    given = yaml.safe_load((folder / "given.yaml").read_text(encoding="utf-8"))
    mine.write_text(yaml.safe_dump({**given, "training": {**given.get("training", {}), **training}}), encoding="utf-8")
    options = ["--cores", str(CORES), "--resources", f"gpu={at_once}", "--configfile", str(mine)]
    where = ["--snakefile", str(REPOSITORY / "Snakefile"), "--directory", str(folder)]
    command = python("-m", "snakemake", *targets, *where, *options)
    return measure_command(command, folder / "snakemake.log", {}, REPOSITORY)
