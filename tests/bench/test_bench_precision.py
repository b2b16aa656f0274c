"""The benchmark of precisions measures something."""

import pytest

from evocnn_bench.precision import WAYS, bench_precision


@pytest.mark.slow
def test_every_way_is_measured_against_float32(monkeypatch):
    ways = {name: WAYS[name] for name in ("float32", "mixed_bfloat16")}
    monkeypatch.setattr("evocnn_bench.precision.SIZE", 32)
    monkeypatch.setattr("evocnn_bench.precision.WAYS", ways)
    _, _, *rows = (line.strip("| ").split(" | ") for line in bench_precision(steps=2, rounds=1).splitlines())
    assert [row[0] for row in rows] == list(ways)
    assert rows[0][1:3] == ["1.00", "1.00"]
    assert all(float(value.replace(",", "")) > 0 for row in rows for value in row[1:])
