"""The benchmark of spaces, on networks so small that their scores say nothing."""

import pytest

from evocnn.bench import spaces

OVERLAY = {
    "dataset": {"input_size": 32},
    "toy": {"train_people": 60, "valid_people": 10},
    "training": {"epochs": 1, "batch_size": 8},
}


@pytest.mark.slow
def test_random_networks_of_each_space_are_trained(monkeypatch):
    limits = {"params": 5_000_000, "macs": 96_000_000}
    monkeypatch.setattr(spaces, "SPACES", {"tiny": limits, "default": limits})
    head, _, *rows = spaces.bench_spaces(2, 2, OVERLAY).splitlines()
    assert head.count("|") == 7
    assert [row.split(" | ")[0] for row in rows] == ["| tiny", "| default"]
