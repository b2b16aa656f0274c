"""The page of networks of the literature: its tables and sentences, from rows worked out by hand."""

import pandas as pd
import pytest

from evocnn_bench import literature
from evocnn_bench.literature import EPOCHS, EVOLVED, NAMES, bench_literature, epochs_of, train_literature
from evocnn_bench.trainings import Study

MACS = {EVOLVED: 3_000_000, "simple_baselines": 30_000_000, "hourglass": 10_000_000}
MACS |= {"mobilenet_v2": 4_000_000, "evopose2d_xs": 4_000_000}


def rows_of(networks):
    """Three seeds each, one point apart: 30 for the evolved network, 20 for the others, and a point per 40 epochs."""
    return pd.DataFrame(
        [
            {
                "network": network,
                "augmentation": "weak" if epochs == EPOCHS else "strong",
                "seed": seed,
                "epochs": epochs,
                "score": {EVOLVED: 30.0, "hourglass": 33.0}.get(network, 20.0) + seed + epochs / 40,
                "valid_score": 10.0 + seed,
                "params": 1000,
                "macs": MACS[network],
                "peak_memory_mb": 900,
                "latency_ms": 2.0,
                "seconds": 2.5 * epochs,
                "machine": "CPU, keras 3",
            }
            for network, epochs in networks
            for seed in (1, 2, 3)
        ]
    )


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """What is trained in each step."""
    steps = []
    monkeypatch.setattr(
        literature, "better_augmentation", lambda _, networks, seeds: steps.append(networks) or rows_of(networks)
    )
    return steps


def study(tmp_path):
    return Study(tmp_path / "page.csv", {}, {}, [name for name in NAMES if name != EVOLVED], {}, EPOCHS)


def test_the_evolved_network_is_trained_with_the_computing_of_each_other(asked, tmp_path):
    train_literature(study(tmp_path))
    equal = [(network, 40) for network in NAMES]
    assert asked[0] == equal
    # 40 epochs of 30, 4, 10 and 4 million are 400, 53.3, 133.3 and 53.3 epochs of 3 million.
    assert asked[1] == [*equal, (EVOLVED, 400), (EVOLVED, 53), (EVOLVED, 133), (EVOLVED, 53)]


def test_no_epoch_more_than_the_other_network_pays_for():
    assert epochs_of({EVOLVED: 12_000_000, "hourglass": 89_900_000}, "hourglass") == 299


def test_the_page_has_a_table_and_a_sentence_per_network_for_epochs_and_for_computing(asked, tmp_path):
    text = bench_literature(train_literature(study(tmp_path)))
    equal, computing = text.split("## Equal computing")
    assert "| **evolved** | 33.0 ± 1.0 | 12.0 ± 1.0 | weak | 1,000 | 3.0 | 900 | 2.0 | 100 |" in equal
    assert (
        "- Hourglass, 1 stack: the evolved network is worse, -3.0 points with 30% of the computing (p = 0.02" in equal
    )
    assert "- EvoPose2D-XS: the evolved network is better, +10.0 points with 75% of the computing" in equal
    assert (
        "- Simple Baselines, ResNet-50: the evolved network is better, +19.0 points with 100% of the computing" in text
    )
    assert "(p < 0.001, Welch's t test, corrected after Holm)" in computing
    assert "| Simple Baselines, ResNet-50 | 23.0 ± 1.0 | 100 | 400 | strong | 42.0 ± 1.0 | 1,000 |" in computing
    assert "| Hourglass, 1 stack | 36.0 ± 1.0 | 100 | 133 | strong | 35.3 ± 1.0 | 332 |" in computing
    assert "- Hourglass, 1 stack: no clear difference, -0.7 points with 100% of the computing (p = 0.4" in computing
    assert "All trainings with CPU, keras 3." in computing
