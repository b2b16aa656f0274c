"""A found network beside networks of the literature: each is trained by the workflow with several seeds."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from scipy.stats import ttest_ind
from snakemake.utils import update_config

from evocnn.evolution.fitness import read_fitness
from evocnn.files import read_json, replacing
from evocnn.report.tables.baselines import Measured, row_of
from evocnn.report.tables.compare import LEVEL, holm
from evocnn_bench.baselines import NAMES
from evocnn_bench.document import PAGES, REPOSITORY, spread, table
from evocnn_bench.kept_rows import add_rows, digest_of, machine_of, read_rows
from evocnn_bench.workflow import run_workflow

EVOLVED = "evolved"
NETWORKS = (EVOLVED, "simple_baselines", "mobilenet_v2", "hourglass", "evopose2d_xs")
AUGMENTATIONS = {"weak": {"scale": 0.15, "rotation": 15}, "strong": {"scale": 0.3, "rotation": 40}}
"""Settings of `training` that each network is trained with once; further seeds have the better one."""
SEEDS = (1, 2, 3)
EPOCHS = 40


def train_all(config: Mapping[str, Any], page: str) -> pd.DataFrame:
    """A row per training, kept in docs/benchmarks/<page>.csv, and the found network in <page>.yaml beside it.

    Args:
        config: of the search.
        page: name of the benchmark.

    Returns:
        Columns of `row_of`, `augmentation` and `seed`; of each network all seeds with the augmentation whose first seed
        has the better score on search-valid.

    Raises:
        ValueError: rows there were made by other code or another configuration, or a run failed.
    """
    founder = _evolved_network(config, PAGES / f"{page}.yaml")
    made_by = {of: digest_of([config, config_of(config, of, 0, Path(founder.name))]) for of in AUGMENTATIONS}
    kept = PAGES / f"{page}.csv"
    rows = read_rows(kept, *made_by.values())

    def train(augmentation: str, seed: int, networks: Sequence[str]) -> pd.DataFrame:
        new = _train(rows, config, founder, (augmentation, seed), networks)
        return add_rows(kept, rows, [{**row, "made_by": made_by[augmentation]} for row in new]) if new else rows

    for augmentation in AUGMENTATIONS:
        rows = train(augmentation, SEEDS[0], NETWORKS)
    better = chosen(rows)
    for seed in SEEDS[1:]:
        for augmentation in AUGMENTATIONS:
            rows = train(augmentation, seed, [network for network in NETWORKS if better[network] == augmentation])
    return rows[rows["augmentation"] == rows["network"].map(better)]


def config_of(config: Mapping[str, Any], augmentation: str, seed: int, founder: Path) -> dict[str, Any]:
    """The configuration of a run that trains the found network, its only individual, and baselines in full."""
    own: dict[str, Any] = {
        "experiment": f"literature-{augmentation}-{seed}",
        "seed": seed,
        "evolution": {"founders": [str(founder)], "generations": 1, "population": 1, "offspring": 1},
        "training": {**AUGMENTATIONS[augmentation], "epochs": 1, "patience": 2},
        "final": {"finalists": 1, "epochs": EPOCHS, "patience": EPOCHS},
        "baselines": {"networks": [*NETWORKS[1:]], "epochs": EPOCHS},
    }
    merged: dict[str, Any] = {}
    update_config(merged, dict(config))
    update_config(merged, own)
    return merged


def chosen(rows: pd.DataFrame) -> dict[str, str]:
    """The augmentation of each network whose first seed has the better score on search-valid."""
    first = rows[rows["seed"] == SEEDS[0]]
    best = first.loc[first.groupby("network")["valid_score"].idxmax()]
    return dict(zip(best["network"], best["augmentation"], strict=True))


def bench_literature(rows: pd.DataFrame) -> str:
    """A table of all networks, and a sentence about each but the evolved one, as Markdown."""
    head = ("", "score on test", "on search-valid", "augmentation", "parameters", "MACs, million", "memory, MB")
    lines: list[tuple[str, ...]] = [(*head, "latency, ms", "training, s")]
    for network in NETWORKS:
        of = rows[rows["network"] == network]
        one = of.iloc[0]
        costs = f"{one['params']:,.0f}", f"{one['macs'] / 1e6:,.1f}", f"{of['peak_memory_mb'].max():,.0f}"
        times = f"{of['latency_ms'].median():.1f}", f"{of['seconds'].mean():,.0f}"
        scores = spread(of["score"]), spread(of["valid_score"])
        lines.append((NAMES[network], *scores, one["augmentation"], *costs, *times))
    machines = " / ".join(rows["machine"].unique())
    return "\n\n".join([table(lines), "\n".join(_verdicts(rows)), f"All trainings with {machines}."])


def _verdicts(rows: pd.DataFrame) -> Iterable[str]:
    scores = {network: of.to_numpy(float) for network, of in rows.groupby("network")["score"]}
    macs = rows.groupby("network")["macs"].first()
    tests = {of: float(ttest_ind(scores[EVOLVED], scores[of], equal_var=False).pvalue) for of in NETWORKS[1:]}
    for network, p in holm(tests).items():
        difference = scores[EVOLVED].mean() - scores[network].mean()
        clear = f"the evolved network is {'better' if difference > 0 else 'worse'}"
        verdict = clear if p < LEVEL else "no clear difference"
        yield (
            f"- {NAMES[network]}: {verdict}, {difference:+.1f} points with {macs[EVOLVED] / macs[network]:.0%} of the "
            f"multiply–accumulates (p = {p:.3f}, Welch's t test, corrected after Holm)."
        )


def _evolved_network(config: Mapping[str, Any], path: Path) -> Path:
    """A file of founders with the best network of the search, which runs where there is no such file."""
    if not path.exists():
        file = Path("results") / config["experiment"] / "final/finalists.json"
        run_workflow(config, [file])
        best = read_json(REPOSITORY / file, "offspring", ["individuals"])["individuals"][0]["genome"]
        with replacing(path) as temporary:
            temporary.write_text(yaml.safe_dump([best], sort_keys=False), encoding="utf-8")
    return path


def _train(
    known: pd.DataFrame, config: Mapping[str, Any], founder: Path, how: tuple[str, int], networks: Sequence[str]
) -> list[dict[str, Any]]:
    """Rows of those networks that have none yet with an augmentation and a seed; a run trains them."""
    augmentation, seed = how
    trained = set(known.reindex(columns=["network", "augmentation", "seed"]).itertuples(index=False, name=None))
    missing = [network for network in networks if (network, augmentation, seed) not in trained]
    if not missing:
        return []
    own = config_of(config, augmentation, seed, founder)
    run = Path("results") / own["experiment"]
    files = {of: run / ("final" if of == EVOLVED else f"baselines/{of}") for of in missing}
    run_workflow(own, [at / "score.json" for at in files.values()])
    rows = []
    for network, at in files.items():
        fitness, score = (REPOSITORY / at / name for name in ("fitness.json", "score.json"))
        machine = machine_of([read_fitness(fitness)])
        row = row_of(Measured(network, fitness, score))
        rows.append({**row, "augmentation": augmentation, "seed": seed, "machine": machine})
    return rows
