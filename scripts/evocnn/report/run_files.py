"""The files of a run that reports are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

SPLITS = ("test", "train", "valid")


@dataclass(frozen=True)
class RunFiles:
    """The files that a report is made of. What has not been made yet is missing.

    Attributes:
        config: the configuration as resolved.
        space: the run's copy of the space file.
        labels: the run's copy of the labels file.
        offspring: offspring files, generation after generation.
        networks: of the same generations.
        populations: population files.
        fitness: fitness files of individuals, each with `history.csv` beside it where there is one.
        trivial: scores of trivial baselines.
        scores: score files of the final network and of baselines, each with `fitness.json` beside it.
        predictions: of the final network on the test split.
        calibration: of the final network's confidences.
        exports: sizes and scores of the final network's exported files.
        test: crops of the test split, pixels (.npy) and labels (.npz).
        manifests: of the splits.
        comparison: what a comparison of several searches says; only where a folder is read, because a run does not wait
            for it.
    """

    config: Path
    space: Path
    labels: Path
    offspring: tuple[Path, ...]
    networks: tuple[Path, ...]
    populations: tuple[Path, ...]
    fitness: tuple[Path, ...]
    trivial: Path | None = None
    scores: tuple[Path, ...] = ()
    predictions: Path | None = None
    calibration: Path | None = None
    exports: Path | None = None
    test: tuple[Path, ...] = ()
    manifests: tuple[Path, ...] = ()
    comparison: Path | None = None

    @property
    def paths(self) -> list[Path]:
        """All of them."""
        values = (getattr(self, field.name) for field in fields(self))
        return [path for value in values for path in (value if isinstance(value, tuple) else [value]) if path]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "RunFiles":
        """From the inputs of a job by the names above, paths as text; others are left out."""
        known = {field.name for field in fields(cls)}
        named: dict[str, Any] = {
            name: Path(paths) if isinstance(paths, str) else tuple(map(Path, paths))
            for name, paths in given.items()
            if name in known
        }
        return cls(**named)

    @classmethod
    def in_folder(cls, folder: Path) -> "RunFiles":
        """Those that the configuration of a run asks for and that exist; the run is finished or in progress.

        Other files of the folder, such as those of generations that are no longer configured, are left out.

        Raises:
            ValueError: the folder holds no run.
        """
        config = read_run_config(folder / "config.yaml")
        generations = [folder / f"generation-{number:03d}" for number in range(len(generation_sizes(config)))]
        whole = folder.parents[1] if folder.parent.name == "compare" else folder  # has the data of its searches
        scored = [folder / "final", *(folder / "baselines" / name for name in config["baselines"]["networks"])]
        test = tuple(whole / f"records/test/crops.{ending}" for ending in ("npy", "npz"))
        return cls(
            config=folder / "config.yaml",
            space=_copy(folder, "space", config["space"]),
            labels=_copy(folder, "labels", config["dataset"]["labels"]),
            offspring=_existing(at / "offspring.json" for at in generations),
            networks=_existing(at / "networks.json" for at in generations),
            populations=_existing(at / "population.json" for at in generations),
            fitness=_existing(path for of_generation in fitness_files(folder) for path in of_generation),
            trivial=_if_exists(whole / "baselines/trivial.json"),
            scores=_existing(at / "score.json" for at in scored),
            predictions=_if_exists(folder / "final/predictions.csv"),
            calibration=_if_exists(folder / "final/calibration.json"),
            exports=_if_exists(folder / "final/exports.json"),
            test=test if _existing(test) == test else (),
            manifests=_existing(whole / f"records/{split}/manifest.json" for split in SPLITS),
            comparison=_if_exists(folder / "compare/summary.txt"),
        )


def read_run_config(path: Path) -> dict[str, Any]:
    """The configuration of a run, from its file.

    Raises:
        ValueError: there is no such file.
    """
    if not path.is_file():
        raise ValueError(f"{path.parent}: no config.yaml, so no run; expected a folder such as results/demo, name that")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def generation_sizes(config: Mapping[str, Any]) -> list[int]:
    """How many individuals each generation trains, by the configuration of a run."""
    evolution = config["evolution"]
    return [evolution["population"], *[evolution["offspring"]] * (evolution["generations"] - 1)]


def fitness_files(folder: Path) -> list[list[Path]]:
    """Where the fitness of each individual of a run is or will be, generation by generation, in their order.

    Raises:
        ValueError: the folder holds no run.
    """
    return [
        [folder / f"generation-{generation:03d}/individual-{number:02d}/fitness.json" for number in range(size)]
        for generation, size in enumerate(generation_sizes(read_run_config(folder / "config.yaml")))
    ]


def _copy(folder: Path, kind: str, original: str) -> Path:
    path = folder / kind / Path(original).name
    if not path.is_file():
        raise ValueError(f"{folder}: the run's copy of {original} is missing, expected {path}; run snakemake again")
    return path


def _existing(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(path for path in paths if path.exists())


def _if_exists(path: Path) -> Path | None:
    return path if path.exists() else None
