"""Finalists: individuals that are trained in full, before one of them is chosen."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from evocnn.evolution.fitness import read_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring, Survivor, read_offspring, write_offspring
from evocnn.evolution.predictor import MEMORY, Example, at_the_end, learn, posterior_mean
from evocnn.evolution.selection import trained_individuals
from evocnn.evolution.settings import EvolutionSettings
from evocnn.evolution.strategies import rank
from evocnn.files import replacing
from evocnn.space.space import Space
from evocnn.space.space_file import read_space


def nominate(trained: Sequence[Survivor], count: int, space: Space) -> list[Individual]:
    """The best by its score, then those that the predictor expects to score highest: for them, luck counts less.

    Args:
        trained: all individuals whose training ended well, 1 or more.
        count: how many to nominate; fewer where fewer were trained.
        space: of the genomes.
    """
    ranked = sorted(trained, key=rank)[:MEMORY]
    if len(ranked) <= 2:
        return [of.individual for of in ranked[:count]]
    examples = [Example(of.individual.genome, of.individual.features) for of in ranked]
    objectives = at_the_end([of.course or of.objectives[:1] for of in ranked])
    expected = posterior_mean(learn(examples, objectives, space), examples).round(9)
    others = sorted(range(1, len(ranked)), key=lambda at: (-expected[at], at))
    return [ranked[at].individual for at in (0, *others)][:count]


def write_finalists(
    output: Path,
    *,
    space: Path,
    offspring: Sequence[Path],
    fitness: Sequence[Path],
    count: int,
    chosen: Sequence[str],
    settings: EvolutionSettings,
) -> None:
    """Write the finalists as an offspring file: those that are chosen, or see `nominate`.

    Args:
        output: file to write.
        space: space file.
        offspring: offspring files of all generations.
        fitness: fitness files of all their individuals and of places without one, in folders beside those.
        count: how many finalists.
        chosen: network ids of those that the user has chosen; empty to have them nominated.
        settings: of the search.

    Raises:
        ValueError: a file is damaged, or a network that is chosen was not trained with success.
    """
    declared = read_space(space)
    trained = [survivor for file in offspring for survivor in _trained(file, fitness, declared, settings)]
    finalists = _chosen(trained, chosen) if chosen else nominate(trained, count, declared)
    write_offspring(output, Offspring(max(of.generation for of in finalists), tuple(finalists), {}), declared)


def choose_final(
    outputs: Sequence[Path], *, space: Path, finalists: Path, fitness: Sequence[Path], settings: EvolutionSettings
) -> None:
    """Copy what the best finalist's training left; "best" is as in the search, with the scores of full trainings.

    Args:
        outputs: files and folders to write, each with the name that it has beside the fitness.
        space: space file.
        finalists: file of `write_finalists`.
        fitness: of the finalists' trainings, and of places without one.
        settings: of the search.

    Raises:
        RuntimeError: no training of a finalist ended well.
        ValueError: a file is damaged.
    """
    trained = _trained(finalists, fitness, read_space(space), settings)
    if not trained:
        ended = ", ".join(f"{path}: {read_fitness(path).status}" for path in fitness)
        raise RuntimeError(f"no training of a finalist ended well ({ended}); see their logs, final.* and training.*")
    best = min(trained, key=rank)
    folder = next(path.parent for path in fitness if _network_id(path) == best.individual.network_id)
    for output in outputs:
        source = folder / output.name
        if source.is_dir():
            shutil.copytree(source, output, dirs_exist_ok=True)
        else:
            with replacing(output) as temporary:
                shutil.copyfile(source, temporary)


def _chosen(trained: Sequence[Survivor], chosen: Sequence[str]) -> list[Individual]:
    known = {of.individual.network_id: of.individual for of in trained}
    if unknown := [name for name in chosen if name not in known]:
        raise ValueError(
            f"final.individuals has {', '.join(unknown)}, and no training of this search that ended well is of that "
            "network; expected ids of tables/individuals.csv, correct them"
        )
    return [known[name] for name in dict.fromkeys(chosen)]


def _trained(file: Path, fitness: Sequence[Path], space: Space, settings: EvolutionSettings) -> list[Survivor]:
    """The individuals of an offspring file whose training ended well."""
    beside = [read_fitness(path) for path in fitness if path.parent.parent == file.parent]
    return trained_individuals(read_offspring(file, space), beside, settings)


def _network_id(fitness: Path) -> str | None:
    return read_fitness(fitness).provenance["network_id"]
