"""What there is of a run, finished or not, read from its folder."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring, Population, read_offspring, read_population
from evocnn.files import read_json
from evocnn.space.decode import decode
from evocnn.space.network import Network
from evocnn.space.space import Space
from evocnn.space.space_file import read_space
from evocnn.tasks.task import Task, read_task

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Training:
    """An individual whose training has ended.

    Attributes:
        individual: who.
        fitness: how it ended.
        folder: of its files.
    """

    individual: Individual
    fitness: Fitness
    folder: Path

    def history(self) -> list[dict[str, float]]:
        """A row per epoch; none where there is no history."""
        path = self.folder / "history.csv"
        if not path.exists():
            return []
        # pandas would take longer than everything else that is read of an individual.
        with path.open() as file:
            return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


@dataclass(frozen=True)
class Generation:
    """What there is of a generation.

    Attributes:
        offspring: who was bred.
        trainings: of those whose training has ended, in their order.
        exhausted: places that breeding has found no network for.
        population: who survived; None before it is selected.
    """

    offspring: Offspring
    trainings: tuple[Training, ...]
    exhausted: int
    population: Population | None


@dataclass(frozen=True)
class Run:
    """What there is of a run.

    Attributes:
        folder: of the run.
        config: the configuration as resolved.
        space: that genomes are of.
        task: what is predicted.
        labels: file that says so.
        generations: from the first; those that are bred.
    """

    folder: Path
    config: dict[str, Any]
    space: Space
    task: Task
    labels: Path
    generations: tuple[Generation, ...]

    @property
    def planned(self) -> int:
        """How many trainings the configuration asks for, without the final one."""
        evolution = self.config["evolution"]
        return evolution["population"] + evolution["offspring"] * (evolution["generations"] - 1)

    @property
    def trainings(self) -> list[Training]:
        """All that have ended, in the order of their birth."""
        return [training for generation in self.generations for training in generation.trainings]

    @property
    def population(self) -> Population | None:
        """The last one selected."""
        return next((g.population for g in reversed(self.generations) if g.population), None)

    def network(self, individual: Individual) -> Network:
        """What an individual's genome decodes to."""
        return decode(
            individual.genome,
            self.space,
            input_size=self.config["dataset"]["input_size"],
            outputs=self.task.labels.outputs,
            task=self.task.labels.task,
        )

    def document(self, name: str, kind: str) -> dict[str, Any] | None:
        """A JSON document of the run by its path in the folder; None where there is none yet."""
        path = self.folder / name
        return read_json(path, kind) if path.exists() else None


def read_run(folder: Path) -> Run:
    """Read a run.

    Raises:
        ValueError: the folder holds no configuration, or a file is damaged.
    """
    config = read_run_config(folder)
    space, labels = locate(config["space"]), locate(config["dataset"]["labels"])
    declared = read_space(space)
    files = sorted(folder.glob("generation-*/offspring.json"), key=lambda path: int(path.parent.name.split("-")[1]))
    return Run(
        folder=folder,
        config=config,
        space=declared,
        task=read_task(labels),
        labels=labels,
        generations=tuple(_generation(path, declared) for path in files),
    )


def read_run_config(folder: Path) -> dict[str, Any]:
    """The configuration of a run.

    Raises:
        ValueError: there is none.
    """
    path = folder / "config.yaml"
    if not path.is_file():
        raise ValueError(f"{folder}: no config.yaml, so no run; expected a folder such as results/demo, name that")
    return yaml.safe_load(path.read_text())


def locate(path: str) -> Path:
    """A path of the configuration: in the working directory, or else as shipped with the workflow."""
    return Path(path) if Path(path).exists() else REPOSITORY / path


def _generation(path: Path, space: Space) -> Generation:
    offspring, population = read_offspring(path, space), path.with_name("population.json")
    folders = {int(fitness.parent.name.split("-")[1]): fitness.parent for fitness in path.parent.glob("*/fitness.json")}
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
        population=read_population(population, space) if population.exists() else None,
    )
