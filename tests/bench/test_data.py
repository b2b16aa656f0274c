"""The benchmark of the input pipeline measures something."""

import re

import pytest

from evocnn_bench.data import bench_data


@pytest.mark.slow
def test_a_small_benchmark_has_every_number(tmp_path):
    text = bench_data(tmp_path, people=32, rounds=1, sizes=(32,))
    rows = dict(re.findall(r"^\| (.*?) \| (.*?) \|$", text, re.MULTILINE))
    speeds = {name: float(rows[key].replace(",", "")) for key in rows for name in "ac" if key.startswith(f"({name})")}
    assert speeds["c"] > speeds["a"] > 0
    assert len(rows) == 10
