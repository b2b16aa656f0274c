"""Evolving against drawing at random on real images, from rows of their searches (searches.py)."""

import zipfile
from collections import defaultdict
from pathlib import Path

import pandas as pd

from evocnn.files import replacing
from evocnn.report.tables.compare import compared
from evocnn_bench.document import spread, table
from evocnn_bench.kept_rows import machines
from evocnn_bench.searches import FINAL

IMAGES_PER_CLASS = 1000
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip, so that its bytes are always the same."""


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


def bench_evolving(rows: pd.DataFrame) -> str:
    """Tables of all searches and of the best score by epochs, and the test of their difference."""
    final = rows[rows["part"] == FINAL]
    tests = {str(name): of.to_numpy(float) for name, of in final.groupby("strategy", sort=False)["test"]}
    sentences = "\n".join(f"- {line.strip()}" for line in [*compared(tests), machines(rows)])
    return "\n\n".join([of_strategies(rows), f"Final networks on test:\n\n{sentences}", _by_epochs(rows)])


def of_strategies(rows: pd.DataFrame) -> str:
    """A row per strategy: means and standard deviations over its searches."""
    head = ("strategy", "generation 0, mean", "last generation, mean", "best", "final, search-valid", "final, test")
    lines: list[tuple[str, ...]] = [(*head, "epochs", "hours of a core, median")]
    for strategy, group in rows.groupby("strategy", sort=False):
        final, searched = group[group["part"] == FINAL], group[group["part"] != FINAL]
        means = searched.groupby("seed")["mean"]
        columns = [means.first(), means.last(), searched.groupby("seed")["best"].max(), final["best"], final["test"]]
        spent = group.groupby("seed")[["epochs", "seconds"]].sum()
        epochs, seconds = spent["epochs"].mean(), spent["seconds"].median()  # others may have used the machine
        lines.append((str(strategy), *map(spread, columns), f"{epochs:,.0f}", f"{seconds / 3600:.2f}"))
    return table(lines)


def _by_epochs(rows: pd.DataFrame) -> str:
    """The best score on search-valid by the epochs spent until then: after each generation of the fewest there are."""
    searched = rows[rows["part"] != FINAL]
    by_search = searched.groupby(["strategy", "seed"], sort=False)
    reached = searched.assign(spent=by_search["epochs"].cumsum(), best=by_search["best"].cummax())
    kinds = [(str(name), of) for name, of in reached.groupby("strategy", sort=False)]
    columns = min((of.groupby("part", sort=False)["spent"].max() for _, of in kinds), key=len)
    lines: list[tuple[str, ...]] = [("epochs spent", *(f"{epochs:,.0f}" for epochs in columns))]
    for name, of in kinds:
        by_then = (of[of["spent"] <= epochs].groupby("seed")["best"].max() for epochs in columns)
        lines.append((name, *map(spread, by_then)))
    return f"The best score on search-valid by epochs spent:\n\n{table(lines)}"
