"""Trainings in full of evolved networks and of baselines: rows of them, which are kept beside the page."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from snakemake.utils import update_config

from evocnn.evolution.fitness import read_fitness
from evocnn.files import read_json, replacing
from evocnn.report.tables.baselines import Measured, row_of
from evocnn_bench.document import REPOSITORY
from evocnn_bench.kept_rows import add_rows, digest_of, machine_of, read_rows
from evocnn_bench.workflow import run_workflow

KEY = ["network", "augmentation", "seed", "epochs"]


@dataclass(frozen=True)
class Training:
    """A training from random weights: of an evolved network, or of a baseline of the workflow.

    Attributes:
        network: name of an evolved network of the study, or of a baseline.
        augmentation: name of an augmentation of the study.
        seed: of weights and augmentation.
        epochs: all of them are trained.
    """

    network: str
    augmentation: str
    seed: int
    epochs: int


@dataclass(frozen=True)
class Study:
    """Networks that are trained in the same way.

    Attributes:
        rows: CSV file of the trainings, kept beside the page.
        config: of the search of an evolved network; trainings have its data and settings.
        evolved: of each evolved network a file of founders with this network alone.
        baselines: networks of the workflow's section `baselines`.
        augmentations: settings of `training` by the name of the augmentation.
        epochs: of all networks where epochs are equal.
    """

    rows: Path
    config: Mapping[str, Any]
    evolved: Mapping[str, Path]
    baselines: Sequence[str]
    augmentations: Mapping[str, Mapping[str, Any]]
    epochs: int


def evolved_network(config: Mapping[str, Any], path: Path) -> Path:
    """The file of founders with the final network of a search, which runs where there is no such file."""
    if not path.exists():
        final = Path("results") / config["experiment"] / "final"
        run_workflow(config, [final / "finalists.json", final / "fitness.json"])
        finalists = read_json(REPOSITORY / final / "finalists.json", "offspring", ["individuals"])["individuals"]
        network = read_fitness(REPOSITORY / final / "fitness.json").provenance["network_id"]
        (genome,) = [one["genome"] for one in finalists if one["network_id"] == network]
        with replacing(path) as temporary:
            temporary.write_text(yaml.safe_dump([genome], sort_keys=False), encoding="utf-8")
    return path


def better_augmentation(study: Study, networks: Sequence[tuple[str, int]], seeds: Sequence[int]) -> pd.DataFrame:
    """A row per network and seed, all seeds of a network with the augmentation that is better for its first seed.

    Args:
        study: what is trained.
        networks: names, and epochs.
        seeds: the first one is trained with every augmentation, and its score on search-valid decides.

    Returns:
        Columns of `row_of`, and of `KEY`.

    Raises:
        ValueError: see `train_all`.
    """
    both = [Training(name, how, seeds[0], epochs) for name, epochs in networks for how in study.augmentations]
    first = train_all(study, both)
    best = first.loc[
        first.groupby(["network", "epochs"])["valid_score"].idxmax(), ["network", "augmentation", "epochs"]
    ]
    better = list(best.itertuples(index=False, name=None))
    return train_all(study, [Training(name, how, seed, epochs) for seed in seeds for name, how, epochs in better])


def train_all(study: Study, trainings: Sequence[Training]) -> pd.DataFrame:
    """A row per training: those of the study's file, and new ones, which are added to it as soon as they are known.

    As many train at the same time as there are cores, long ones first.

    Raises:
        ValueError: rows of the file were made by other code or another configuration, or a run failed.
    """
    made_by = {how: _made_by(study, how) for how in study.augmentations}
    rows = read_rows(study.rows, *made_by.values())
    trained = set(rows.reindex(columns=KEY).itertuples(index=False, name=None))
    wanted = [*dict.fromkeys(trainings)]
    missing = [one for one in wanted if (one.network, one.augmentation, one.seed, one.epochs) not in trained]
    longest = sorted(missing, key=lambda one: -one.epochs)
    with ThreadPool(len(os.sched_getaffinity(0))) as pool:
        for row in pool.imap_unordered(lambda training: _train(study, training), longest):
            rows = add_rows(study.rows, rows, [{**row, "made_by": made_by[row["augmentation"]]}])
    return pd.DataFrame([asdict(one) for one in wanted]).merge(rows, on=KEY)


def config_of(study: Study, training: Training, founder: Path) -> dict[str, Any]:
    """The configuration of a run whose only individual, and all baselines, are trained in full.

    Args:
        study: what is trained.
        training: how.
        founder: file with the individual.
    """
    own: dict[str, Any] = {
        "experiment": "-".join(map(str, asdict(training).values())),
        "seed": training.seed,
        "evolution": {"founders": [str(founder)], "generations": 1, "population": 1, "offspring": 1},
        "training": {**study.augmentations[training.augmentation], "epochs": 1, "patience": 2},
        "final": {"finalists": 1, "epochs": training.epochs, "patience": training.epochs},
        "baselines": {"networks": [*study.baselines], "epochs": training.epochs},
    }
    merged: dict[str, Any] = {}
    update_config(merged, dict(study.config))
    update_config(merged, own)
    return merged


def _made_by(study: Study, augmentation: str) -> str:
    """See `digest_of`; seeds and epochs are columns of the rows."""
    name, founder = next(iter(study.evolved.items()))
    one = Training(name, augmentation, 0, study.epochs)
    return digest_of([study.config, config_of(study, one, Path(founder.name))])


def _train(study: Study, training: Training) -> dict[str, Any]:
    """The row of a training, which a run of its own trains in a working directory of its own."""
    first, *_ = study.evolved.values()
    own = config_of(study, training, study.evolved.get(training.network, first))
    folder = REPOSITORY / "results" / study.rows.stem / own["experiment"]
    folder.mkdir(parents=True, exist_ok=True)
    of_network = "final" if training.network in study.evolved else f"baselines/{training.network}"
    score = Path("results") / own["experiment"] / of_network / "score.json"
    run_workflow(own, [score], cores=1, folder=folder)
    fitness = folder / score.with_name("fitness.json")
    row = row_of(Measured(training.network, fitness, folder / score))
    return {**row, **asdict(training), "machine": machine_of([read_fitness(fitness)])}
