"""The text about networks of the literature: the verdict is that of the numbers, whatever they are."""

import pandas as pd
import pytest

from evocnn.files import write_json
from evocnn.space.baselines import BASELINES
from evocnn_bench.baselines import NAMES, bench_baselines, verdict


def measured(evolved_score, evolved_params=90):
    rows = [
        ("evolved", evolved_score, 3.0, evolved_params, 9_000_000, 812, 5.25, 400, 100.0),
        ("simple_baselines", 30.0, 4.0, 1000, 100_000_000, 900, 20.0, 40, 5000.0),
        ("hourglass", 25.0, 1.0, 500, 50_000_000, 850, 15.0, 40, 2100.0),
    ]
    columns = ["network", "score", "standard_error", "params", "macs", "peak_memory_mb", "latency_ms", "epochs"]
    columns += ["seconds"]
    return pd.DataFrame(rows, columns=columns).set_index("network")


def test_every_baseline_has_a_name():
    assert list(NAMES) == ["evolved", *BASELINES]


@pytest.mark.parametrize(
    ("score", "params", "said"),
    [
        (35.0, 90, ("is above every baseline: +5.0 ± 5.0 against", "9.0% of the parameters", ": less than a tenth")),
        (28.0, 90, ("is not above every baseline: -2.0 ± 5.0 against",)),
        (35.0, 100, ("10.0% of the parameters and 9.0% of the MACs", ": not less than a tenth")),
    ],
)
def test_the_verdict_is_that_of_the_numbers(score, params, said):
    text = verdict(measured(score, params).to_dict("index"))
    assert all(part in text for part in said)


def test_the_table_has_trivial_baselines_and_what_the_search_cost(tmp_path):
    (tmp_path / "tables").mkdir()
    table = measured(35.0).assign(network_id=["0" * 11 + "1", "0" * 11 + "2", "0" * 11 + "3"])
    table.reset_index().to_csv(tmp_path / "tables/baselines.csv", index=False)
    pd.DataFrame({"seconds": [1800.0, 1800.0, None]}).to_csv(tmp_path / "tables/individuals.csv", index=False)
    trivial = {"mean pose": {"test": {"mean": 12.34}}}
    write_json(tmp_path / "baselines/trivial.json", "trivial", {"trivial": trivial})
    text = bench_baselines(tmp_path)
    assert "| **evolved** | 35.0 ± 3.0 | 90 | 9.0 | 812 | 5.2 | 400 | 100 |" in text
    assert "| mean pose | 12.3 |" in text
    assert "trained 3 networks in 1.00 hours" in text
    assert "all baselines together took 1.97 hours" in text
