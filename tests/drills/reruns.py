"""A drill of reruns: random edits of a finished small run, each compared with a fresh run of the same configuration."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from drill import compare

from evocnn_bench.stubbed import stubbed_workflow

STUB = Path(__file__).with_name("stub_training.py")
RUN = "results/reruns"
TARGETS = ("config.yaml", "tables/individuals.csv", "final/fitness.json")
OF_GENERATION = ("offspring.json", "networks.json", "population.json")
OF_INDIVIDUAL = ("fitness.json", "history.csv")
START: dict[str, dict[str, Any]] = {
    "dataset": {"input_size": 32, "labels": "labels.yaml"},
    "toy": {"train_people": 24, "valid_people": 8},
    "evolution": {"generations": 2, "population": 2, "offspring": 2},
    "training": {"epochs": 2, "batch_size": 8},
    "limits": {"macs": 2_000_000},
    "jobs": {"time_limit": 100},
    "final": {"finalists": 2},
}


@dataclass(frozen=True)
class Work:
    """A run and what it is made by.

    Attributes:
        folder: of the run, with its labels and its space.
        workflow: the checkout, whose trainings are stubs.
        config: what differs from the defaults.
    """

    folder: Path
    workflow: Path
    config: Mapping[str, Mapping[str, Any]]


Edit = Callable[[Work, random.Random], Work]


def setting(section: str, key: str, *values: Any) -> Edit:
    """Another value of a key."""

    def edit(work: Work, rng: random.Random) -> Work:
        others = [value for value in values if value != work.config.get(section, {}).get(key)]
        changed = {**work.config.get(section, {}), key: rng.choice(others)}
        return replace(work, config={**work.config, section: changed})

    return edit


def line(name: str, before: str, *after: str) -> Edit:
    """Another text of a line in a file of the folder."""

    def edit(work: Work, rng: random.Random) -> Work:
        path = work.folder / name
        text = path.read_text(encoding="utf-8")
        (current,) = (text_line for text_line in text.splitlines() if text_line.strip().startswith(before))
        indent = current[: len(current) - len(current.lstrip())]
        others = [of for of in after if indent + of != current]
        path.write_text(text.replace(current, indent + rng.choice(others)), encoding="utf-8")
        return work

    return edit


def moved_run(work: Work, rng: random.Random) -> Work:
    """The folder of the run has another name."""
    there = work.folder.with_name(f"moved-{rng.randrange(10**6)}")
    return replace(work, folder=work.folder.rename(there))


def moved_workflow(work: Work, rng: random.Random) -> Work:
    """The checkout is a copy elsewhere, whose files are all younger."""
    there = work.workflow.with_name(f"checkout-{rng.randrange(10**6)}")
    return replace(work, workflow=Path(shutil.copytree(work.workflow, there, copy_function=shutil.copy)))


def lost_file(work: Work, rng: random.Random) -> Work:
    """A file of the run is deleted."""
    rng.choice(_results(work)).unlink()
    return work


def touched_file(work: Work, rng: random.Random) -> Work:
    """A file of the run is younger than it was."""
    os.utime(rng.choice(_results(work)))
    return work


def _results(work: Work) -> list[Path]:
    kinds = ("*.json", "*.npy", "*.csv", "*.tfrecord")
    return sorted(path for kind in kinds for path in (work.folder / RUN).rglob(kind))


EDITS: Mapping[str, Edit] = {
    "learning rate": setting("training", "learning_rate", 0.001, 0.002, 0.003),
    "epochs": setting("training", "epochs", 2, 3, 4),
    "offspring": setting("evolution", "offspring", 1, 2, 3),
    "generations": setting("evolution", "generations", 1, 2, 3),
    "mutation": setting("evolution", "mutation", [0.04, 0.04], [0.2, 0.2]),
    "limit of MACs": setting("limits", "macs", 1_500_000, 2_000_000),
    "people": setting("toy", "train_people", 20, 24),
    "share of search-valid": setting("dataset", "valid_fraction", 0.2, 0.3),
    "margin": setting("dataset", "margin", 0.1, 0.2),
    "finalists": setting("final", "finalists", 1, 2),
    "time limit": setting("jobs", "time_limit", 100, 200),
    "threshold of the labels": line("labels.yaml", "threshold:", "threshold: 0.5", "threshold: 0.4"),
    "stride of the space": line(
        "space.yaml", "strides:", "strides: {smallest: 2, largest: 8}", "strides: {smallest: 2, largest: 16}"
    ),
    "run moved": moved_run,
    "checkout moved": moved_workflow,
    "file lost": lost_file,
    "file touched": touched_file,
}


def rerun_drill(folder: Path, edits: int, seed: int) -> list[tuple[str, list[str]]]:
    """Edit a finished run again and again, and run it.

    Returns:
        Of each edit its name, and the files that are not as in a fresh run of the same configuration.
    """
    rng = random.Random(seed)
    work = _prepared(folder)
    run(work)
    outcomes = []
    for number, name in enumerate(_drawn(edits, rng)):
        work = EDITS[name](work, rng)
        fresh = replace(work, folder=folder / f"fresh-{number}")
        fresh.folder.mkdir()
        for own in ("labels.yaml", "space.yaml"):
            shutil.copy(work.folder / own, fresh.folder)
        run(work)
        run(fresh)
        different, _ = compare(fresh.folder / RUN, work.folder / RUN)
        left = {str(path.relative_to(work.folder / RUN)) for path in (work.folder / RUN).rglob("*")}
        left -= {str(path.relative_to(fresh.folder / RUN)) for path in (fresh.folder / RUN).rglob("*")}
        outcomes.append((name, [path for path in different if path not in left]))
        shutil.rmtree(fresh.folder)
    return outcomes


def _drawn(count: int, rng: random.Random) -> list[str]:
    """Every edit once, in any order, and then some again."""
    names = list(EDITS)
    return [*rng.sample(names, min(count, len(names))), *rng.choices(names, k=max(0, count - len(names)))]


def run(work: Work) -> None:
    """Run the search to its tables and its final network."""
    mine = work.folder / "mine.yaml"
    config = {"experiment": "reruns", "space": "space.yaml", **work.config}
    mine.write_text(yaml.safe_dump(config), encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(work.workflow / "Snakefile"), "--quiet", "rules"]
    command += ["--directory", str(work.folder), "--configfile", str(mine), "--cores", "2", "--resources", "gpu=2"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(work.folder / ".cache")}
    done = subprocess.run(
        [*command, "--", *targets(work)], capture_output=True, text=True, env=environment, cwd=work.folder, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def targets(work: Work) -> list[str]:
    """What `rule all` asks for, but for the report and the exports, which stubs cannot make."""
    evolution, names = work.config["evolution"], list(TARGETS)
    for generation in range(evolution["generations"]):
        folder = f"generation-{generation:03d}"
        names += [f"{folder}/{name}" for name in OF_GENERATION]
        size = evolution["offspring" if generation else "population"]
        names += [f"{folder}/individual-{number:02d}/{name}" for number in range(size) for name in OF_INDIVIDUAL]
    return [f"{RUN}/{name}" for name in names]


def _prepared(folder: Path) -> Work:
    workflow = stubbed_workflow(folder / "checkout")
    shutil.copy(STUB, workflow / "scripts/evolution/train.py")
    own = folder / "run"
    own.mkdir()
    shutil.copy(workflow / "config/skeletons/mpii.yaml", own / "labels.yaml")
    shutil.copy(workflow / "config/spaces/tiny.yaml", own / "space.yaml")
    return Work(own, workflow, START)
