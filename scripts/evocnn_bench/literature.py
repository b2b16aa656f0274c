"""An evolved network beside networks of the literature, each with several seeds: equal epochs, and equal computing."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evocnn_bench.document import PAGES, spread, table
from evocnn_bench.kept_rows import machines
from evocnn_bench.network_tables import networks_table, verdicts
from evocnn_bench.trainings import Study, better_augmentation, evolved_network

EVOLVED = "evolved"
NAMES = {
    EVOLVED: "**evolved**",
    "simple_baselines": "Simple Baselines, ResNet-50",
    "mobilenet_v2": "MobileNetV2, 3 deconvolutions",
    "hourglass": "Hourglass, 1 stack",
    "evopose2d_xs": "EvoPose2D-XS",
}
AUGMENTATIONS = {"weak": {"scale": 0.15, "rotation": 15}, "strong": {"scale": 0.3, "rotation": 40}}
SEEDS = (1, 2, 3)
EPOCHS = 40


def study_of(config: Mapping[str, Any]) -> Study:
    """The evolved network of a search, which runs where it is not known, and the networks of the literature."""
    evolved = {EVOLVED: evolved_network(config, PAGES / "literature.yaml")}
    baselines = [name for name in NAMES if name != EVOLVED]
    return Study(PAGES / "literature.csv", config, evolved, baselines, AUGMENTATIONS, EPOCHS)


def train_literature(study: Study) -> pd.DataFrame:
    """A row per network, seed and number of epochs; see `better_augmentation`.

    All networks have equal epochs. The evolved network has in addition, for each of the others, the epochs that its
    multiply–accumulates allow for the computing of the other one.
    """
    equal = [(network, study.epochs) for network in NAMES]
    macs = macs_of(better_augmentation(study, equal, SEEDS))
    more = [(EVOLVED, epochs_of(macs, network)) for network in study.baselines]
    return better_augmentation(study, [*equal, *more], SEEDS)


def bench_literature(rows: pd.DataFrame) -> str:
    """Tables of equal epochs and of equal computing, each with a sentence per network of the literature."""
    macs = macs_of(rows)
    evolved = rows[rows["network"] == EVOLVED]
    others = {name: rows[rows["network"] == name] for name in NAMES if name != EVOLVED}
    same = {NAMES[name]: (evolved[evolved["epochs"] == EPOCHS], of) for name, of in others.items()}
    more = {NAMES[name]: (evolved[evolved["epochs"] == epochs_of(macs, name)], of) for name, of in others.items()}
    return "\n\n".join(
        [
            "## Equal epochs",
            networks_table(rows[rows["epochs"] == EPOCHS], NAMES),
            "\n".join(verdicts(same)),
            "## Equal computing",
            _pairs(more),
            "\n".join(verdicts(more)),
            f"{machines(rows)}.",
        ]
    )


def macs_of(rows: pd.DataFrame) -> Mapping[str, int]:
    """Multiply–accumulates of each network."""
    return dict(rows.groupby("network")["macs"].first())


def epochs_of(macs: Mapping[str, int], network: str) -> int:
    """Whole epochs of the evolved network that need no more computing than those of another network."""
    return int(EPOCHS * macs[network] // macs[EVOLVED])


def _pairs(pairs: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]]) -> str:
    """A row per network of the literature, with the evolved network of as much computing."""
    head = ("", "score on test", "training, s", "**evolved**, epochs", "augmentation", "score on test")
    lines: list[tuple[str, ...]] = [(*head, "training, s")]
    for name, (ours, other) in pairs.items():
        one, both = ours.iloc[0], [(spread(of["score"]), f"{of['seconds'].median():,.0f}") for of in (other, ours)]
        lines.append((name, *both[0], f"{one['epochs']}", one["augmentation"], *both[1]))
    return table(lines)
