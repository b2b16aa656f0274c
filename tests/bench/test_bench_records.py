"""The benchmark of the record jobs measures something, and they stay small."""

import re

import pytest

from evocnn_bench.records import bench_records


@pytest.mark.slow
def test_jobs_need_well_under_a_gigabyte(tmp_path):
    text = bench_records(tmp_path, people=8_000)
    rows = re.findall(r"^\| (\w+), .*? \| (\d+) \| ([\d.]+) \|$", text, re.MULTILINE)
    assert [name for name, _, _ in rows] == ["read_people", "write_shard", "decode_records"]
    for _, megabytes, _ in rows:
        assert 20 < float(megabytes) < 500
