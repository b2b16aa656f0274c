"""An evolved network beside networks of the literature, each with several seeds: equal epochs, and equal computing."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from scipy.stats import ttest_ind

from evocnn.report.tables.compare import LEVEL, holm
from evocnn_bench.document import PAGES, spread, table
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
    others = {str(name): of for name, of in rows[rows["network"] != EVOLVED].groupby("network")}
    same = dict.fromkeys(others, evolved[evolved["epochs"] == EPOCHS])
    more = {name: evolved[evolved["epochs"] == epochs_of(macs, name)] for name in others}
    machines = " / ".join(rows["machine"].unique())
    return "\n\n".join(
        [
            "## Equal epochs",
            _networks(rows[rows["epochs"] == EPOCHS]),
            "\n".join(_verdicts(others, same)),
            "## Equal computing",
            _pairs(others, more),
            "\n".join(_verdicts(others, more)),
            f"All trainings with {machines}.",
        ]
    )


def macs_of(rows: pd.DataFrame) -> Mapping[str, int]:
    """Multiply–accumulates of each network."""
    return dict(rows.groupby("network")["macs"].first())


def epochs_of(macs: Mapping[str, int], network: str) -> int:
    """Whole epochs of the evolved network that need no more computing than those of another network."""
    return int(EPOCHS * macs[network] // macs[EVOLVED])


def _networks(rows: pd.DataFrame) -> str:
    head = ("", "score on test", "on search-valid", "augmentation", "parameters", "MACs, million", "memory, MB")
    lines: list[tuple[str, ...]] = [(*head, "latency, ms", "training, s")]
    for network, name in NAMES.items():
        of = rows[rows["network"] == network]
        one = of.iloc[0]
        costs = f"{one['params']:,.0f}", f"{one['macs'] / 1e6:,.1f}", f"{of['peak_memory_mb'].max():,.0f}"
        times = f"{of['latency_ms'].median():.1f}", f"{of['seconds'].mean():,.0f}"
        lines.append((name, spread(of["score"]), spread(of["valid_score"]), one["augmentation"], *costs, *times))
    return table(lines)


def _pairs(others: Mapping[str, pd.DataFrame], evolved: Mapping[str, pd.DataFrame]) -> str:
    """A row per network of the literature, with the evolved network of as much computing."""
    head = ("", "score on test", "training, s", "**evolved**, epochs", "augmentation", "score on test")
    lines: list[tuple[str, ...]] = [(*head, "training, s")]
    for network, of in others.items():
        ours = evolved[network]
        both = [(spread(rows["score"]), f"{rows['seconds'].mean():,.0f}") for rows in (of, ours)]
        lines.append((NAMES[network], *both[0], f"{ours['epochs'].iloc[0]}", ours["augmentation"].iloc[0], *both[1]))
    return table(lines)


def _verdicts(others: Mapping[str, pd.DataFrame], evolved: Mapping[str, pd.DataFrame]) -> Iterable[str]:
    tests = {
        name: float(ttest_ind(evolved[name]["score"], of["score"], equal_var=False).pvalue)
        for name, of in others.items()
    }
    for name, p in holm(tests).items():
        difference = evolved[name]["score"].mean() - others[name]["score"].mean()
        clear = f"the evolved network is {'better' if difference > 0 else 'worse'}"
        verdict = clear if p < LEVEL else "no clear difference"
        yield (
            f"- {NAMES[name]}: {verdict}, {difference:+.1f} points with {_computing(evolved[name], others[name]):.0%} "
            f"of the computing (p = {p:.3f}, Welch's t test, corrected after Holm)."
        )


def _computing(rows: pd.DataFrame, others: pd.DataFrame) -> float:
    """Multiply–accumulates of a training, as a share of those of another one."""
    one, other = rows.iloc[0], others.iloc[0]
    return float(one["macs"] * one["epochs"] / (other["macs"] * other["epochs"]))
