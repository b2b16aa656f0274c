"""The plan of a run, in lines."""

from collections.abc import Sequence
from dataclasses import replace

from evocnn.configuration.model import Configuration
from evocnn.planning.probe import Probed
from evocnn.planning.schedule import Duration, Speed, duration
from evocnn.planning.workload import Stage, Workload
from evocnn.report.run_files import generation_sizes


def describe_plan(settings: Configuration, work: Workload, probed: Sequence[Probed], places: int) -> str:
    """What a run trains and takes, and what other settings would save.

    Args:
        settings: the configuration.
        work: its workload.
        probed: networks of the search that were timed.
        places: trainings at the same time.
    """
    speeds = [of.speed for of in probed]
    whole = duration(work, speeds, places, settings.evolution.overlap)
    search, final = sum(generation_sizes(settings.model_dump())), sum(stage.trainings for stage in work.final)
    one = sum(speed.seconds(work, settings.training.epochs) for speed in speeds) / len(speeds)
    epochs = sum(stage.trainings * stage.epochs for stage in [*work.generations, *work.final])
    lines = [
        ("trainings", f"{search} of the search and {final} in full, {epochs:,} epochs together"),
        ("people", ", ".join(f"{count:,} {split}" for split, count in work.people.items())),
        ("a training", f"{_time(one)}, the mean of {len(speeds)} random networks; {_share(speeds, work, settings)}"),
        ("the run", f"{_time(whole.wall)} with {places} at the same time, if no training ends early"),
        ("the trainings", f"{_time(whole.trainings)} one after the other"),
        ("the chain", f"{_time(whole.chain)} however many run at the same time"),
        ("memory", f"{max(of.cost.memory_mb for of in probed) * places:,} MB for {places} trainings"),
        ("GPU memory", f"{max(of.cost.gpu_memory_mb for of in probed):,} MB per training, without CUDA's own"),
        ("disk", f"{work.disk_mb:,.0f} MB for crops and records"),
    ]
    return "\n".join(f"{name:<14} {text}" for name, text in [*lines, *_savings(settings, work, speeds, places, whole)])


def _share(speeds: Sequence[Speed], work: Workload, settings: Configuration) -> str:
    starting = sum(speed.start / speed.seconds(work, settings.training.epochs) for speed in speeds) / len(speeds)
    return f"{starting:.0%} of it until the first step"


def _savings(
    settings: Configuration, work: Workload, speeds: Sequence[Speed], places: int, whole: Duration
) -> list[tuple[str, str]]:
    overlap = settings.evolution.overlap
    halved = tuple(Stage(stage.trainings, max(stage.epochs // 2, 1)) for stage in work.generations)
    options = {
        "half of training.epochs": duration(replace(work, generations=halved), speeds, places, overlap),
        "twice as many at the same time": duration(work, speeds, 2 * places, overlap),
    }
    if not overlap:
        options["evolution.overlap: 1"] = duration(work, speeds, places, 1)
    return [("saved by", f"{name}: {_time(max(whole.wall - of.wall, 0))}") for name, of in options.items()]


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.{int(minutes < 10)}f} min" if minutes < 90 else f"{minutes / 60:.1f} h"
