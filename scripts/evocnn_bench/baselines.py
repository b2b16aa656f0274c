"""What a search has found beside networks of the literature, from the files of a run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evocnn.files import read_json
from evocnn.report.tables.baselines import read_baselines
from evocnn.report.tables.individuals import read_table
from evocnn_bench.document import table

NAMES = {
    "evolved": "**evolved**",
    "simple_baselines": "Simple Baselines, ResNet-50",
    "mobilenet_v2": "MobileNetV2, 3 deconvolutions",
    "hourglass": "Hourglass, 1 stack",
    "evopose2d_xs": "EvoPose2D-XS",
    "ga_cnn_style": "space `ga_cnn`, random genome",
    "resnet_20": "ResNet-20",
    "resnet_56": "ResNet-56",
}
SHARE = 0.1
"""Of the parameters and multiply–accumulates of Simple Baselines: what the evolved network may have."""

Rows = Mapping[str, Mapping[str, Any]]
"""Of `write_baselines`, by the network's name."""


def bench_baselines(run: Path) -> str:
    """A table of all networks of a run, whether the goal was reached, and what the search has cost, as Markdown."""
    measured: Any = read_baselines(run / "tables/baselines.csv").set_index("network").to_dict("index")
    trivial = read_json(run / "baselines/trivial.json", "trivial", ("trivial",))["trivial"]
    rows = [("", "score on test", "parameters", "MACs, million", "memory, MB", "latency, ms", "epochs", "training, s")]
    for name, row in measured.items():
        score = f"{row['score']:.1f} ± {row['standard_error']:.1f}"
        cost = (f"{row['params']:,}", f"{row['macs'] / 1e6:,.1f}", f"{row['peak_memory_mb']:,}")
        effort = (f"{row['epochs']}", f"{row['seconds']:,.0f}")
        rows.append((NAMES[name], score, *cost, f"{row['latency_ms']:.1f}", *effort))
    rows += [(name, f"{scores['test']['mean']:.1f}", *[""] * 6) for name, scores in trivial.items()]
    seconds = read_table(run / "tables/individuals.csv").seconds
    return "\n\n".join([table(rows), verdict(measured), _search(len(seconds), float(seconds.sum()), measured)])


def verdict(measured: Rows) -> str:
    """Whether the evolved network is above every other at less than a tenth of the cost of Simple Baselines."""
    evolved, others = measured["evolved"], {name: row for name, row in measured.items() if name != "evolved"}
    best = max(others, key=lambda name: others[name]["score"])
    margin = evolved["score"] - others[best]["score"]
    error = (evolved["standard_error"] ** 2 + others[best]["standard_error"] ** 2) ** 0.5
    place = "above every" if margin > 0 else "not above every"
    text = (
        f"The evolved network is {place} baseline: {margin:+.1f} ± {error:.1f} against the best of them, "
        f"{NAMES[best]} (one standard error, as if the people of the two scores were others)"
    )
    if "simple_baselines" not in others:
        return f"{text}."
    params, macs = (evolved[name] / others["simple_baselines"][name] for name in ("params", "macs"))
    fits = "less" if max(params, macs) < SHARE else "not less"
    share = f"{params:.1%} of the parameters and {macs:.1%} of the MACs of Simple Baselines"
    return f"{text}, with {share}: {fits} than a tenth."


def _search(trained: int, seconds: float, measured: Rows) -> str:
    """What a baseline has no need of."""
    final = measured["evolved"]["seconds"]
    others = sum(row["seconds"] for row in measured.values()) - final
    return (
        f"The search trained {trained} networks in {seconds / 3600:.2f} hours of one core before the "
        f"{final / 3600:.2f} hours of the final training; all baselines together took {others / 3600:.2f} hours. One "
        "seed each."
    )
