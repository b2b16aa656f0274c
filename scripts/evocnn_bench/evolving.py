"""Evolving against drawing at random on real images, from the files of `snakemake compare`."""

import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.files import replacing
from evocnn.report.run_files import fitness_files, read_run_config
from evocnn_bench.document import table

IMAGES_PER_CLASS = 1000
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip, so that its bytes are always the same."""


@dataclass(frozen=True)
class Searched:
    """A search: its fitness files in the order of its individuals, generation by generation, and of its finalists.

    Attributes:
        strategy: of the search.
        seed: of the search.
        generations: the fitness of each individual, generation by generation.
        finalists: the fitness of their trainings in full.
        test: score of the final network on the test split, in percent.
    """

    strategy: str
    seed: int
    generations: tuple[tuple[Fitness, ...], ...]
    finalists: tuple[Fitness, ...]
    test: float

    @property
    def trainings(self) -> list[Fitness]:
        """Of all individuals, and of the finalists."""
        return [fitness for part in (*self.generations, self.finalists) for fitness in part]


def draw_part(data: Path, folder: Path) -> None:
    """Put 1,000 training images per class into `folder`/train.zip, and the whole test.zip beside it, as a link.

    Args:
        data: folder with train.zip and test.zip; in each a folder per class.
        folder: to write to; files that are there stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "test.zip").exists():
        (folder / "test.zip").symlink_to((data / "test.zip").resolve())
    if (folder / "train.zip").exists():
        return
    with zipfile.ZipFile(data / "train.zip") as whole, replacing(folder / "train.zip") as temporary:
        classes = defaultdict(list)
        for name in sorted(entry for entry in whole.namelist() if not entry.endswith("/")):
            classes[Path(name).parent].append(name)
        with zipfile.ZipFile(temporary, "w") as part:
            for names in classes.values():
                step = max(len(names) // IMAGES_PER_CLASS, 1)
                for name in names[::step][:IMAGES_PER_CLASS]:
                    part.writestr(zipfile.ZipInfo(name, EPOCH), whole.read(name))


def bench_evolving(run: Path) -> str:
    """Tables of all searches of a comparison and of the best score by epochs, and the test of their difference."""
    searches = read_searches(run)
    return "\n\n".join([_of_strategies(searches), read_verdict(run), _by_epochs(searches)])


def read_searches(run: Path) -> list[Searched]:
    """All searches of a comparison, those of the strategy in question first."""
    compared: list[Any] = pd.read_csv(run / "tables/compare.csv").to_dict("records")
    return [_read_search(run / "compare", row["strategy"], row["seed"], row["score"]) for row in compared]


def read_verdict(run: Path) -> str:
    """What a comparison says of the final networks, as a list."""
    verdict = (run / "compare/summary.txt").read_text(encoding="utf-8").splitlines()
    sentences = "\n".join(f"- {line.strip()}" for line in verdict[1:])
    return f"Final networks on test:\n\n{sentences}"


def _read_search(folder: Path, strategy: str, seed: int, test: float) -> Searched:
    at = folder / f"{strategy}-{seed}"
    generations = tuple(tuple(map(read_fitness, of_generation)) for of_generation in fitness_files(at))
    places = range(read_run_config(at / "config.yaml")["final"]["finalists"])
    finalists = tuple(read_fitness(at / f"final/finalist-{place:02d}/fitness.json") for place in places)
    return Searched(strategy, seed, generations, finalists, test)


def _of_strategies(searches: Sequence[Searched]) -> str:
    head = ("strategy", "generation 0, mean", "last generation, mean", "best", "final, search-valid", "final, test")
    rows: list[tuple[str, ...]] = [(*head, "epochs", "hours of a core")]
    for strategy, group in _by_strategy(searches).items():
        first, last = ([_mean(search.generations[at]) for search in group] for at in (0, -1))
        best = [max(score_of(fitness) for part in search.generations for fitness in part) for search in group]
        finals = [max(map(score_of, search.finalists)) for search in group]
        columns = [first, last, best, finals, [search.test for search in group]]
        epochs, seconds = (np.mean([sum(map(of, search.trainings)) for search in group]) for of in (_epochs, _seconds))
        rows.append((strategy, *map(_spread, columns), f"{epochs:,.0f}", f"{seconds / 3600:.2f}"))
    return table(rows)


def _by_epochs(searches: Sequence[Searched]) -> str:
    """The best score on search-valid after each generation, by the epochs spent until then."""
    spent = np.mean([np.cumsum([sum(map(_epochs, part)) for part in of.generations]) for of in searches], axis=0)
    rows: list[tuple[str, ...]] = [("epochs spent", *(f"{epochs:,.0f}" for epochs in spent))]
    for strategy, group in _by_strategy(searches).items():
        best = [np.maximum.accumulate([max(map(score_of, part)) for part in search.generations]) for search in group]
        rows.append((strategy, *(_spread([values[step] for values in best]) for step in range(len(spent)))))
    return f"The best score on search-valid after each generation:\n\n{table(rows)}"


def _by_strategy(searches: Sequence[Searched]) -> Mapping[str, list[Searched]]:
    groups: dict[str, list[Searched]] = defaultdict(list)
    for search in searches:
        groups[search.strategy].append(search)
    return groups


def score_of(fitness: Fitness) -> float:
    """On search-valid, in percent."""
    return fitness.objectives["score"]


def _mean(generation: Sequence[Fitness]) -> float:
    return float(np.mean([score_of(fitness) for fitness in generation]))


def _epochs(fitness: Fitness) -> int:
    return int(fitness.training.get("epochs", 0))  # a training that failed may lack them


def _seconds(fitness: Fitness) -> float:
    return float(sum(fitness.training.get("seconds", {}).values()))


def _spread(values: Sequence[float]) -> str:
    return f"{np.mean(values):.1f} ± {np.std(values, ddof=1):.1f}" if len(values) > 1 else f"{values[0]:.1f}"
