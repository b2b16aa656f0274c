"""The plot of scores: what it says, and that the same tables give the same bytes."""

import numpy as np
import pytest

from evocnn.files import write_json
from evocnn.report.plots import JITTER, plot_fitness, spread


@pytest.fixture
def plot(run, tables):
    def draw(name: str) -> str:
        output = run.folder / "plots" / name
        plot_fitness(output, individuals=tables[0], generations=tables[1], floors=run.floors)
        return output.read_text()

    return draw


def test_texts(plot):
    text = plot("fitness.svg")
    for expected in (
        ">generation<",
        ">PCKh@0.5 on search-valid, %<",
        ">mean pose 12.5<",
        ">best so far<",
        ">no score: 1 diverged<",
    ):
        assert expected in text


def test_reproducible(plot):
    assert plot("one.svg") == plot("other.svg")


def test_follows_the_scores(run, plot):
    before = plot("one.svg")
    write_json(run.floors, "floors", {"metric": "PCKh@0.5", "floors": {"mean pose": {"valid": {"mean": 13.5}}}})
    assert plot("other.svg") != before


def test_mean_pose_without_score(run, plot):
    write_json(run.floors, "floors", {"metric": "PCKh@0.5", "floors": {"mean pose": {"valid": {"mean": None}}}})
    assert "mean pose" not in plot("fitness.svg")


def test_spread_keeps_individuals_apart():
    offsets = spread(np.arange(20))
    assert np.all(np.abs(offsets) <= JITTER / 2)
    assert np.diff(np.sort(offsets)).min() > 0.25 * JITTER / 20
