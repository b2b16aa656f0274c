"""The benchmark of precisions measures something."""

import pytest

from evocnn.bench.precision import WAYS, bench_precision


@pytest.mark.slow
def test_every_way_is_measured_against_float32():
    _, _, *rows = (line.strip("| ").split(" | ") for line in bench_precision(steps=2, rounds=1).splitlines())
    assert [row[0] for row in rows] == list(WAYS)
    assert rows[0][1:3] == ["1.00", "1.00"]
    assert all(float(value.replace(",", "")) > 0 for row in rows for value in row[1:])
