"""What a configuration asks for: trainings, their epochs, and the people that they see."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from evocnn.configuration.check import TOY_ROOT
from evocnn.configuration.model import Configuration
from evocnn.dataset.division import SPLITS
from evocnn.dataset.splits import Source, read_split
from evocnn.evolution.rungs import places
from evocnn.files import read_json
from evocnn.labels import read_labels
from evocnn.report.run_files import generation_sizes

CHANNELS = 4
"""Of a crop's pixels, a byte each."""


@dataclass(frozen=True)
class Stage:
    """Trainings that may run at the same time.

    Attributes:
        trainings: their number.
        epochs: of each, if none ends early.
    """

    trainings: int
    epochs: int


@dataclass(frozen=True)
class Workload:
    """What a run trains.

    Attributes:
        generations: of the search, one after the other; with rungs, each is several stages.
        final: the finalists and the baselines.
        people: by split.
        batch_size: people per step.
        disk_mb: crops and records of the people, in MB (10⁶ bytes); records are taken to be half of the crops.
    """

    generations: tuple[Stage, ...]
    final: tuple[Stage, ...]
    people: dict[str, int]
    batch_size: int
    disk_mb: float

    @property
    def steps(self) -> int:
        """Of an epoch."""
        return max(self.people["train"] // self.batch_size, 1)


def workload(settings: Configuration, locate: Callable[[str], str] = str) -> Workload:
    """The workload of a configuration.

    Args:
        settings: the configuration.
        locate: from a path of it to where it lies.

    Raises:
        ValueError: annotations are not in their format.
    """
    people = _people(settings, locate)
    side = settings.dataset.input_size * (1 + 2 * settings.dataset.margin)
    final = (
        Stage(len(settings.final.individuals) or settings.final.finalists, settings.final.epochs),
        Stage(len(settings.baselines.networks), settings.baseline_training.epochs),
    )
    return Workload(
        generations=tuple(
            stage for size in generation_sizes(settings.model_dump()) for stage in _stages(settings, size)
        ),
        final=tuple(stage for stage in final if stage.trainings),
        people=people,
        batch_size=settings.training.batch_size,
        disk_mb=1.5 * sum(people.values()) * CHANNELS * side**2 / 1e6,
    )


def _stages(settings: Configuration, size: int) -> list[Stage]:
    """Those of a generation: one, or one for each rung."""
    evolution = settings.evolution
    ends = [0, *evolution.rungs, settings.training.epochs]
    sizes = places(size, len(ends) - 1, evolution.promote)
    return [Stage(count, end - begin) for count, (begin, end) in zip(sizes, pairwise(ends), strict=True)]


def _people(settings: Configuration, locate: Callable[[str], str]) -> dict[str, int]:
    """From the run's records where there are some, the settings of the toy set, or the annotations."""
    manifests = {split: Path("results", settings.experiment, "records", split, "manifest.json") for split in SPLITS}
    if all(path.is_file() for path in manifests.values()):
        return {split: int(read_json(path, "manifest", ["people"])["people"]) for split, path in manifests.items()}
    dataset = settings.dataset
    if dataset.root == TOY_ROOT:
        valid = round(settings.toy.train_people * dataset.valid_fraction)
        return {"train": settings.toy.train_people - valid, "valid": valid, "test": settings.toy.valid_people}
    root = Path(dataset.root)
    source = Source(
        format=dataset.format,
        train=root / (dataset.train or dataset.train_images),
        test=root / dataset.test if dataset.test else None,
        train_images=root / dataset.train_images,
        test_images=root / dataset.test_images,
        valid_fraction=dataset.valid_fraction,
        test_fraction=dataset.test_fraction,
    )
    labels = read_labels(Path(locate(dataset.labels)))
    return {split: len(read_split(source, split, labels).people) for split in SPLITS}
