"""How far a run is, from its files alone: what has ended, runs, or was interrupted, and how long the rest will take."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from statistics import mean
from typing import Any

from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.evolution.rungs import read_rung
from evocnn.report.run_files import generation_sizes, read_run_config

RECENT = 20
"""Trainings whose mean says how fast the run is; of different networks, so that one alone says little."""
SILENT = 120.0
"""Seconds after which a training that writes nothing is taken for interrupted, where epochs are short."""
EPOCHS = 4.0
"""And where they are long: in epochs of this run's trainings. A training writes to its log after every epoch."""


@dataclass(frozen=True)
class Place:
    """A training that the configuration asks for, started or not.

    Attributes:
        generation: its number.
        number: of the individual.
        fitness: how it ended; None before.
        ended: when, in seconds since 1970; None before.
        seconds: that its job took, its start included; 0 before it has ended.
        touched: when it last wrote something; None where it was not started, or has ended.
    """

    generation: int
    number: int
    fitness: Fitness | None
    ended: float | None
    seconds: float
    touched: float | None


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes:
        experiment: its name.
        places: every training of the search, generation after generation.
        bred: generations that have offspring.
        selected: generations that have a population.
        beyond: generations that were selected and are not configured any more.
        preparing: whether Snakemake is at work and no individual has been bred yet.
        final: whether the final network of the configured search was scored.
        running: trainings that are running.
        interrupted: trainings that were started and neither ended nor run.
        samples_per_second: of all that run together; None before the first training has ended.
        seconds_left: until the final network is scored; None before the first training has ended.
    """

    experiment: str
    places: tuple[Place, ...]
    bred: int
    selected: int
    beyond: int
    preparing: bool
    final: bool
    running: tuple[Place, ...]
    interrupted: tuple[Place, ...]
    samples_per_second: float | None
    seconds_left: float | None

    @property
    def ended(self) -> list[Place]:
        """Trainings that have ended, well or not."""
        return [place for place in self.places if place.fitness]

    @property
    def outcomes(self) -> Counter[str]:
        """How many trainings ended how."""
        return Counter(place.fitness.status for place in self.places if place.fitness)

    @property
    def best(self) -> Place | None:
        """The training with the highest score so far."""
        scored = [place for place in self.places if place.fitness and place.fitness.status == "ok"]
        return max(scored, key=lambda place: _score(place), default=None)


def read_progress(folder: Path, now: float | None = None) -> Progress:
    """Read how far a run is.

    Args:
        folder: of the run, `results/<experiment>`; logs are looked for in `logs/<experiment>` beside `results`.
        now: seconds since 1970; None for the clock's.

    Raises:
        ValueError: the folder holds no run, or a file is damaged.
    """
    now = time.time() if now is None else now
    config = read_run_config(folder / "config.yaml")
    sizes = generation_sizes(config)
    places = tuple(
        _place(folder, generation, number) for generation, size in enumerate(sizes) for number in range(size)
    )
    trained = [place for place in places if place.fitness and place.fitness.status != "exhausted"]
    recent = sorted(trained, key=lambda place: place.ended or 0.0)[-RECENT:]
    started = [place for place in places if not place.fitness and place.touched is not None]
    deadline = now - max(SILENT, EPOCHS * _epoch_seconds(recent))
    live = _session(folder)
    running = tuple(place for place in started if live and (place.touched or 0.0) >= deadline)
    bred, selected = (_generations_with(folder, f"{kind}.json", len(sizes)) for kind in ("offspring", "population"))
    final = (folder / "final/score.json").exists() and selected == len(sizes)
    return Progress(
        experiment=config["experiment"],
        places=places,
        bred=bred,
        selected=selected,
        beyond=len(list(folder.glob("generation-*/population.json"))) - selected,
        preparing=live and not bred,
        final=final,
        running=running,
        interrupted=tuple(place for place in started if place not in running),
        samples_per_second=_speed(recent, len(running)),
        seconds_left=_seconds_left(recent, places, running, config, now) if recent and not final else None,
    )


def _place(folder: Path, generation: int, number: int) -> Place:
    at = folder / f"generation-{generation:03d}/individual-{number:02d}"
    path = at / "fitness.json"
    if path.exists():
        modified = path.stat().st_mtime
        fitness = _read(path, modified)
        return Place(generation, number, fitness, modified, _seconds(folder, generation, number, fitness), None)
    # Training keeps what it has reached in `state`, and goes on from there where it was interrupted.
    written = [_beside(folder, "logs", generation, number, ".log")]
    for job in (at, *_on_rungs(at.parent, number)):
        written += [*job.glob("state"), *job.glob("state/**/*"), *job.glob("fitness.json")]
    return Place(generation, number, None, None, 0.0, max(filter(None, map(_modified, written)), default=None))


def _on_rungs(generation: Path, number: int) -> list[Path]:
    """Folders of an individual's trainings where they pause at rungs."""
    entered = [read_rung(path) for path in sorted(generation.glob("rung-*.json"))]
    higher = [
        generation / f"rung-{rung.rung}/{rung.numbers.index(number):02d}" for rung in entered if number in rung.numbers
    ]
    return [generation / f"rung-0/{number:02d}", *higher]


def _generations_with(folder: Path, name: str, generations: int) -> int:
    """How many of a run's generations have a file of a name."""
    return sum((folder / f"generation-{number:03d}" / name).exists() for number in range(generations))


@cache
def _read(path: Path, modified: float) -> Fitness:
    """A fitness file, read once as long as it does not change."""
    return read_fitness(path)


def _modified(path: Path) -> float | None:
    """When a file was last written; None for one that is not there, or no longer: trainings go on meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


def _beside(folder: Path, kind: str, generation: int, number: int, ending: str) -> Path:
    """A file of an individual's job in `logs` or `benchmarks`."""
    results = _results(folder)
    jobs = results.parent / kind / folder.relative_to(results)
    return jobs / f"generation-{generation:03d}/individual-{number:02d}{ending}"


def _results(folder: Path) -> Path:
    """The folder that runs are in; that of a comparison's search lies deeper."""
    return next((parent for parent in folder.parents if parent.name == "results"), folder.parent)


def _session(folder: Path) -> bool:
    """Whether Snakemake may be at work here: it holds locks as long as it is, and removes them at its end.

    Where there is no folder of Snakemake, the files of the trainings alone show which ones run.
    """
    home = _results(folder).parent / ".snakemake"
    return not home.is_dir() or any(home.glob("locks/*"))


def _score(place: Place) -> float:
    return place.fitness.objectives["score"] if place.fitness else 0.0


def _seconds(folder: Path, generation: int, number: int, fitness: Fitness) -> float:
    """By Snakemake's benchmark of the job's last attempt, or by the training's own clock where that says more."""
    trained = sum((fitness.training.get("seconds") or {}).values())
    path = _beside(folder, "benchmarks", generation, number, ".tsv")
    try:
        return max(trained, float(path.read_text(encoding="utf-8").splitlines()[1].split("\t")[0]))
    except (OSError, IndexError, ValueError):
        return trained


def _epoch_seconds(places: Sequence[Place]) -> float:
    epochs = [
        p.seconds / p.fitness.training["epochs"] for p in places if p.fitness and p.fitness.training.get("epochs")
    ]
    return mean(epochs) if epochs else 0.0


def _speed(recent: Sequence[Place], running: int) -> float | None:
    speeds = [p.fitness.training.get("samples_per_second") for p in recent if p.fitness]
    known = [speed for speed in speeds if speed]
    return mean(known) * running if known else None


def _seconds_left(
    recent: Sequence[Place], places: Sequence[Place], running: Sequence[Place], config: dict[str, Any], now: float
) -> float:
    """Trainings that are to come at the mean of recent ones, as many at once as now, and then the finalists.

    What those that run have done already counts half a training each: they have started at different times.
    """
    each, at_once = mean(place.seconds for place in recent), max(len(running), 1)
    open_places = sum(place.fitness is None for place in places) - len(running) / 2
    final = each * config["final"]["epochs"] / config["training"]["epochs"]
    return each * max(open_places, 0.0) / at_once + final * ceil(config["final"]["finalists"] / at_once)
