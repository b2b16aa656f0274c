"""What there is of a run, finished or not, read from its files."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring, Population, read_offspring, read_population
from evocnn.files import read_json
from evocnn.report.run_files import RunFiles, generation_sizes, read_run_config
from evocnn.space.network import Network
from evocnn.space.network_file import Networks
from evocnn.space.space import Space
from evocnn.space.space_file import read_space
from evocnn.tasks.calibration import Calibration, read_calibration
from evocnn.tasks.task import Task, read_task

TESTED = ", p = "
"""Of the lines of a comparison's summary.txt, those that hold a test."""
DRAWN = ("epoch", "loss", "score")
"""Columns of history.csv that charts need; earlier versions wrote fewer of the others."""


@dataclass(frozen=True)
class Training:
    """An individual whose training has ended.

    Attributes:
        individual: that was trained.
        fitness: how the training ended.
        folder: of its files.
    """

    individual: Individual
    fitness: Fitness
    folder: Path

    def history(self) -> list[dict[str, float]]:
        """A row per epoch; none where there is no history.

        Raises:
            ValueError: the file is damaged; the text names it.
        """
        path = self.folder / "history.csv"
        if not path.exists():
            return []
        # pandas would take longer than everything else that is read of an individual.
        try:
            with path.open(encoding="utf-8") as file:
                rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
            if any(not {*DRAWN} <= {*row} for row in rows):
                raise ValueError(f"expected the columns {', '.join(DRAWN)}")
        except (ValueError, TypeError, csv.Error) as error:  # a cell too many or too few is no text
            remedy = f"delete the folder {self.folder} and run snakemake again"
            raise ValueError(f"{path}: expected a number for each epoch, found damage ({error}); {remedy}") from error
        return rows


@dataclass(frozen=True)
class Generation:
    """What there is of a generation.

    Attributes:
        offspring: the individuals that were bred.
        trainings: those that have ended, in the order of the individuals.
        exhausted: number of places without an individual, because the space has no further network for them.
        population: the survivors; None before they are selected.
    """

    offspring: Offspring
    trainings: tuple[Training, ...]
    exhausted: int
    population: Population | None


@dataclass(frozen=True)
class Run:
    """What there is of a run.

    Attributes:
        files: that it was read from.
        config: the configuration as resolved.
        space: that genomes are of, without the run's own code, which may be another person's.
        task: what is predicted.
        generations: from the first; those that are bred.
    """

    files: RunFiles
    config: dict[str, Any]
    space: Space
    task: Task
    generations: tuple[Generation, ...]

    @property
    def planned(self) -> int:
        """How many trainings the configuration asks for, without the final one."""
        return sum(generation_sizes(self.config))

    @property
    def trainings(self) -> list[Training]:
        """All that have ended, in the order in which their individuals were bred."""
        return [training for generation in self.generations for training in generation.trainings]

    @property
    def population(self) -> Population | None:
        """The last one selected."""
        return next((g.population for g in reversed(self.generations) if g.population), None)

    def network(self, individual: Individual) -> Network:
        """What an individual's genome decodes to, as its generation stored it.

        Raises:
            ValueError: the file of the generation's networks is missing, damaged, or lacks it.
        """
        folder = f"generation-{individual.generation:03d}"
        file = self._network_files.get(folder)
        network = self._networks(file).read(individual.network_id) if file else None
        if network is None:
            raise ValueError(
                f"{self.files.config.parent}: {folder}/networks.json lacks the network {individual.network_id}; delete "
                "the folder's offspring.json and run snakemake again"
            )
        return network

    @cached_property
    def _network_files(self) -> Mapping[str, Path]:
        return {path.parent.name: path for path in self.files.networks}

    @cached_property
    def _networks(self) -> Callable[[Path], Networks]:
        """Reads a file of networks, and keeps the last one: networks of a generation are asked for together."""
        return lru_cache(maxsize=1)(Networks)

    @property
    def calibration(self) -> Calibration | None:
        """Of the final network's confidences; None before they are measured."""
        return read_calibration(self.files.calibration) if self.files.calibration else None

    @property
    def exports(self) -> dict[str, dict[str, Any]]:
        """Sizes and scores of the final network's exported files by format; empty before they are measured."""
        return read_json(self.files.exports, "exports", ["formats"])["formats"] if self.files.exports else {}

    @property
    def comparison(self) -> list[str]:
        """What a comparison of several searches says of each pair of strategies; empty where there is none."""
        lines = self.files.comparison.read_text(encoding="utf-8").splitlines() if self.files.comparison else []
        return [line.strip() for line in lines if TESTED in line]

    @property
    def final(self) -> Fitness | None:
        """Of the final network's training; None before it was scored."""
        path = next((path for path in self.files.scores if path.parent.name == "final"), None)
        return read_fitness(path.with_name("fitness.json")) if path else None

    @property
    def trivial(self) -> dict[str, dict[str, Any]]:
        """Scores of trivial baselines, by name and split; empty where there are none yet."""
        return read_json(self.files.trivial, "trivial")["trivial"] if self.files.trivial else {}

    @property
    def manifests(self) -> dict[str, dict[str, Any]]:
        """Manifests by the name of their split, those that there are."""
        return {path.parent.name: read_json(path, "manifest") for path in self.files.manifests}


def read_run(files: RunFiles) -> Run:
    """Read a run.

    Raises:
        ValueError: a file is damaged.
    """
    space = read_space(files.space, own_code=False)
    trained: dict[int, dict[int, Path]] = {}
    for path in files.fitness:
        trained.setdefault(_number(path.parent), {})[int(path.parent.name.split("-")[1])] = path.parent
    offspring = [read_offspring(path, space) for path in files.offspring]
    bred = {individual.network_id: individual for of_one in offspring for individual in of_one.individuals}
    populations = {_number(path): read_population(path, space, bred) for path in files.populations}
    return Run(
        files=files,
        config=read_run_config(files.config),
        space=space,
        task=read_task(files.labels),
        generations=tuple(
            _generation(of_one, trained.get(of_one.generation, {}), populations.get(of_one.generation))
            for of_one in offspring
        ),
    )


def _number(path: Path) -> int:
    """Number of the generation whose folder a file or folder is in."""
    return int(path.parent.name.split("-")[1])


def _generation(offspring: Offspring, folders: Mapping[int, Path], population: Population | None) -> Generation:
    bred = offspring.individuals
    trainings = [
        Training(individual, read_fitness(folder / "fitness.json"), folder)
        for individual in bred
        if (folder := folders.get(individual.number))
    ]
    return Generation(
        offspring=offspring,
        # Where a generation was bred again, what its place held before is about to be trained again.
        trainings=tuple(t for t in trainings if t.fitness.provenance.get("network_id") == t.individual.network_id),
        exhausted=sum(number >= len(bred) for number in folders),
        population=population,
    )
