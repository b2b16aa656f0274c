"""The plots of a search: what they say, and that the same files give the same bytes."""

import pytest

from evocnn.files import write_json
from evocnn.report.charts.plots import draw_plots
from evocnn.report.run_files import RunFiles


@pytest.fixture
def plot(run):
    def draw(name: str, chart: str = "fitness") -> str:
        output = run.folder / "plots" / name
        draw_plots(RunFiles.in_folder(run.folder), {chart: output})
        return output.read_text()

    return draw


def test_texts(plot):
    text = plot("fitness.svg")
    for expected in (
        ">generation<",
        ">PCKh@0.5 on search-valid, %<",
        ">mean pose 12.5<",
        ">best so far<",
        ">diverged<",
    ):
        assert expected in text


def test_every_chart_is_drawn(run, plot):
    costs = {"params": ">parameters<", "macs": ">multiply–accumulates for one prediction<"}
    for chart, expected in {
        **costs,
        "memory_mb": ">predicted training memory, MB<",
        "lineage": ">PCKh@0.5, %<",
        "operations": ">share of the survivors' blocks, %<",
        "outcomes": ">trainings<",
    }.items():
        assert expected in plot(f"{chart}.svg", chart), chart


def test_reproducible(plot):
    assert plot("one.svg") == plot("other.svg")


def test_follows_the_scores(run, plot):
    before = plot("one.svg")
    write_json(run.trivial, "trivial", {"metric": "PCKh@0.5", "trivial": {"mean pose": {"valid": {"mean": 13.5}}}})
    assert plot("other.svg") != before


def test_mean_pose_without_score(run, plot):
    write_json(run.trivial, "trivial", {"metric": "PCKh@0.5", "trivial": {"mean pose": {"valid": {"mean": None}}}})
    assert "mean pose" not in plot("fitness.svg")


def test_nothing_to_plot_is_said(run, plot):
    for path in run.folder.glob("generation-*/*"):
        if path.is_dir():
            (path / "fitness.json").unlink()
    with pytest.raises(ValueError, match="no training ended well"):
        plot("fitness.svg")
