"""Rungs: trainings pause after so many epochs, and only the best of a generation go on (successive halving).

After Jamieson & Talwalkar, AISTATS 2016, with the individuals of a generation as its arms. How many places a rung has
is known beforehand, so that its trainings are jobs like any others; who has which place is in a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any

from evocnn.evolution.fitness import Fitness, read_fitness, write_fitness
from evocnn.evolution.limited import outgrown
from evocnn.evolution.origin import check_keys
from evocnn.evolution.population import Offspring, read_offspring
from evocnn.evolution.selection import trained_individuals
from evocnn.evolution.settings import EvolutionSettings
from evocnn.evolution.strategies import survive_by_objectives
from evocnn.files import copy_files, read_json, write_json
from evocnn.space.space_file import read_space

FEWEST = 3
"""Individuals that reach the last rung, if a generation has as many."""


@dataclass(frozen=True)
class Rung:
    """Who goes on to a rung.

    Attributes:
        generation: its number.
        rung: its number, from 1; all individuals are in rung 0.
        numbers: of the individuals, by place, the best first; fewer than places where fewer trainings ended well.
        before: the place that each had in the rung below.
    """

    generation: int
    rung: int
    numbers: tuple[int, ...]
    before: tuple[int, ...]


def write_rung(path: Path, rung: Rung) -> None:
    """Write a file of those who go on."""
    places = [
        {"individual": number, "before": before} for number, before in zip(rung.numbers, rung.before, strict=True)
    ]
    write_json(path, "rung", {"generation": rung.generation, "rung": rung.rung, "places": places})


def read_rung(path: Path) -> Rung:
    """Read a file of those who go on.

    Raises:
        ValueError: the file is damaged.
    """
    document = read_json(path, "rung", ["generation", "rung", "places"])
    numbers, befores = (tuple(place[key] for place in document["places"]) for key in ("individual", "before"))
    return Rung(document["generation"], document["rung"], numbers, befores)


def places(count: int, rungs: int, share: float) -> tuple[int, ...]:
    """Places of each rung.

    Args:
        count: individuals of the generation, all in rung 0.
        rungs: number of rungs, 1 or more.
        share: of a rung that goes on, rounded up; `FEWEST` at least.
    """
    sizes = [count]
    for _ in range(rungs - 1):
        sizes.append(min(sizes[-1], max(FEWEST, ceil(sizes[-1] * share - 1e-9))))
    return tuple(sizes)


def promote(
    output: Path,
    *,
    space: Path,
    offspring: Path,
    fitness: Sequence[Path],
    below: Path | None,
    count: int,
    settings: EvolutionSettings,
    jobs: Mapping[str, float | None],
) -> None:
    """Write who goes on to a rung: the best of the rung below by their scores there, as selection ranks them.

    Args:
        output: file of the rung.
        space: space file.
        offspring: offspring file of the generation.
        fitness: fitness files of the rung below, by place.
        below: file of the rung below; None where that is rung 0.
        count: places of the rung.
        settings: of the search.
        jobs: limits of trainings, by key of the section `jobs`.

    Raises:
        RuntimeError: outcomes that a lower limit made were removed, to be tried again.
        ValueError: a file is damaged or of another training.
    """
    declared = read_space(space)
    bred = read_offspring(offspring, declared)
    measured = [(path, read_fitness(path)) for path in fitness]
    check_keys(measured)
    remove_outgrown(measured, jobs)
    entered = read_rung(below) if below else rung_zero(bred)
    of_rung = Offspring(bred.generation, tuple(bred.individuals[number] for number in entered.numbers), {})
    trained = trained_individuals(of_rung, [outcome for _, outcome in measured], settings)
    best = [survivor.individual.number for survivor in survive_by_objectives((), trained, count)]
    before = tuple(entered.numbers.index(number) for number in best)
    write_rung(output, Rung(bred.generation, entered.rung + 1, tuple(best), before))


def settle(
    fitness: Sequence[Path],
    history: Sequence[Path],
    *,
    space: Path,
    offspring: Path,
    rungs: Sequence[Path],
    trained: Sequence[Sequence[Path]],
    epochs: Sequence[int],
    checkpoints: Sequence[Path] = (),
    jobs: Mapping[str, float | None],
) -> None:
    """Write the fitness and history of every individual of a generation: those of the last rung that it has reached.

    The fitness also says which one that was, and the score after each, as pairs of epochs and score. The states that
    trainings went on from are deleted at the end.

    Args:
        fitness: files to write, by individual.
        history: files to write, by individual.
        space: space file.
        offspring: offspring file of the generation.
        rungs: files of the rungs from 1 on.
        trained: fitness files of each rung from 0 on, by place, with the history beside each.
        epochs: at the end of each rung.
        checkpoints: folders of states.
        jobs: limits of trainings, by key of the section `jobs`.

    Raises:
        RuntimeError: outcomes that a lower limit made were removed, to be tried again.
        ValueError: a file is damaged or of another training.
    """
    measured = [[(path, read_fitness(path)) for path in of_rung] for of_rung in trained]
    everyone = [pair for of_rung in measured for pair in of_rung]
    check_keys(everyone)
    remove_outgrown(everyone, jobs)
    entered = [rung_zero(read_offspring(offspring, read_space(space))), *map(read_rung, rungs)]
    for number, (output, curve) in enumerate(zip(fitness, history, strict=True)):
        course = [
            (rung, *of_rung[who.numbers.index(number)])
            for rung, (who, of_rung) in enumerate(zip(entered, measured, strict=True))
            if number in who.numbers
        ]
        rung, path, outcome = course[-1] if course else (0, *measured[0][number])
        scores = [[epochs[at], passed.objectives["score"]] for at, _, passed in course if passed.status == "ok"]
        copy_files([path.with_name("history.csv")], [curve])
        write_fitness(output, _of_rung(outcome, rung, scores))
    for folder in checkpoints:
        for file in folder.glob("*.npz"):
            file.unlink()


def rung_zero(bred: Offspring) -> Rung:
    """Rung 0: every individual at its own place."""
    numbers = tuple(individual.number for individual in bred.individuals)
    return Rung(bred.generation, 0, numbers, numbers)


def remove_outgrown(measured: Sequence[tuple[Path, Fitness]], jobs: Mapping[str, float | None]) -> None:
    """Remove outcomes that a lower limit made, so that their trainings are tried again.

    Raises:
        RuntimeError: there were some.
    """
    if tried_again := outgrown(measured, jobs):
        for path in tried_again:
            path.unlink()
        names = ", ".join(path.parent.name for path in tried_again)
        raise RuntimeError(
            f"{tried_again[0].parent.parent}: the limits that ended the trainings of {names} are higher now, so their "
            "outcomes are removed; run the same command again to continue them"
        )


def _of_rung(outcome: Fitness, rung: int, scores: list[Any]) -> Fitness:
    training = {**outcome.training, "rung": rung, "rungs": scores}
    if "attempts" in training:  # each stage is one, and only more are attempts that failed
        training["attempts"] = max(training["attempts"] - rung, 1)
    return replace(outcome, training=training)
